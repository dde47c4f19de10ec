// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// TestNoTextIsMissingInTheGoldenFile finds texts in the source: all of words_*.go, and in
// other files those of functions that make a diagnostic.
func TestNoTextIsMissingInTheGoldenFile(t *testing.T) {
	t.Parallel()
	golden, err := os.ReadFile(filepath.Join("testdata", "diagnostics.golden"))
	must(t, err)
	texts := notIndented.Split(string(golden), -1)
	for i := range texts {
		texts[i] = oneLine(texts[i])
	}
	printed := strings.Join(texts, "\n")
	sources, err := filepath.Glob("*.go")
	must(t, err)
	files := token.NewFileSet()
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		must(t, err)
		for _, declaration := range source.Decls {
			if !strings.HasPrefix(name, "words_") && !makesDiagnostic(declaration) {
				continue
			}
			for _, literal := range literalsIn(declaration) {
				text, err := strconv.Unquote(literal.Value)
				must(t, err)
				if isText(text) && !printable(text).MatchString(printed) {
					t.Errorf("%s: %q is not in the golden file", files.Position(literal.Pos()), text)
				}
			}
		}
	}
}

// notIndented is a line of the golden file between two diagnostics.
var notIndented = regexp.MustCompile(`(?m)^\S.*$`)

// unreachable are texts of bugs that no call from outside can have.
var unreachable = []string{
	"Cannot create the state of an access review", // What Terraform sends are objects, as the schema says.
}

// isText reports whether a literal has words, as no name of an attribute has.
func isText(literal string) bool {
	return strings.Contains(literal, " ") && strings.ContainsFunc(literal, unicode.IsLetter) && !slices.Contains(unreachable, literal)
}

// makers are functions that make a diagnostic, or a part of one.
var makers = regexp.MustCompile(`^(New(Attribute)?(Error|Warning)Diagnostic|Add(Attribute)?(Error|Warning)|New(Argument)?FuncError|summary|pick|addLine|failed|listingFailed)$`)

func makesDiagnostic(declaration ast.Decl) (makes bool) {
	ast.Inspect(declaration, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		makes = makes || ok && makers.MatchString(called(call))
		return !makes
	})
	return makes
}

// literalsIn returns the texts of a declaration, without layouts of dates.
func literalsIn(declaration ast.Decl) (found []*ast.BasicLit) {
	ast.Inspect(declaration, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			found = append(found, literal)
		}
		call, ok := n.(*ast.CallExpr)
		return !ok || called(call) != "Format"
	})
	return found
}

// called returns the name of the function or the method that is called.
func called(call *ast.CallExpr) string {
	switch function := call.Fun.(type) {
	case *ast.Ident:
		return function.Name
	case *ast.SelectorExpr:
		return function.Sel.Name
	}
	return ""
}

var verb = regexp.MustCompile(`%[+#]?[a-zA-Z]`)

// printable returns an expression for what a format prints.
func printable(format string) *regexp.Regexp {
	parts := verb.Split(oneLine(format), -1)
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile(strings.Join(parts, `.+?`))
}

// oneLine ignores how a text is indented.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
