// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/review/evidence"
)

// played is the folder of a review that Terraform and the simulator have made.
var played = filepath.Join("..", "evidence", "testdata", "q4")

// folder returns a copy of it that a test may change.
func folder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "2026-Q4")
	must(t, os.CopyFS(dir, os.DirFS(played)))
	return dir
}

// runEvidence runs the command, and returns what it prints and its exit code.
func runEvidence(args ...string) (stdout, stderr string, code int) {
	var out, err bytes.Buffer
	code = Evidence("test", args, &out, &err)
	return out.String(), err.String(), code
}

// edit replaces a text in a file.
func edit(t *testing.T, path, from, to string) {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	if !strings.Contains(string(text), from) {
		t.Fatalf("%s does not have %q", path, from)
	}
	must(t, os.WriteFile(path, []byte(strings.Replace(string(text), from, to, 1)), 0o600))
}

func TestEvidenceWritesWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	in := func(name string) string { return filepath.Join(dir, name) }
	must(t, os.WriteFile(in("e.json"), []byte("old"), 0o600))
	stdout, stderr, code := runEvidence("-dir", dir, "-plan", in("plan.json"), "-plan-log", in("plan.jsonl"), "-apply-log", in("apply.jsonl"), "-verify", in("verify.json"),
		"-html", in("e.html"), "-markdown", in("e.md"), "-json", in("e.json"), "-gate")
	if want := "Applied and verified: 16 users, 4 changes. Written: " + strings.Join([]string{in("e.html"), in("e.md"), in("e.json")}, ", ") + "\n"; code != exitDone || !strings.HasPrefix(stdout, want+"note: ") || stderr != "" {
		t.Fatalf("code %d, stdout %q, stderr %q", code, stdout, stderr)
	}
	for _, name := range []string{"e.html", "e.md", "e.json"} {
		text, err := os.ReadFile(in(name))
		must(t, err)
		if !bytes.HasSuffix(text, []byte("\n")) || !bytes.Contains(text, []byte("ben@example.com")) && name != "e.md" {
			t.Errorf("%s: %d bytes, and no line end or no ben", name, len(text))
		}
		if bytes.Contains(text, []byte(filepath.Dir(dir))) {
			t.Errorf("%s names a folder of this machine", name)
		}
		if info, err := os.Stat(in(name)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info.Mode(), err)
		}
	}
	entries, err := os.ReadDir(dir)
	must(t, err)
	if slices.ContainsFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") }) {
		t.Error("a temporary file is left")
	}
}

func TestEvidenceEndsWithTheExitCodeOfTheRecord(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change         func(t *testing.T, dir string)
		args           []string
		verify         bool
		code           int
		stdout, stderr string
	}{
		"ready": {
			args: []string{"-gate"}, code: exitDone, stdout: "Ready to approve: 16 users, 4 changes\n",
		},
		"a stop without -gate": {
			change: func(t *testing.T, dir string) { edit(t, filepath.Join(dir, "decisions", "local.csv"), ",keep,", ",,") },
			code:   exitDone, stdout: "Not ready: 16 users, 4 changes, 1 point stops the review\n",
			stderr: "stops: The worksheets have mistakes (1): decisions/local.csv:2: ",
		},
		"a stop with -gate": {
			change: func(t *testing.T, dir string) {
				edit(t, filepath.Join(dir, "decisions", "corporate-ad.csv"), "remove,left", "keep,left")
			},
			args: []string{"-gate"}, code: exitStopped, stdout: "Not ready: 16 users, 4 changes, 2 points stop the review\n",
			stderr: "stops: The plan was made from other files (1): ben@example.com: the plan has remove, the worksheet keep (decisions/corporate-ad.csv:3)\n",
		},
		"a night that differs": {
			args: []string{"-nightly"}, code: exitDone, stdout: "Differs from the review: 16 users, ",
		},
		"a night that differs, with -gate": {
			args: []string{"-nightly", "-gate"}, code: exitStopped, stdout: "Differs from the review: 16 users, ",
		},
		"hostile characters in a worksheet": {
			change: func(t *testing.T, dir string) {
				edit(t, filepath.Join(dir, "decisions", "corporate-ad.csv"), "remove,left", "re\x1b[31mmove\u202e,left")
			},
			args: []string{"-gate"}, code: exitStopped, stdout: "Not ready: 16 users, 4 changes, 1 point stops the review\n", stderr: `the decision "re\x1b[31mmove\u202e" is not keep`,
		},
		"no roster": {
			change: func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, "roster.csv"))) },
			code:   exitUsage, stderr: "review evidence: roster.csv is not in ",
		},
		"no worksheets": {
			change: func(t *testing.T, dir string) { must(t, os.RemoveAll(filepath.Join(dir, "decisions"))) },
			args:   []string{"-gate"}, code: exitStopped, stdout: "Not ready: 16 users, 4 changes, 1 point stops the review\n",
			stderr: "stops: The worksheets have mistakes (1): there is no worksheet. Pass the files that the reviewers have filled in\n",
		},
		"the plan itself in the place of the plan after the apply": {
			change: func(t *testing.T, dir string) {
				t.Helper()
				must(t, os.Remove(filepath.Join(dir, "verify.json")))
				must(t, os.Link(filepath.Join(dir, "plan.json"), filepath.Join(dir, "verify.json")))
			},
			verify: true, code: exitUsage, stderr: "review evidence: -plan and -verify name one file, ",
		},
		"a plan that is cut off": {
			change: func(t *testing.T, dir string) { must(t, os.Truncate(filepath.Join(dir, "plan.json"), 5000)) },
			code:   exitUsage, stderr: "review evidence: plan.json: this is not the JSON of a plan: the file is cut off",
		},
		"an output that cannot be written": {
			args: []string{"-json", filepath.Join("no", "such", "folder", "e.json")}, code: exitUsage, stderr: "e.json cannot be written: ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folder(t)
			if test.change != nil {
				test.change(t, dir)
			}
			if test.verify {
				test.args = append(test.args, "-verify", filepath.Join(dir, "verify.json"))
			}
			stdout, stderr, code := runEvidence(append([]string{"-dir", dir, "-plan", filepath.Join(dir, "plan.json")}, test.args...)...)
			if code != test.code || !strings.HasPrefix(stdout, test.stdout) || !strings.Contains(stderr, test.stderr) || test.stderr == "" && stderr != "" {
				t.Errorf("code %d, stdout %q, stderr %q", code, stdout, stderr)
			}
			if strings.ContainsAny(stdout+stderr, "\x1b\u202e") {
				t.Errorf("a text of a worksheet reaches the terminal: %q %q", stdout, stderr)
			}
		})
	}
}

func TestEvidenceRefusesWrongArguments(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"none":                                 {nil, "-plan is missing"},
		"no folder":                            {[]string{"-plan", "p"}, "-dir is missing"},
		"a folder that does not exist":         {[]string{"-plan", "p", "-dir", "none"}, "none is not a folder: -dir names the folder of the review"},
		"a flag twice":                         {[]string{"-plan", "p", "-plan", "q"}, "set twice"},
		"an empty value":                       {[]string{"-plan", "p", "-dir", "d", "-approved", ""}, "a variable of the pipeline may not be set"},
		"an unknown flag":                      {[]string{"-pla", "p"}, "flag provided but not defined: -pla"},
		"a fact without a value":               {[]string{"-plan", "p", "-dir", "d", "-fact", "Commit"}, "a fact is NAME=VALUE"},
		"a fact without a name":                {[]string{"-plan", "p", "-dir", "d", "-fact", " =x"}, "a fact is NAME=VALUE"},
		"a fact of a variable that is not set": {[]string{"-plan", "p", "-dir", "d", "-fact", "Commit="}, "the value is empty: a variable"},
		"a fact twice":                         {[]string{"-plan", "p", "-dir", "d", "-fact", "a=x", "-fact", "a=y"}, "set twice"},
		"an argument":                          {[]string{"-plan", "p", "-dir", "d", "e.json"}, `unknown argument "e.json"`},
		"a night that was approved":            {[]string{"-plan", "p", "-dir", "d", "-nightly", "-approved", "e"}, "-nightly is for a plan that is not applied: leave out -approved"},
		"a night that was applied":             {[]string{"-plan", "p", "-dir", "d", "-nightly", "-apply-log", "l"}, "leave out -apply-log"},
		"a night that was verified":            {[]string{"-plan", "p", "-dir", "d", "-nightly", "-verify", "p"}, "leave out -verify"},
		"one output twice":                     {[]string{"-plan", "p", "-dir", "d", "-json", "x", "-html", "./x"}, "name one file, x"},
		"an output that is read":               {[]string{"-plan", "p", "-dir", "d", "-json", "d/roster.csv"}, "-dir and -json name one file, d/roster.csv"},
		"what a terminal would obey":           {[]string{"-\x1b[31m"}, "U+001B"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stdout, stderr, code := runEvidence(test.args...)
			if code != exitUsage || stdout != "" || !strings.Contains(stderr, test.want) || strings.Contains(stderr, "\x1b") {
				t.Errorf("code %d, stdout %q, stderr %q", code, stdout, stderr)
			}
		})
	}
}

func TestFactsOfThePipelineAreShownAsSuch(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	in := func(name string) string { return filepath.Join(dir, name) }
	must(t, os.WriteFile(in("review.json"), []byte(`{"facts": [{"name": "Owner", "value": "Security"}]}`), 0o600))
	_, stderr, code := runEvidence("-dir", dir, "-plan", in("plan.json"), "-fact", "Commit=3f9c2b1=x", "-fact", "Approved by=Grace Hopper", "-json", in("e.json"), "-html", in("e.html"))
	if code != exitDone {
		t.Fatalf("code %d: %s", code, stderr)
	}
	var e evidence.Evidence
	text, err := os.ReadFile(in("e.json"))
	must(t, err)
	must(t, json.Unmarshal(text, &e))
	if want := []evidence.Fact{{Name: "Owner", Value: "Security"}, {Name: "Commit", Value: "3f9c2b1=x"}, {Name: "Approved by", Value: "Grace Hopper"}}; !slices.Equal(e.Facts, want) || e.ProviderVersion != "test" || e.RosterProviderVersion == "" {
		t.Errorf("facts %v, version %q, of the roster %q", e.Facts, e.ProviderVersion, e.RosterProviderVersion)
	}
	page, err := os.ReadFile(in("e.html"))
	must(t, err)
	for _, want := range []string{"Nothing has checked it", "<dt>Commit</dt><dd>3f9c2b1=x</dd>", "version test of the provider", "version " + e.RosterProviderVersion + " of the provider"} {
		if !bytes.Contains(page, []byte(want)) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

func TestEvidenceHelp(t *testing.T) {
	t.Parallel()
	stdout, stderr, code := runEvidence("-help")
	if code != exitDone || stdout != evidenceHelp || stderr != "" {
		t.Errorf("code %d, stdout %q, stderr %q", code, stdout, stderr)
	}
	for _, name := range []string{"plan", "dir", "plan-log", "approved", "apply-log", "verify", "nightly", "fact", "html", "markdown", "json", "gate"} {
		if !strings.Contains(evidenceHelp, "  -"+name+" ") {
			t.Errorf("the help does not name -%s", name)
		}
	}
}

// TestEvidenceApproves works as a pipeline does: what was approved may go on, and what was
// changed since may not.
func TestEvidenceApproves(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	in := func(name string) string { return filepath.Join(dir, name) }
	if _, stderr, code := runEvidence("-dir", dir, "-plan", in("plan.json"), "-json", in("approved.json"), "-gate"); code != exitDone {
		t.Fatalf("code %d: %s", code, stderr)
	}
	again := []string{"-dir", dir, "-plan", in("plan.json"), "-approved", in("approved.json"), "-gate"}
	if stdout, stderr, code := runEvidence(again...); code != exitDone {
		t.Errorf("code %d: %s%s", code, stdout, stderr)
	}
	edit(t, in("approved.json"), `"outcome": "loses"`, `"outcome": "keeps"`)
	if _, stderr, code := runEvidence(again...); code != exitStopped || !strings.Contains(stderr, "stops: Changes that were not approved (1): ben@example.com: loses access\n") {
		t.Errorf("code %d: %s", code, stderr)
	}
}

func TestShownNamesSayNothingAboutTheMachine(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"plan.json": "plan.json", "./out/../plan.json": "plan.json", filepath.Join("..", "out", "plan.json"): "../out/plan.json", filepath.Join(os.TempDir(), "plan.json"): "plan.json",
	} {
		if got := shownName(given); got != want {
			t.Errorf("%s is shown as %s, want %s", given, got, want)
		}
	}
}
