// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package pages_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	extensions "github.com/yuin/goldmark/extension/ast"
)

const troubleshooting = "docs/guides/troubleshooting.md"

// notOurs are errors on the page that the provider's sources do not have in this form:
// Terraform's own, HTTP's, and one that begins with a number.
var notOurs = []string{
	"Failed to query available provider packages",
	`Blocks of type "action" are not expected here`,
	"Unsupported argument",
	"Invalid function argument",
	"are not valid UTF-8",
	"This object does not have an attribute named",
	"Provider produced inconsistent final plan",
	"429 Too Many Requests",
	"problems in the review",
}

// Readers search the page for the error that they see.
func TestErrorsOfTroubleshootingExist(t *testing.T) {
	t.Parallel()
	sources := goSources(t)
	errors := 0
	for _, p := range allPages(t) {
		if p.name != troubleshooting {
			continue
		}
		p.walk(func(node ast.Node) {
			code, is := node.(*ast.CodeSpan)
			if !is || !isFirstCell(code.Parent()) {
				return
			}
			errors++
			if text := p.textOf(code); !slices.Contains(notOurs, text) && !strings.Contains(sources, text) {
				t.Errorf("%s: no error says %q", p.name, text)
			}
		})
	}
	if errors < len(notOurs) {
		t.Errorf("found %d errors on %s", errors, troubleshooting)
	}
}

func isFirstCell(node ast.Node) bool {
	return node.Kind() == extensions.KindTableCell && node.PreviousSibling() == nil
}

// goSources returns the provider's Go files, without tests.
func goSources(t *testing.T) string {
	t.Helper()
	files, err := repositoryFiles(".go", "internal")
	must(t, err)
	var all strings.Builder
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			content, err := os.ReadFile(filepath.Join(root, file))
			must(t, err)
			all.Write(content)
		}
	}
	return all.String()
}
