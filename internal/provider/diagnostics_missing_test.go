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
// other files those in calls that make a diagnostic.
func TestNoTextIsMissingInTheGoldenFile(t *testing.T) {
	t.Parallel()
	golden, err := os.ReadFile(filepath.Join("testdata", "diagnostics.golden"))
	must(t, err)
	printed := oneLine(string(golden))
	sources, err := filepath.Glob("*.go")
	must(t, err)
	files := token.NewFileSet()
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
		must(t, err)
		for _, literal := range textsIn(source, strings.HasPrefix(name, "words_")) {
			text, err := strconv.Unquote(literal.Value)
			must(t, err)
			isText := strings.ContainsFunc(text, unicode.IsLetter) && !slices.Contains(unreachable, text)
			if isText && !printable(text).MatchString(printed) {
				t.Errorf("%s: %q is not in the golden file", files.Position(literal.Pos()), text)
			}
		}
	}
}

// unreachable are texts of bugs that no call from outside can have.
var unreachable = []string{
	"Cannot create the state of an access review", // Terraform's values of the schema's type are objects.
}

// makesText are calls whose arguments are parts of a diagnostic.
var makesText = regexp.MustCompile(`^(New(Attribute)?(Error|Warning)Diagnostic|Add(Attribute)?(Error|Warning)|New(Argument)?FuncError|summary|pick|addLine|refuse|failed|listingFailed|offenders|usersUnknown)$`)

// textsIn returns the literals in calls that make a diagnostic, or all literals.
func textsIn(source *ast.File, all bool) (found []*ast.BasicLit) {
	inText := func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && called(call) == "Format" {
			return false // The layout of a date.
		}
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			found = append(found, literal)
		}
		return true
	}
	ast.Inspect(source, func(n ast.Node) bool {
		_, imports := n.(*ast.ImportSpec)
		call, calls := n.(*ast.CallExpr)
		switch {
		case imports:
			return false
		case all && n != nil:
			return inText(n)
		case calls && makesText.MatchString(called(call)):
			ast.Inspect(call, inText)
			return false
		}
		return true
	})
	return found
}

// called returns the name of a function or a method.
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
