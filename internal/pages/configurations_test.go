// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package pages_test

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// configuration is a block or a file in HCL, parsed.
type configuration struct {
	block
	body *hclsyntax.Body
	kind kind
	// declares and refersTo have addresses, as in var.limit and data.idplus_users.all.
	declares map[string]bool
	refersTo []string
	// pages have the same text.
	pages []string
}

// kind is what reads a configuration.
type kind string

const (
	module  kind = "terraform validate"
	query   kind = "terraform query"
	tests   kind = "terraform test"
	cli     kind = "the CLI configuration"
	foreign kind = "another tool"
)

// ending returns how the names of its files end.
func (k kind) ending() string {
	switch k {
	case query:
		return ".tfquery.hcl"
	case tests:
		return ".tftest.hcl"
	case cli:
		return ".tfrc"
	case foreign:
		return ".hcl"
	case module:
	}
	return ".tf"
}

// allConfigurations returns every configuration of pages and examples: those of pages in
// their order, then the examples that no page shows. A text that occurs more than once is
// returned once, as the example's file.
func allConfigurations(t *testing.T) []*configuration {
	t.Helper()
	var blocks []block
	for _, p := range allPages(t) {
		for _, b := range p.blocks {
			if b.language == "terraform" || b.language == "hcl" {
				blocks = append(blocks, b)
			}
		}
	}
	for _, suffix := range []string{".tf", ".hcl"} {
		files, err := repositoryFiles(suffix, "examples")
		must(t, err)
		for _, file := range files {
			content, err := os.ReadFile(filepath.Join(root, file))
			must(t, err)
			blocks = append(blocks, block{file: file, line: 1, text: string(content)})
		}
	}
	var all []*configuration
	for _, b := range blocks {
		same := func(c *configuration) bool { return strings.TrimSpace(c.text) == strings.TrimSpace(b.text) }
		if n := slices.IndexFunc(all, same); n >= 0 {
			all[n].pages = append(all[n].pages, all[n].file)
			all[n].block = b
			all[n].kind = all[n].kindOf()
			continue
		}
		c, err := parse(b)
		if err != nil {
			t.Errorf("%s: %v", b.where(), err)
			continue
		}
		all = append(all, c)
	}
	return all
}

func parse(b block) (*configuration, error) {
	if named := fileComment.FindStringSubmatch(b.text); named != nil && path.Ext(named[1]) == ".tfrc" {
		// An older HCL, which only Terraform reads.
		return &configuration{block: b, body: &hclsyntax.Body{}, kind: cli}, nil
	}
	parsed, diags := hclsyntax.ParseConfig([]byte(b.text), b.file, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	body, _ := parsed.Body.(*hclsyntax.Body)
	c := &configuration{block: b, body: body, declares: map[string]bool{}}
	c.kind = c.kindOf()
	for _, part := range body.Blocks {
		for _, address := range declaredBy(part) {
			c.declares[address] = true
		}
		if part.Type != "removed" && part.Type != "moved" { // What these name is gone.
			c.refersTo = append(c.refersTo, references(part.Body)...)
		}
	}
	return c, nil
}

// fileComment is a first line that names the file of a block.
var fileComment = regexp.MustCompile(`^# (\S+\.\w+)\s`)

func (c *configuration) kindOf() kind {
	name := path.Base(c.file)
	if named := fileComment.FindStringSubmatch(c.text); named != nil {
		name = named[1]
	}
	switch {
	case strings.HasSuffix(name, ".tftest.hcl") || strings.HasSuffix(name, ".tfmock.hcl"):
		return tests
	case strings.HasSuffix(name, ".tofu"): // Terraform does not read this file.
		return foreign
	case strings.HasSuffix(name, ".hcl") && !strings.HasSuffix(name, ".tfquery.hcl"):
		return foreign
	}
	for _, part := range c.body.Blocks {
		if part.Type == "list" {
			return query
		}
	}
	return module
}

// declaredBy returns the addresses that a block at the top level declares.
func declaredBy(part *hclsyntax.Block) []string {
	labels := strings.Join(part.Labels, ".")
	switch part.Type {
	case "resource":
		return []string{labels}
	case "data", "action", "ephemeral", "list", "module", "output", "provider":
		return []string{part.Type + "." + labels}
	case "variable":
		return []string{"var." + labels}
	case "locals":
		var names []string
		for name := range part.Body.Attributes {
			names = append(names, "local."+name)
		}
		return names
	case "terraform":
		for _, nested := range part.Body.Blocks {
			if nested.Type == "required_providers" {
				return []string{"required_providers"}
			}
		}
	}
	return nil
}

// references returns the addresses that a body refers to.
func references(body *hclsyntax.Body) []string {
	var found []string
	for _, attribute := range body.Attributes {
		for _, traversal := range attribute.Expr.Variables() {
			if address := addressOf(traversal); address != "" {
				found = append(found, address)
			}
		}
	}
	for _, nested := range body.Blocks {
		found = append(found, references(nested.Body)...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// addressOf returns the address that a traversal begins with, or an empty text.
func addressOf(traversal hcl.Traversal) string {
	var steps []string
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			steps = append(steps, step.Name)
		case hcl.TraverseAttr:
			steps = append(steps, step.Name)
		}
	}
	length := 2
	switch first := steps[0]; first {
	case "var", "local", "module":
	case "data", "action", "ephemeral":
		length = 3
	default:
		if !strings.Contains(first, "_") { // Not a resource type: each, self, path and the like.
			return ""
		}
	}
	if len(steps) < length {
		return ""
	}
	return strings.Join(steps[:length], ".")
}

// needs are the oldest versions that understand a configuration, or never.
type needs struct{ feature, terraform, opentofu string }

// never is a version that no OpenTofu has.
const never = "999"

// requirements returns what a configuration needs beyond the provider's own minimum.
func (c *configuration) requirements() []needs {
	var found []needs
	for _, part := range c.body.Blocks {
		switch part.Type {
		case "action":
			found = append(found, needs{"an action", "1.14.0", never})
		case "list":
			found = append(found, needs{"terraform query", "1.14.0", never})
		case "ephemeral":
			found = append(found, needs{"an ephemeral resource", "1.10.0", "1.11.0"})
		case "variable":
			if part.Body.Attributes["ephemeral"] != nil {
				found = append(found, needs{"an ephemeral variable", "1.10.0", "1.11.0"})
			}
		case "import":
			if part.Body.Attributes["identity"] != nil {
				found = append(found, needs{"import by identity", "1.12.0", "1.12.0"})
			}
		case "terraform":
			if required := part.Body.Attributes["required_version"]; required != nil {
				if value, _ := required.Expr.Value(nil); value.Type() == cty.String {
					minimum := strings.TrimSpace(strings.TrimPrefix(value.AsString(), ">="))
					found = append(found, needs{"required_version", minimum, minimum})
				}
			}
		case "resource":
			found = append(found, triggerNeeds(part)...)
		}
	}
	return found
}

// triggerNeeds returns what the triggers of a resource need.
func triggerNeeds(part *hclsyntax.Block) (found []needs) {
	for _, lifecycle := range part.Body.Blocks {
		for _, trigger := range lifecycle.Body.Blocks {
			if trigger.Type != "action_trigger" {
				continue
			}
			found = append(found, needs{"an action", "1.14.0", never})
			for _, event := range trigger.Body.Attributes["events"].Expr.Variables() {
				if strings.HasSuffix(event.RootName(), "_destroy") {
					found = append(found, needs{event.RootName(), "1.16.0", never})
				}
			}
		}
	}
	return found
}

// hasBackend reports whether the state is kept elsewhere.
func (c *configuration) hasBackend() bool {
	for _, part := range c.body.Blocks {
		for _, nested := range part.Body.Blocks {
			if part.Type == "terraform" && (nested.Type == "backend" || nested.Type == "cloud") {
				return true
			}
		}
	}
	return false
}
