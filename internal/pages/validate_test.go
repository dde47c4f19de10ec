// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package pages_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/hcl/v2"
)

// One run of Terraform validates every configuration that may be a module. Their variables
// are unknown then, so that their values do not matter.
func TestConfigurationsAreValid(t *testing.T) {
	t.Parallel()
	terraform, all := installed(t), allConfigurations(t)
	folder := t.TempDir()
	calls := requiredProviders + "provider \"idplus\" {}\nvariable \"any\" {\n  type = any\n}\n"
	laid := map[string]*configuration{}
	for n, c := range all {
		if c.kind != module || c.onlyAtTheRoot() || terraform.lacks(c) != "" {
			continue
		}
		name := fmt.Sprintf("block_%d", n)
		laid[name] = c
		calls += fmt.Sprintf("module %q {\n  source = \"./%s\"\n", name, name)
		for variable := range c.lay(t, filepath.Join(folder, name), all) {
			calls += "  " + variable + " = var.any\n"
		}
		calls += "}\n"
	}
	must(t, os.WriteFile(filepath.Join(folder, "main.tf"), []byte(calls), 0o600))
	if output, err := terraform.run(t, folder, nil, "init", "-no-color"); err != nil {
		t.Fatalf("terraform init: %v\n%s", err, output)
	}
	output, _ := terraform.run(t, folder, nil, "validate", "-json")
	var answer struct {
		Diagnostics []struct {
			Severity, Summary, Detail string
			Range                     struct {
				Filename string
				Start    struct{ Line int }
			}
		}
	}
	if err := json.Unmarshal([]byte(output), &answer); err != nil {
		t.Fatalf("terraform validate: %v\n%s", err, output)
	}
	for _, d := range answer.Diagnostics {
		if d.Severity != "error" {
			continue
		}
		if c := laid[filepath.Dir(d.Range.Filename)]; c != nil {
			t.Errorf("%s: %s, line %d: %s: %s", c.where(), filepath.Base(d.Range.Filename), d.Range.Start.Line, d.Summary, d.Detail)
		} else {
			t.Errorf("%s: %s: %s", d.Range.Filename, d.Summary, d.Detail)
		}
	}
	if len(laid) < 20 {
		t.Errorf("only %d configurations were validated", len(laid))
	}
}

// onlyAtTheRoot reports whether a module cannot have this configuration.
func (c *configuration) onlyAtTheRoot() bool {
	for _, part := range c.body.Blocks {
		if part.Type == "import" {
			return true
		}
	}
	return false
}

// requiredVariables returns the variables without a default, with a value of their type.
func (c *configuration) requiredVariables() map[string]string {
	values := map[string]string{}
	for _, part := range c.body.Blocks {
		if part.Type != "variable" || part.Body.Attributes["default"] != nil {
			continue
		}
		value := "any"
		if constraint := part.Body.Attributes["type"]; constraint != nil && hcl.ExprAsKeyword(constraint.Expr) == "number" {
			value = "100"
		}
		values[part.Labels[0]] = value
	}
	return values
}
