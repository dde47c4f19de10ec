// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"-nonsense"}, "argument 1 is not known: -nonsense"},
		{[]string{"-json", "-email", enabledUser, "-Nonsense"}, "argument 4 is not known"},
		{[]string{"-json", "-wirte", enabledUser}, "argument 2 is not known: -wirte"},
		{[]string{"-=" + enabledUser}, "argument 1 is not known"},
		{[]string{"-json", "---x"}, "argument 2 is not known"},
		{[]string{"-email"}, "-email has no valid value"},
		{[]string{"-timeout", "soon"}, "-timeout has no valid value"},
		{[]string{"-timeout=soon"}, "-timeout has no valid value"},
		{[]string{"-json=perhaps"}, "-json has no valid value"},
		{[]string{"-write", enabledUser, "-write", "ben@example.com"}, "-write is given twice"},
		{[]string{"-write=" + enabledUser, "--write=ben@example.com"}, "-write is given twice"},
		{[]string{"ada"}, "the address of -email has no @"},
		{[]string{"-write", "ada"}, "the address of -write has no @"},
		{[]string{"-username", " ada"}, "the name of -username has white space"},
		{[]string{enabledUser, "ben@example.com"}, "one address is enough"},
		{[]string{"-timeout", "0s"}, "a duration above zero"},
	} {
		b := &bench{t: t}
		stdout, stderr, code := b.run(tc.args...)
		wantCode(t, code, ExitUsage, stdout)
		wantText(t, stderr, tc.want, "Usage: terraform-provider-idplus doctor")
		if stdout != "" {
			t.Errorf("printed %s", stdout)
		}
	}
	stdout, _, code := (&bench{t: t}).run("-help")
	wantCode(t, code, ExitFine, stdout)
	wantText(t, stdout, "Exit codes:", "-write ADDRESS")
	for flag := range strings.SplitSeq("-email -username -write -json -report -timeout", " ") {
		wantText(t, stdout, flag+" ")
	}
}

func TestAsksAPerson(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		enabledUser + "\n": "ok look-up found: Enabled (ada@example.com)",
		"\n":               "ok look-up the API answers (no address was given",
		"":                 "ok look-up the API answers (no address was given",
	} {
		b := newBench(t)
		b.command.Interactive, b.command.Stdin = true, strings.NewReader(typed)
		stdout, _, code := b.run()
		wantCode(t, code, ExitFine, stdout)
		wantText(t, stdout, "Email address of a user to look up", want)
	}
}

func TestTimeIsOver(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.tenant.SetLatency(200 * time.Millisecond)
	stdout, _, code := b.run("-timeout", "300ms")
	wantCode(t, code, ExitStopped, stdout)
	wantText(t, stdout, "no time left: see -timeout", "Not everything was checked.")
	_, d := b.answers("-timeout", "300ms")
	for _, check := range d.Checks {
		if check.Result == failed || check.Result == note {
			t.Errorf("a request that was given up says %s: %s", check.Name, check.Text)
		}
	}
}

func TestReportFile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	path := filepath.Join(t.TempDir(), "report.txt")
	stdout, _, code := b.run("-report", path)
	wantCode(t, code, ExitFine, stdout)
	wantText(t, stdout, "The report is in "+path)
	content, err := os.ReadFile(path)
	must(t, err)
	wantText(t, string(content), "Open questions", "look-up compares the case of an email address: no")
	if strings.Contains(stdout, "Open questions") {
		t.Error("the report was printed too")
	}
	_, stderr, code := b.run("-report", filepath.Join(path, "below"))
	wantCode(t, code, ExitUsage, stderr)
}

func TestColorOnlyOnRequest(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	plain, _, _ := b.run()
	b.command.Color = true
	colored, _, _ := b.run()
	if strings.Contains(plain, "\x1b") || !strings.Contains(colored, "\x1b[32mok\x1b[0m  clock") {
		t.Errorf("without color:\n%s\nwith:\n%s", plain, colored)
	}
	_, report, _ := strings.Cut(colored, "-----")
	if strings.Contains(report, "\x1b") {
		t.Error("the report has colors")
	}
}

// Each question has an answer.
func TestEachQuestionOnce(t *testing.T) {
	t.Parallel()
	ids, texts := map[question]bool{}, map[string]bool{}
	for _, q := range questionTable {
		if ids[q.id] || texts[q.text] || q.otherwise == "" || strings.Contains(q.text, ": ") {
			t.Errorf("%s: twice, without an answer, or with a colon", q.id)
		}
		ids[q.id], texts[q.text] = true, true
	}
	answered := map[question]bool{}
	for _, shown := range shownTemperaments {
		answered[shown.q] = true
	}
	for q := range answered {
		if !ids[q] {
			t.Errorf("%s is not in the table", q)
		}
	}
}

func TestStatusWord(t *testing.T) {
	t.Parallel()
	for status, want := range map[cloudadmin.Status]string{
		"Pending Deletion": "Pending Deletion", "PENDING_DELETE": "PENDING_DELETE", "ada@example.com": "(another text)",
		"a text that is much too long for a status": "(another text)",
	} {
		if got := plain(statusWord(status)); got != want {
			t.Errorf("%s: %s", status, got)
		}
	}
}

func TestFitsTheTerminal(t *testing.T) {
	t.Parallel()
	for width, most := range map[int]int{0: 80, 60: 60, 120: 120} {
		b := newBench(t)
		b.environ["IDPLUS_CLIENT_ID"] = "somebody"
		b.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerAPIError(403, "")})
		b.command.Width = width
		stdout, _, _ := b.run("-write", enabledUser)
		longest := 0
		for line := range strings.SplitSeq(stdout, "\n") {
			longest = max(longest, len(line))
			if strings.Contains(strings.TrimSpace(line), " ") && len(line) > most && !strings.HasPrefix(line, "-----") && !strings.HasPrefix(line, "ok fine") {
				t.Errorf("%d characters at a width of %d: %s", len(line), width, line)
			}
		}
		if longest < most-20 {
			t.Errorf("the longest line has %d characters at a width of %d", longest, width)
		}
	}
}
