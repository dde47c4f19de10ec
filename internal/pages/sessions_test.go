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
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
)

// notRun are the shell blocks that do not run here, by a text in them.
var notRun = map[string]string{
	"make ":                     "a target takes minutes, or does not end; CI runs them by themselves",
	"/path/to":                  "the path is the reader's",
	"evidence.sh":               "there is no HCP Terraform to ask",
	"terraform providers ":      "it asks the Registry",
	"_0.1.0_":                   "it needs the files of a release, which make release-check rehearses",
	"gpg ":                      "it makes a key, and asks for a passphrase",
	"git clone ":                "it needs the internet",
	". ../../.try/env":          "the simulator of make try writes it; the other tests start their own",
	"TF_WORKSPACE=":             "the backend needs a server; make bench runs it",
	"terraform workspace":       "the backend needs a server; make bench runs it",
	"cp backends/pg.tf":         "the backend needs a server; internal/review/command runs the rest",
	"review roster -out":        "it goes on from the block above; internal/review/command runs it",
	"./pipeline.sh":             "it needs decisions; internal/review/command runs it",
	"export TF_CLI_CONFIG_FILE": "it is for the shell of the reader, and set here",
}

// notCompared are printed texts that differ here.
var notCompared = map[string]string{
	"this machine's clock is": "the clock here is right; internal/doctor compares such a report",
}

// The shell blocks of a section run one after another, in the folder of one reader who
// also pastes the configurations between them. What the page shows below a block is what
// the block printed, without white space and numbers.
func TestShellBlocksRun(t *testing.T) {
	t.Parallel()
	if !everything() {
		t.Skip("each is a run of Terraform: set CI=true")
	}
	terraform, all := installed(t), allConfigurations(t)
	for _, p := range allPages(t) {
		for _, section := range sectionsOf(p) {
			t.Run(p.name+"/"+section[0].section, func(t *testing.T) {
				t.Parallel()
				r := newReader(t, terraform, all, p)
				for _, b := range section {
					r.meets(b)
				}
			})
		}
	}
}

// sectionsOf returns the blocks of each section that has a shell block.
func sectionsOf(p *page) (sections [][]block) {
	for n, b := range p.blocks {
		if n == 0 || b.section != p.blocks[n-1].section {
			sections = append(sections, nil)
		}
		sections[len(sections)-1] = append(sections[len(sections)-1], b)
	}
	return slices.DeleteFunc(sections, func(blocks []block) bool {
		return !slices.ContainsFunc(blocks, func(b block) bool { return b.isShell() })
	})
}

func (b block) isShell() bool {
	return slices.Contains([]string{"shell", "sh", "bash", "console"}, b.language)
}

// lacks returns what a block needs that readers have and a test does not.
func (b block) lacks() string {
	calls, err := callsIn(b)
	if err != nil {
		return ""
	}
	for _, call := range calls {
		if elsewhere[call.words[0]] != "" {
			return call.words[0]
		}
	}
	if needsRelease.MatchString(b.text) {
		return "release"
	}
	return ""
}

// needsRelease matches what exists only after a release: its files, and what Terraform
// itself requests from the registry.
var needsRelease = regexp.MustCompile(`_\d+\.\d+\.\d+_|terraform providers (lock|mirror)`)

// reader follows a section of a page, in a copy of the examples and with a tenant.
type reader struct {
	t         *testing.T
	terraform *installation
	all       []*configuration
	page      *page
	folder    string
	env       []string
	override  string
	printed   string // by the last block
	begun     bool
}

func newReader(t *testing.T, terraform *installation, all []*configuration, p *page) *reader {
	t.Helper()
	home := t.TempDir()
	must(t, os.CopyFS(filepath.Join(home, "examples"), os.DirFS(filepath.Join(root, "examples"))))
	r := &reader{t: t, terraform: terraform, all: all, page: p, folder: home}
	if strings.HasPrefix(p.name, "examples/") {
		r.folder = filepath.Join(home, p.folder())
	}
	for _, example := range tables {
		copyTables(t, filepath.Join(root, example), r.folder)
	}
	programs, err := rehearsal.LinkTerraform(terraform.binary, filepath.Join(home, ".programs"))
	must(t, err)
	var credentials []string
	credentials, r.override = newTenant(t)
	r.env = slices.Concat(rehearsal.Environ(), rehearsal.Git(), credentials, []string{
		programs, "HOME=" + home, "TF_CLI_CONFIG_FILE=" + terraform.cliConfig, "TF_INPUT=0", "TF_CLI_ARGS=-no-color", "TF_CLI_ARGS_apply=-auto-approve",
	})
	return r
}

// meets does what a reader does with a block.
func (r *reader) meets(b block) {
	r.t.Helper()
	switch {
	case b.isShell():
		for text, reason := range notRun {
			if strings.Contains(b.text, text) {
				r.t.Logf("not run: %s: %s", b.where(), reason)
				return
			}
		}
		if missing := b.lacks(); missing != "" {
			r.t.Logf("not run: %s: there is no %s here", b.where(), missing)
			return
		}
		r.paste(b)
	case b.language == "terraform" || b.language == "hcl":
		c, err := parse(b)
		must(r.t, err)
		if reason := r.terraform.lacks(c); reason != "" {
			r.t.Skip(reason)
		}
		r.save(c)
	case (b.language == "" || b.language == "text") && r.printed != "":
		r.compare(b)
		r.printed = ""
	}
}

// save writes a configuration into the folder: a complete one replaces what is there, a
// fragment is added unless it is declared there already.
func (r *reader) save(c *configuration) {
	r.t.Helper()
	files, err := filepath.Glob(filepath.Join(r.folder, "*.tf"))
	must(r.t, err)
	name := fmt.Sprintf("block_%d%s", c.line, c.kind.ending())
	whole := c.declares["required_providers"]
	for _, file := range files {
		content, err := os.ReadFile(file)
		must(r.t, err)
		there, err := parse(block{file: file, text: string(content)})
		must(r.t, err)
		for address := range c.declares {
			if there.declares[address] && !whole {
				return
			}
		}
		if whole {
			must(r.t, os.Remove(file))
		}
	}
	must(r.t, os.WriteFile(filepath.Join(r.folder, name), []byte(c.text), 0o600))
	if c.declares["provider.idplus"] {
		must(r.t, os.WriteFile(filepath.Join(r.folder, "simulator_override.tf"), []byte(r.override), 0o600))
	}
}

// givenFiles are files that a block may read, and how a reader has made them.
var givenFiles = map[string]string{
	"plan.json": "terraform plan -out=plan.tfplan && terraform show -json plan.tfplan >plan.json",
}

// paste runs a shell block.
func (r *reader) paste(b block) {
	r.t.Helper()
	if strings.Contains(b.text, "terraform query") {
		list, err := parse(block{text: "list \"any\" \"any\" {\n}\n"})
		must(r.t, err)
		if reason := r.terraform.lacks(list); reason != "" {
			r.t.Skip(reason)
		}
	}
	if configurations, _ := filepath.Glob(filepath.Join(r.folder, "*.tf")); len(configurations) == 0 {
		r.save(r.configurationFor(b))
	}
	if !r.begun && !strings.Contains(b.text, "terraform init") {
		r.sh("terraform init", b.where())
	}
	r.begun = true
	for file, made := range givenFiles {
		if _, err := os.Stat(filepath.Join(r.folder, file)); err != nil && strings.Contains(b.text, file) {
			r.sh(made, b.where())
		}
	}
	r.printed = r.sh(b.text, b.where())
}

// sh runs a script in the folder, and stays where it goes. A page names several ways to
// import one user: each runs without the others.
func (r *reader) sh(script, where string) string {
	r.t.Helper()
	last := filepath.Join(r.t.TempDir(), "folder")
	script = "set -e\nterraform() { if [ \"$1\" = import ]; then rm -f terraform.tfstate*; fi; command terraform \"$@\"; }\n" + script + "\npwd >'" + last + "'\n"
	command := exec.CommandContext(r.t.Context(), "sh", "-c", script)
	command.Dir, command.Env = r.folder, r.env
	output, err := command.CombinedOutput()
	if err != nil {
		r.t.Fatalf("%s: %v\n%s", where, err, output)
	}
	folder, err := os.ReadFile(last)
	must(r.t, err)
	r.folder = strings.TrimSpace(string(folder))
	return string(output)
}

// resourceAddress matches the name of a resource in a command.
var resourceAddress = regexp.MustCompile(`\bidplus_[a-z_]+\.\w+`)

// configurationFor returns what a block uses if its section has no configuration: what it
// names, or else the one above on the page, or that of README.
func (r *reader) configurationFor(b block) *configuration {
	r.t.Helper()
	wanted := &configuration{block: block{file: b.file}, refersTo: resourceAddress.FindAllString(b.text, -1)}
	named := len(wanted.refersTo) > 0
	for _, c := range r.all {
		if !named && c.kind == module && !c.hasBackend() && (wanted.text == "" || r.shows(c, b.line)) {
			wanted = c
		}
	}
	preamble, err := wanted.complete(r.all)
	must(r.t, err)
	c, err := parse(block{file: "main.tf", text: preamble.text + "\n" + wanted.text})
	must(r.t, err)
	return c
}

// shows reports whether the page has a configuration above a line.
func (r *reader) shows(c *configuration, line int) bool {
	return slices.ContainsFunc(r.page.blocks, func(b block) bool {
		return b.line < line && strings.TrimSpace(b.text) == strings.TrimSpace(c.text)
	})
}

var (
	boxes  = strings.NewReplacer("│", " ", "╷", " ", "╵", " ")
	digits = regexp.MustCompile(`\d+`)
)

// plain returns a text for comparing: without frames, line breaks and numbers.
func plain(text string) string {
	return digits.ReplaceAllString(strings.Join(strings.Fields(boxes.Replace(text)), " "), "0")
}

// compare fails unless every line of a printed text was printed.
func (r *reader) compare(b block) {
	r.t.Helper()
	for text, reason := range notCompared {
		if strings.Contains(b.text, text) {
			r.t.Logf("not compared: %s: %s", b.where(), reason)
			return
		}
	}
	for line := range strings.Lines(b.text) {
		for _, piece := range strings.Split(line, "…") {
			if !strings.Contains(plain(r.printed), plain(piece)) {
				r.t.Errorf("%s: the page prints\n%s\nand the command\n%s", b.where(), piece, r.printed)
			}
		}
	}
}

// An exception that no page needs must be removed.
func TestExceptionsAreNeeded(t *testing.T) {
	t.Parallel()
	for _, exceptions := range []map[string]string{notRun, notCompared} {
		for text := range exceptions {
			needed := slices.ContainsFunc(allPages(t), func(p *page) bool {
				return slices.ContainsFunc(p.blocks, func(b block) bool { return strings.Contains(b.text, text) })
			})
			if !needed {
				t.Errorf("no block has %q", text)
			}
		}
	}
}
