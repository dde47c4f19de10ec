// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package pages_test

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/syntax"
)

// elsewhere are programs that a reader has, and that no test runs.
var elsewhere = map[string]string{
	"goreleaser": "for maintainers, and in the workflow of a release",
	"gh":         "to verify a release",
	"gpg":        "to verify a release",
	"opa":        "one of two ways to check a policy",
	"tofu":       "in place of terraform",
	"terragrunt": "in the guide about other tools",
	"atlantis":   "in the guide about other tools",
	"pulumi":     "in the guide about other tools",
}

// shellBlocks returns the shell blocks of all pages, and the scripts of the examples that no
// other test runs.
func shellBlocks(t *testing.T) (blocks []block) {
	t.Helper()
	scripts, err := repositoryFiles(".sh", "examples/resources", "examples/tools")
	must(t, err)
	for _, name := range scripts {
		text, err := os.ReadFile(filepath.Join(root, name))
		must(t, err)
		blocks = append(blocks, block{file: name, line: 1, language: "shell", text: string(text)})
	}
	for _, p := range allPages(t) {
		for _, b := range p.blocks {
			if b.isShell() {
				blocks = append(blocks, b)
			}
		}
	}
	return blocks
}

// What a shell block names exists: commands, their flags, make targets, files.
func TestShellBlocksNameWhatExists(t *testing.T) {
	t.Parallel()
	flags := &helpTexts{installation: installed(t)}
	for _, b := range shellBlocks(t) {
		calls, err := callsIn(b)
		if err != nil {
			t.Errorf("%s: %v", b.where(), err)
			continue
		}
		for _, call := range calls {
			for _, problem := range call.problems(t, flags) {
				t.Errorf("%s: %s: %s", b.where(), strings.Join(call.words, " "), problem)
			}
		}
	}
}

// call is a command of a block.
type call struct {
	in *block
	// words have … for what the shell inserts; settings are the variables before them.
	words, settings []string
	functions       []string
}

// callsIn returns the commands of a block, also of those inside others.
func callsIn(b block) (calls []call, err error) {
	variant := syntax.LangPOSIX
	if b.language == "bash" {
		variant = syntax.LangBash
	}
	file, err := syntax.NewParser(syntax.Variant(variant)).Parse(strings.NewReader(b.text), "")
	if err != nil {
		return nil, err
	}
	var functions []string
	syntax.Walk(file, func(node syntax.Node) bool {
		switch node := node.(type) {
		case *syntax.FuncDecl:
			functions = append(functions, node.Name.Value)
		case *syntax.CallExpr:
			c := call{in: &b}
			for _, assign := range node.Assigns {
				c.settings = append(c.settings, assign.Name.Value)
			}
			for _, word := range node.Args {
				c.words = append(c.words, literal(word.Parts))
			}
			if len(c.words) > 0 {
				calls = append(calls, c)
			}
		}
		return true
	})
	for n := range calls {
		calls[n].functions = functions
	}
	return calls, nil
}

// literal returns a word as written, with … for its expansions.
func literal(parts []syntax.WordPart) string {
	var text strings.Builder
	for _, part := range parts {
		switch part := part.(type) {
		case *syntax.Lit:
			text.WriteString(strings.ReplaceAll(part.Value, `\`, ""))
		case *syntax.SglQuoted:
			text.WriteString(part.Value)
		case *syntax.DblQuoted:
			text.WriteString(literal(part.Parts))
		default:
			text.WriteString("…")
		}
	}
	return text.String()
}

// builtins are commands of the shell itself.
var builtins = []string{".", ":", "[", "cd", "echo", "eval", "exec", "exit", "export", "false", "printf", "read", "set", "test", "trap", "true", "umask", "unset", "wait"}

func (c call) problems(t *testing.T, help *helpTexts) (problems []string) {
	t.Helper()
	for _, word := range c.words {
		if problem := c.missingFile(word); problem != "" {
			problems = append(problems, problem)
		}
	}
	command, arguments := c.words[0], c.words[1:]
	switch {
	case command == "terraform" || command == "tofu":
		return append(problems, help.ofTerraform(t, arguments)...)
	case command == "make":
		return append(problems, makeProblems(t, arguments)...)
	case strings.Contains(command, "…") || strings.HasPrefix(path.Base(command), "terraform-provider-idplus"):
		return append(problems, help.ofProgram(t, arguments)...)
	case strings.Contains(command, "/"), slices.Contains(builtins, command), slices.Contains(c.functions, command), elsewhere[command] != "":
		return problems
	}
	if _, err := exec.LookPath(command); err != nil {
		problems = append(problems, "there is no such command here; if readers have it, say so in elsewhere")
	}
	return problems
}

// missingFile returns what is wrong with a word that names a file of the repository: from
// its root, or from the folder of the page.
func (c call) missingFile(word string) string {
	if _, value, is := strings.Cut(word, "="); is {
		word = value
	}
	first, _, nested := strings.Cut(word, "/")
	if !nested || first == "" || strings.ContainsAny(word, "…*<>") {
		return ""
	}
	for _, ignored := range []string{"/.try/", "/bin/", "/out/"} { // As .gitignore has them.
		if strings.Contains("/"+word, ignored) {
			return ""
		}
	}
	inRepository := first == "." || first == ".."
	if entry, err := os.Stat(filepath.Join(root, first)); err == nil && entry.IsDir() {
		inRepository = true
	}
	if !inRepository {
		return ""
	}
	for _, folder := range []string{".", path.Dir(c.in.file), "examples/access-review"} {
		if _, err := os.Stat(filepath.Join(root, folder, word)); err == nil {
			return ""
		}
	}
	return word + " does not exist"
}
