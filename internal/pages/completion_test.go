// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package pages_test

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// requiredProviders is what a fragment leaves out.
const requiredProviders = `terraform {
  required_providers {
    idplus = {
      source = "idplus-community/idplus"
    }
  }
}
`

// complete returns what a fragment needs to be a configuration: the declarations of what
// it refers to, from its page or else from the first page that has them. A variable
// without a declaration may be anything.
func (c *configuration) complete(all []*configuration) (preamble *configuration, err error) {
	declared := map[string]bool{}
	for address := range c.declares {
		declared[address] = true
	}
	var parts []string
	if !declared["required_providers"] {
		parts = append(parts, requiredProviders)
	}
	missing := slices.Clone(c.refersTo)
	for len(missing) > 0 {
		address := missing[0]
		missing = missing[1:]
		if declared[address] {
			continue
		}
		part, owner := c.declarationOf(address, all, declared)
		switch {
		case part != nil:
			parts = append(parts, owner.text[part.TypeRange.Start.Byte:part.CloseBraceRange.End.Byte]+"\n")
			for _, also := range declaredBy(part) {
				declared[also] = true
			}
			missing = append(missing, references(part.Body)...)
		case strings.HasPrefix(address, "var.") && !c.isWhole():
			declared[address] = true
			parts = append(parts, fmt.Sprintf("variable %q {\n}\n", strings.TrimPrefix(address, "var.")))
		default:
			return nil, fmt.Errorf("%s refers to %s, which no page and no example declares", c.where(), address)
		}
	}
	return parse(block{file: "preamble.tf", text: strings.Join(parts, "\n")})
}

// isWhole reports whether a configuration is used as it is, so that it has to declare its
// variables.
func (c *configuration) isWhole() bool { return c.declares["required_providers"] }

// declarationOf returns the nearest block that declares an address, and nothing that is
// declared already.
func (c *configuration) declarationOf(address string, all []*configuration, declared map[string]bool) (*hclsyntax.Block, *configuration) {
	for _, near := range []func(*configuration) bool{c.inOneFolder, c.onOnePage, func(*configuration) bool { return true }} {
		for _, other := range all {
			if other == c || !near(other) {
				continue
			}
			for _, part := range other.body.Blocks {
				addresses := declaredBy(part)
				clash := func(address string) bool { return declared[address] }
				if slices.Contains(addresses, address) && !slices.ContainsFunc(addresses, clash) {
					return part, other
				}
			}
		}
	}
	return nil, nil
}

// inOneFolder reports whether Terraform reads two examples together.
func (c *configuration) inOneFolder(other *configuration) bool {
	return path.Ext(c.file) != ".md" && path.Dir(other.file) == c.folder()
}

// folder returns where Terraform runs for an example.
func (c *configuration) folder() string {
	folder := path.Dir(c.file)
	if c.kind == tests && path.Base(folder) == "tests" {
		return path.Dir(folder)
	}
	return folder
}

func (c *configuration) onOnePage(other *configuration) bool {
	shown := append([]string{c.file}, c.pages...)
	return slices.ContainsFunc(append([]string{other.file}, other.pages...), func(page string) bool { return slices.Contains(shown, page) })
}
