// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Each example is valid: a file that imports stands beside the resource it
// imports into, any other by itself.
func TestExamplesAreValid(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../examples/*/*.tf")
	must(t, err)
	nested, err := filepath.Glob("../../examples/*/*/*.tf")
	must(t, err)
	queries, err := filepath.Glob("../../examples/*/*/*.tfquery.hcl")
	must(t, err)
	files = slices.Concat(files, nested, queries)
	if len(files) < 6 || len(queries) < 2 {
		t.Fatalf("found %d examples only: %v", len(files), files)
	}
	for _, file := range files {
		name, folder := filepath.Base(file), filepath.Dir(file)
		t.Run(filepath.Base(folder)+"/"+name, func(t *testing.T) {
			t.Parallel()
			validate := []string{"validate"}
			switch kind := filepath.Base(filepath.Dir(folder)); {
			case strings.Contains(name, "identity"):
				needsVersion(t, "import by identity", "1.12.0", "1.12.0")
			case kind == "functions":
				needsVersion(t, "a function", "1.8.0", "1.7.0")
			case kind == "ephemeral-resources":
				needsVersion(t, "an ephemeral resource", "1.10.0", "1.11.0")
			case name == "action-after-destroy.tf":
				needsVersion(t, "an action on destroy", "1.16.0", never)
			case kind == "actions":
				needsVersion(t, "an action", "1.14.0", never)
			case strings.HasSuffix(name, ".tfquery.hcl"):
				needsVersion(t, "terraform query", "1.14.0", never)
				validate = append(validate, "-query")
			case filepath.Base(folder) == "query":
				needsVersion(t, "terraform query", "1.14.0", never)
			}
			w := newWorkspace(t, newTestTenant(t))
			if len(validate) > 1 {
				w.write("provider.tf", `provider "idplus" {}`)
			}
			together := []string{name}
			switch {
			case name == "import-review.tf":
				together = append(together, "resource-review.tf")
			case strings.HasPrefix(name, "import-"):
				together = append(together, "resource.tf")
			}
			copyTables(t, folder, w.dir)
			for _, part := range together {
				content, err := os.ReadFile(filepath.Join(folder, part))
				must(t, err)
				if strings.Contains(string(content), "required_providers") {
					must(t, os.Remove(filepath.Join(w.dir, "versions.tf")))
				}
				w.write(part, string(content))
			}
			w.terraform(validate...).succeeds()
		})
	}
}

// copyTables copies the CSV files of an example.
func copyTables(t *testing.T, from, to string) {
	t.Helper()
	files := os.DirFS(from)
	must(t, fs.WalkDir(files, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".csv" {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(to, path.Dir(name)), 0o700); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), content, 0o600)
	}))
}
