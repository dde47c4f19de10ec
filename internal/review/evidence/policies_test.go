// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const policies = "../../../examples/access-review/policies"

// The policies of the example read a plan of the real Terraform, and both languages report
// the same problems in the same words.
func TestPoliciesOfTheExample(t *testing.T) {
	t.Parallel()
	const (
		failed    = "The plan failed: it is not known who changes."
		unread    = "The plan has no data source idplus_access_review with verdicts."
		destroyed = "idplus_user_statuses.q4 would be destroyed: its users would leave Terraform."
	)
	for name, tc := range map[string]struct {
		spoil func(plan map[string]any)
		want  []string
		// beyond are refusals that only the rules for OPA have.
		beyond []string
	}{
		"as planned": {func(map[string]any) {}, nil, nil},
		"failed":     {func(p map[string]any) { p["errored"] = true }, []string{failed}, nil},
		"no review":  {func(p map[string]any) { delete(p, "prior_state") }, []string{unread}, nil},
		"destroyed": {func(p map[string]any) {
			inside(p, "resource_changes", "0", "change")["actions"] = []any{"delete", "create"}
		}, []string{destroyed}, nil},
		"a user gains access": {func(p map[string]any) {
			verdicts(p)["mallory@example.com"] = map[string]any{"email": "mallory@example.com", "outcome": "gains", "decision": "keep"}
		}, []string{"mallory@example.com would gain access without a decision to restore it."}, nil},
		"too many lose access": {func(p map[string]any) {
			for i := range 20 {
				email := fmt.Sprintf("user%d@example.com", i)
				verdicts(p)[email] = map[string]any{"email": email, "outcome": "loses", "decision": "remove"}
			}
		}, []string{"23 users would lose access, more than 20."}, nil},
		"break-glass": {func(p map[string]any) {
			verdicts(p)["breakglass"] = map[string]any{"email": "BreakGlass@example.com", "outcome": "loses", "decision": "remove"}
		}, nil, []string{"BreakGlass@example.com must not lose access."}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile("testdata/q4/plan.json")
			must(t, err)
			var plan map[string]any
			must(t, json.Unmarshal(content, &plan))
			tc.spoil(plan)
			content, err = json.Marshal(plan)
			must(t, err)
			t.Run("jq", func(t *testing.T) {
				t.Parallel()
				if diff := cmp.Diff(tc.want, judgedByJQ(t, content)); diff != "" {
					t.Errorf("refusals (-want +got):\n%s", diff)
				}
			})
			t.Run("opa", func(t *testing.T) {
				t.Parallel()
				want := slices.Sorted(slices.Values(slices.Concat(tc.want, tc.beyond)))
				if diff := cmp.Diff(want, judgedByOPA(t, content)); diff != "" {
					t.Errorf("refusals (-want +got):\n%s", diff)
				}
			})
		})
	}
	t.Run("an empty plan does not pass", func(t *testing.T) {
		t.Parallel()
		if got := judgedByJQ(t, nil); len(got) == 0 {
			t.Error("an empty plan passes")
		}
	})
}

func judgedByJQ(t *testing.T, plan []byte) []string {
	t.Helper()
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("there is no jq on the PATH")
	}
	output, code := judged(t, plan, "jq", "-n", "-f", filepath.Join(policies, "review.jq"))
	if code == 0 {
		return nil
	}
	return strings.Split(strings.TrimSpace(output), "\n")
}

func judgedByOPA(t *testing.T, plan []byte) []string {
	t.Helper()
	opa, err := filepath.Abs("../../../.tools/opa")
	must(t, err)
	if _, err := os.Stat(opa); err != nil {
		if opa, err = exec.LookPath("opa"); err != nil {
			t.Skip("there is no OPA: tools/opa.sh builds one")
		}
	}
	output, code := judged(t, plan, opa, "eval", "--fail-defined", "--strict", "--format", "json", "--stdin-input", "--data", filepath.Join(policies, "review.rego"), "data.idplus.review.deny[_]")
	var answer struct {
		Result []struct {
			Expressions []struct{ Value string }
		}
	}
	must(t, json.Unmarshal([]byte(output), &answer))
	var refusals []string
	for _, result := range answer.Result {
		refusals = append(refusals, result.Expressions[0].Value)
	}
	if (code == 0) != (len(refusals) == 0) {
		t.Errorf("exit code %d with %d refusals", code, len(refusals))
	}
	slices.Sort(refusals)
	return refusals
}

func judged(t *testing.T, plan []byte, program string, arguments ...string) (output string, code int) {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, arguments...)
	command.Stdin = bytes.NewReader(plan)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	if err := command.Run(); err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), command.ProcessState.ExitCode()
}

func verdicts(plan map[string]any) map[string]any {
	return inside(plan, "prior_state", "values", "root_module", "resources", "0", "values", "verdicts")
}

// inside returns the object at a path of keys; 0 is the first of a list. It returns nil,
// which cannot be written to, if there is no object.
func inside(value any, path ...string) map[string]any {
	for _, key := range path {
		switch container := value.(type) {
		case map[string]any:
			value = container[key]
		case []any:
			value = container[0]
		}
	}
	object, _ := value.(map[string]any)
	return object
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
