// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// tinyConfiguration is what the .tf files of a folder say, as far as the tests that
// run in this process need Terraform's language. Whatever is not known here fails the
// test, which then belongs to the real Terraform (newTerraformWorkspace).
type tinyConfiguration struct {
	t         *testing.T
	dir       string
	provider  *hclsyntax.Block
	variables map[string]*hclsyntax.Block
	locals    map[string]hclsyntax.Expression
	// resources of the provider, terraform_data and data sources, by address.
	resources, builtins, data map[string]*hclsyntax.Block
	files                     map[string][]byte
}

func readConfiguration(t *testing.T, dir string) *tinyConfiguration {
	t.Helper()
	c := &tinyConfiguration{
		t: t, dir: dir, variables: map[string]*hclsyntax.Block{}, locals: map[string]hclsyntax.Expression{},
		resources: map[string]*hclsyntax.Block{}, builtins: map[string]*hclsyntax.Block{}, data: map[string]*hclsyntax.Block{},
		files: map[string][]byte{},
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	must(t, err)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		must(t, err)
		name := filepath.Base(path)
		c.files[name] = text
		file, diags := hclparse.NewParser().ParseHCL(text, name)
		c.must(diags)
		body, ok := file.Body.(*hclsyntax.Body)
		if !ok {
			c.unsupported("a file that is no HCL: %s", name)
		}
		for _, block := range body.Blocks {
			c.add(block)
		}
	}
	return c
}

func (c *tinyConfiguration) add(block *hclsyntax.Block) {
	c.t.Helper()
	under := c.resources
	switch block.Type {
	case "terraform":
		return
	case "provider":
		if c.provider != nil {
			c.unsupported("several provider blocks")
		}
		c.provider = block
		return
	case "variable":
		c.variables[block.Labels[0]] = block
		return
	case "locals":
		for name, attribute := range block.Body.Attributes {
			c.locals[name] = attribute.Expr
		}
		return
	case "data":
		under = c.data
	case "resource":
		if block.Labels[0] == "terraform_data" {
			under = c.builtins
		}
	default:
		c.unsupported("a block %q", block.Type)
	}
	for _, nested := range block.Body.Blocks {
		if nested.Type != "lifecycle" {
			c.unsupported("a block %q in a resource", nested.Type)
		}
	}
	under[blockAddress(block)] = block
}

// blockAddress is a block's address without an index.
func blockAddress(block *hclsyntax.Block) string {
	address := strings.Join(block.Labels, ".")
	if block.Type == "data" {
		return "data." + address
	}
	return address
}

func (c *tinyConfiguration) must(diags hcl.Diagnostics) {
	c.t.Helper()
	if diags.HasErrors() {
		c.unsupported("this: %v", diags)
	}
}

func (c *tinyConfiguration) unsupported(format string, args ...any) {
	c.t.Helper()
	c.t.Fatalf("in this process Terraform's language is not known with "+format+"; the test needs newTerraformWorkspace", args...)
}

// metaArguments are Terraform's, in a block of any kind.
var metaArguments = []string{"count", "for_each", "depends_on", "provider", "lifecycle"}

// dependsOn are the addresses without an index of the resources that a block depends
// on by depends_on. Only what is not a resource of the provider may be referred to.
func (c *tinyConfiguration) dependsOn(block *hclsyntax.Block) (addresses []string) {
	c.t.Helper()
	argument := block.Body.Attributes["depends_on"]
	if argument == nil {
		return nil
	}
	list, diags := hcl.ExprList(argument.Expr)
	c.must(diags)
	for _, one := range list {
		traversal, diags := hcl.AbsTraversalForExpr(one)
		c.must(diags)
		address := traversalText(traversal)
		if c.resources[address] == nil {
			c.unsupported("depends_on of %s", address)
		}
		addresses = append(addresses, c.dependsOn(c.resources[address])...)
		addresses = append(addresses, address)
	}
	return slices.Compact(slices.Sorted(slices.Values(addresses)))
}

// traversalText is the first part of a reference: data.type.name, type.name.
func traversalText(traversal hcl.Traversal) string {
	names := []string{traversal.RootName()}
	most := 2
	if names[0] == "data" {
		most = 3
	}
	for _, step := range traversal[1:] {
		if attribute, ok := step.(hcl.TraverseAttr); ok && len(names) < most {
			names = append(names, attribute.Name)
		}
	}
	return strings.Join(names, ".")
}

// createBeforeDestroy is the one argument of lifecycle that is known.
func (c *tinyConfiguration) createBeforeDestroy(block *hclsyntax.Block) (is bool) {
	c.t.Helper()
	for _, lifecycle := range block.Body.Blocks {
		for name, argument := range lifecycle.Body.Attributes {
			value, diags := argument.Expr.Value(nil)
			if c.must(diags); name != "create_before_destroy" {
				c.unsupported("%s in lifecycle", name)
			}
			is = value.True()
		}
		if len(lifecycle.Body.Blocks) > 0 {
			c.unsupported("conditions")
		}
	}
	return is
}

// blame is the place of the configuration that a diagnostic is about: the block, an
// argument, or an element of it.
func (c *tinyConfiguration) blame(block *hclsyntax.Block, steps []string) hcl.Range {
	if len(steps) == 0 || block.Body.Attributes[steps[0]] == nil {
		return block.DefRange()
	}
	argument := block.Body.Attributes[steps[0]]
	if object, ok := argument.Expr.(*hclsyntax.ObjectConsExpr); ok && len(steps) > 1 {
		for _, item := range object.Items {
			if key, diags := item.KeyExpr.Value(nil); !diags.HasErrors() && key.RawEquals(cty.StringVal(steps[1])) {
				return item.ValueExpr.Range()
			}
		}
	}
	return argument.SrcRange
}

// source is the first line of a range, as Terraform shows it.
func (c *tinyConfiguration) source(at hcl.Range) string {
	lines := strings.Split(string(c.files[at.Filename]), "\n")
	return strings.TrimSpace(lines[at.Start.Line-1])
}
