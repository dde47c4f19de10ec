// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

const (
	enabledUser = "ada@example.com"
	markedUser  = "hugo@example.com"
	scimUser    = "user00003@example.com"
)

// If the tenant does something that the API's documentation does not describe, a line of
// the report shows it.
func TestFindsTheTemperament(t *testing.T) {
	t.Parallel()
	for _, m := range simulator.Temperaments() {
		if hiddenTemperaments[m.Name] != "" {
			continue
		}
		shown, known := shownTemperaments[m.Name]
		if !known {
			t.Errorf("%s: no line of the report shows it, and no reason is given why none can", m.Name)
			continue
		}
		answers := append(m.Answers, shown.others...)
		if len(answers) == 0 {
			answers = []string{"on"} // by prepare
		}
		for _, answer := range answers {
			t.Run(m.Name+"/"+answer, func(t *testing.T) {
				t.Parallel()
				b := newBench(t)
				if shown.prepare != nil {
					shown.prepare(t, b)
				}
				if len(m.Answers) > 0 {
					must(t, b.tenant.SetTemperament(m.Name, answer))
				}
				want, expected := shown.want[answer]
				if !expected {
					t.Fatalf("the test does not say what the report has for %q", answer)
				}
				before, _ := b.tenant.User(enabledUser)
				stdout, stderr, _ := b.run(shown.args...)
				wantLine(t, stdout+stderr, lineOf(t, shown.q), want)
				if after, _ := b.tenant.User(enabledUser); after.Status != before.Status {
					t.Errorf("%s was %s and is %s", enabledUser, before.Status, after.Status)
				}
			})
		}
	}
}

func lineOf(t *testing.T, q question) string {
	t.Helper()
	for _, row := range questionTable {
		if row.id == q {
			return row.text + ": "
		}
	}
	t.Fatalf("no question is %s", q)
	return ""
}

// wantLine checks that a line of the report begins with a question and its answer. A short
// answer must be complete.
func wantLine(t *testing.T, output, text, want string) {
	t.Helper()
	for line := range strings.SplitSeq(strings.ReplaceAll(output, "\n    ", " "), "\n") {
		answer, found := strings.CutPrefix(line, text)
		if !found {
			continue
		}
		if first, second, either := strings.Cut(want, "|"); either && (strings.HasPrefix(answer, first) || strings.HasPrefix(answer, second)) {
			return // Some of the time is real.
		}
		short := want == "yes" || want == "no" || want == "0" || want == "1" || want == "right"
		if !strings.HasPrefix(answer, want) || short && strings.TrimLeft(answer[len(want):], ", ") == answer[len(want):] && answer != want {
			t.Errorf("%s%s, want %s\n%s", text, answer, want, output)
		}
		return
	}
	t.Errorf("no line begins with %s\n%s", text, output)
}

// The tenant's default behavior is no reason for a note.
func TestNothingToNote(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, args := range [][]string{nil, {enabledUser}, {"-username", enabledUser}, {"-email", enabledUser, "-write", enabledUser}} {
		_, d := b.answers(args...)
		for _, check := range d.Checks {
			if check.Result != ok && check.Name != "write" {
				t.Errorf("%v: %s is %s: %s", args, check.Name, check.Result, check.Text)
			}
		}
		if d.ExitCode != ExitFine {
			t.Errorf("%v: exit code %d", args, d.ExitCode)
		}
	}
}
