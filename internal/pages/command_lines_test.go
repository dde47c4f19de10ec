// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package pages_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	"github.com/idplus-community/terraform-provider-idplus/internal/settings"
)

// helpTexts are what programs print about their own flags.
type helpTexts struct {
	installation *installation
	texts        sync.Map
}

// newerCommands are those that an older Terraform does not know.
var newerCommands = []string{"query"}

// ofTerraform returns what Terraform does not know in a command line.
func (h *helpTexts) ofTerraform(t *testing.T, arguments []string) []string {
	t.Helper()
	n := slices.IndexFunc(arguments, func(word string) bool { return !strings.HasPrefix(word, "-") })
	if n < 0 {
		return h.unknown(t, h.installation.binary, []string{"-help"}, arguments)
	}
	subcommand := []string{arguments[n]}
	if slices.Contains([]string{"state", "workspace", "providers"}, arguments[n]) && n+1 < len(arguments) && !strings.HasPrefix(arguments[n+1], "-") {
		subcommand = append(subcommand, arguments[n+1])
	}
	list := h.text(t, h.installation.binary, "-help")
	if !regexp.MustCompile(`(?m)^ +` + regexp.QuoteMeta(subcommand[0]) + ` `).MatchString(list) {
		if slices.Contains(newerCommands, subcommand[0]) {
			return nil
		}
		return []string{"Terraform has no command " + subcommand[0]}
	}
	return h.unknown(t, h.installation.binary, append(subcommand, "-help"), arguments[n+1:])
}

// ofProgram returns what the provider's own program does not know in a command line.
func (h *helpTexts) ofProgram(t *testing.T, arguments []string) []string {
	t.Helper()
	if len(arguments) == 0 {
		return nil
	}
	program := filepath.Join(mirrorFolder, "terraform-provider-idplus_v0.1.0")
	subcommand := arguments[:1]
	switch arguments[0] {
	case "doctor":
	case "review":
		if len(arguments) > 1 {
			subcommand = arguments[:2]
		}
	default:
		return h.unknown(t, program, []string{"-help"}, arguments)
	}
	return h.unknown(t, program, append(slices.Clone(subcommand), "-help"), arguments[len(subcommand):])
}

// inherited are flags that plan describes for apply and import, or Terraform for all.
var inherited = []string{"-chdir", "-help", "-version", "-var", "-var-file", "-target", "-replace", "-refresh", "-refresh-only", "-destroy", "-invoke", "-parallelism", "-minimal-refresh"}

func (h *helpTexts) unknown(t *testing.T, program string, help, arguments []string) (problems []string) {
	t.Helper()
	text := h.text(t, program, help...)
	for _, word := range arguments {
		flag, _, _ := strings.Cut(word, "=")
		if !strings.HasPrefix(flag, "-") || slices.Contains(inherited, flag) {
			continue
		}
		if !regexp.MustCompile(`(?m)(^|[\s\[,])` + regexp.QuoteMeta(flag) + `([\s=\],]|$)`).MatchString(text) {
			problems = append(problems, fmt.Sprintf("%s is not in what %s prints", flag, strings.Join(help, " ")))
		}
	}
	return problems
}

func (h *helpTexts) text(t *testing.T, program string, arguments ...string) string {
	t.Helper()
	key := program + strings.Join(arguments, " ")
	if text, is := h.texts.Load(key); is {
		return fmt.Sprint(text)
	}
	command := exec.CommandContext(t.Context(), program, arguments...)
	command.Env = rehearsal.Environ()
	output, _ := command.CombinedOutput() // Help may exit with another code than 0.
	h.texts.Store(key, string(output))
	return string(output)
}

// makeProblems returns the targets and variables that no makefile or script has.
func makeProblems(t *testing.T, arguments []string) (problems []string) {
	t.Helper()
	makefile, err := os.ReadFile(filepath.Join(root, "GNUmakefile"))
	must(t, err)
	for _, word := range arguments {
		name, _, isVariable := strings.Cut(word, "=")
		if isVariable {
			if !strings.Contains(readBy(t), name) {
				problems = append(problems, "nothing reads "+name)
			}
			continue
		}
		if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + `:`).Match(makefile) {
			problems = append(problems, "GNUmakefile has no target "+name)
		}
	}
	return problems
}

// readBy returns all code, which has the name of every variable that is read.
func readBy(t *testing.T) string {
	t.Helper()
	code, err := readCode()
	must(t, err)
	return code
}

var readCode = sync.OnceValues(func() (string, error) {
	var code strings.Builder
	for _, suffix := range []string{".go", ".sh", ".yml", "GNUmakefile"} {
		names, err := repositoryFiles(suffix, ".", "internal", "tools", "examples", ".github")
		if err != nil {
			return "", err
		}
		for _, name := range names {
			content, err := os.ReadFile(filepath.Join(root, name))
			if err != nil {
				return "", err
			}
			if !strings.HasSuffix(name, "_test.go") {
				code.Write(content)
			}
		}
	}
	return code.String(), nil
})

var variableName = regexp.MustCompile(`\bIDPLUS_[A-Z_]*[A-Z]\b`)

// Each variable that a page names is one that the provider, or a script, reads.
func TestVariablesAreRead(t *testing.T) {
	t.Parallel()
	read := map[string]bool{}
	for _, name := range settings.Variables {
		read[name] = true
	}
	for _, name := range variableName.FindAllString(readBy(t), -1) {
		read[name] = true
	}
	for _, p := range allPages(t) {
		names := variableName.FindAllString(string(p.source), -1)
		slices.Sort(names)
		for _, name := range slices.Compact(names) {
			if !read[name] {
				t.Errorf("%s names %s, which nothing reads", p.name, name)
			}
		}
	}
}
