// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// plan is what the record uses of terraform show -json: format 1.x, which Terraform and
// OpenTofu write.
type plan struct {
	file             File
	at               time.Time
	FormatVersion    string `json:"format_version"`
	TerraformVersion string `json:"terraform_version"`
	Timestamp        string `json:"timestamp"`
	Errored          bool   `json:"errored"`
	// Complete is false for a plan with -target. OpenTofu has none.
	Complete        *bool            `json:"complete"`
	ResourceChanges []resourceChange `json:"resource_changes"`
	ResourceDrift   []resourceChange `json:"resource_drift"`
	PriorState      struct {
		Values struct {
			RootModule module `json:"root_module"`
		} `json:"values"`
	} `json:"prior_state"`
	PlannedValues *struct{} `json:"planned_values"`
	// Configuration and Variables are the input of the plan.
	Configuration json.RawMessage            `json:"configuration"`
	Variables     map[string]json.RawMessage `json:"variables"`
	Checks        []check                    `json:"checks"`
	// Actions are those that the plan invokes, such as one that marks a user for deletion.
	Actions []struct {
		Address string `json:"address"`
	} `json:"action_invocations"`
}

type resourceChange struct {
	Address string `json:"address"`
	Mode    string `json:"mode"`
	Type    string `json:"type"`
	Change  struct {
		Actions        []string        `json:"actions"`
		Before         json.RawMessage `json:"before"`
		After          json.RawMessage `json:"after"`
		AfterUnknown   json.RawMessage `json:"after_unknown"`
		AfterSensitive json.RawMessage `json:"after_sensitive"`
	} `json:"change"`
}

// action returns what Terraform would do, in one text.
func (c *resourceChange) action() string { return strings.Join(c.Change.Actions, " and ") }

// changes reports whether anything is done.
func (c *resourceChange) changes() bool {
	action := c.action()
	return action != "no-op" && action != "read"
}

// module is a module of the state.
type module struct {
	Resources []struct {
		Address   string          `json:"address"`
		Mode      string          `json:"mode"`
		Type      string          `json:"type"`
		Values    json.RawMessage `json:"values"`
		Sensitive json.RawMessage `json:"sensitive_values"`
	} `json:"resources"`
	ChildModules []module `json:"child_modules"`
}

// check is a check block, a precondition or a validation.
type check struct {
	Address struct {
		Display string `json:"to_display"`
	} `json:"address"`
	Status    string `json:"status"`
	Instances []struct {
		Problems []struct {
			Message string `json:"message"`
		} `json:"problems"`
	} `json:"instances"`
}

// readPlan reads the JSON of a plan. Its errors recognize other kinds of files.
func readPlan(f File) (*plan, error) {
	const wayOut = "make it with terraform show -json PLANFILE"
	text, err := f.text()
	switch {
	case err != nil:
		return nil, err
	case len(bytes.TrimSpace(text)) == 0:
		return nil, f.errorf("the file is empty: %s", wayOut)
	case bytes.HasPrefix(text, []byte("PK")):
		return nil, f.errorf("this is a saved plan, not JSON: %s", wayOut)
	case bytes.Contains(text[:min(len(text), 200)], []byte(`"@level"`)):
		return nil, f.errorf("this is the log of terraform plan -json: %s", wayOut)
	}
	p := &plan{file: f}
	// The version comes first: another one may have other types.
	err = json.Unmarshal(text, &struct {
		FormatVersion *string `json:"format_version"`
	}{&p.FormatVersion})
	if err == nil && p.FormatVersion != "" && !strings.HasPrefix(p.FormatVersion, "1.") {
		return nil, f.errorf("format_version is %q, but this version reads 1.x: use a newer version of the provider", p.FormatVersion)
	}
	if err == nil {
		err = json.Unmarshal(text, p)
	}
	if err != nil {
		return nil, f.errorf("this is not the JSON of a plan: %w; %s", damaged(err), wayOut)
	}
	if p.FormatVersion == "" || p.PlannedValues == nil {
		return nil, f.errorf("this JSON is not of a plan; %s", wayOut)
	}
	if p.at, err = time.Parse(time.RFC3339, p.Timestamp); err != nil {
		return nil, f.errorf("the plan does not say when it was made: Terraform 1.5 and later do")
	}
	return p, nil
}

// isMarked reports whether a map of marks, such as after_unknown, marks the attribute or
// anything in it.
func isMarked(marks json.RawMessage, attribute string) bool {
	var all any
	if !bytes.Contains(marks, []byte("true")) || json.Unmarshal(marks, &all) != nil {
		return false
	}
	if attributes, is := all.(map[string]any); is {
		return hasMark(attributes[attribute])
	}
	return hasMark(all)
}

func hasMark(marks any) bool {
	switch marks := marks.(type) {
	case bool:
		return marks
	case map[string]any:
		for _, inner := range marks {
			if hasMark(inner) {
				return true
			}
		}
	case []any:
		for _, inner := range marks {
			if hasMark(inner) {
				return true
			}
		}
	}
	return false
}
