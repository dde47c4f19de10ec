// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// reviewedBefore returns a tenant that was reviewed before, and the folder of that review.
func reviewedBefore(t *testing.T) (w *world, previous string) {
	t.Helper()
	w = emptyWorld(t)
	for _, name := range []string{"ada", "ben", "cleo"} {
		w.tenant.AddUser(simulator.User{Email: name + "@example.com"})
	}
	w.roster().done()
	must(t, rehearsal.FillIn(w.path(""), func(row rehearsal.Row) {
		switch row.Cell("email") {
		case "ada@example.com":
			row.Decide(rehearsal.Decision{Decision: review.Keep, Reason: "=project", Expires: rehearsal.Day(40)})
		case "ben@example.com":
			row.Decide(rehearsal.Decision{Decision: review.Remove, Reason: "on leave"})
		}
	}))
	previous = w.path("") + "-before"
	must(t, os.Rename(w.path(""), previous))
	return w, previous
}

// A reviewer sees the last decision about the person, also under another address, and not
// about the user who has the address now.
func TestWorksheetsShowTheLastReview(t *testing.T) {
	t.Parallel()
	w, previous := reviewedBefore(t)
	must(t, w.tenant.Delete("ben@example.com"))
	w.tenant.AddUser(simulator.User{Email: "ben@example.com"})
	read, _ := w.roster("-previous", previous).done()
	got := map[string]review.Last{}
	for _, e := range read.Entries {
		got[e.Email] = e.Last
		if e.Decision != review.Undecided || e.Expires != "" {
			t.Errorf("decided already: %+v", e)
		}
	}
	want := map[string]review.Last{"ada@example.com": {Decision: review.Keep, Reason: "=project", Expires: rehearsal.Day(40)}, "ben@example.com": {}, "cleo@example.com": {}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("last decisions (-want +got):\n%s", diff)
	}
}

func TestTheLastReviewOfAnotherTenantIsNoted(t *testing.T) {
	t.Parallel()
	_, previous := reviewedBefore(t)
	w := emptyWorld(t)
	w.tenant.AddUser(simulator.User{Email: "ada@example.com"})
	o := w.roster("-previous", previous)
	o.done()
	o.says("no user of the roster is in the review of -previous: it may be from another tenant\n")
}

// Problems of the last review are reported before a request is sent.
func TestALastReviewThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		damage func(t *testing.T, previous string)
		says   string
	}{
		"a roster that was changed": {func(t *testing.T, previous string) {
			t.Helper()
			must(t, os.WriteFile(previous+"/roster.csv", []byte("id,email,status\n"), 0o600))
		}, "roster.csv is not the file whose checksum is in roster.json"},
		"no roster":   {func(t *testing.T, previous string) { t.Helper(); must(t, os.Remove(previous+"/roster.csv")) }, "roster.csv"},
		"no manifest": {func(t *testing.T, previous string) { t.Helper(); must(t, os.Remove(previous+"/roster.json")) }, "roster.json"},
		"a file that is not a manifest": {func(t *testing.T, previous string) {
			t.Helper()
			must(t, os.WriteFile(previous+"/roster.json", []byte("{}"), 0o600))
		}, "roster.json: it is not the manifest"},
		"no worksheets": {func(t *testing.T, previous string) { t.Helper(); must(t, os.RemoveAll(previous+"/decisions")) }, "there is no worksheet"},
		"a text that is not a decision": {func(t *testing.T, previous string) {
			t.Helper()
			must(t, rehearsal.FillIn(previous, func(row rehearsal.Row) { row.Decide(rehearsal.Decision{Decision: "perhaps"}) }))
		}, `decisions/corporate-ad.csv:2-4: the decision "perhaps" is not keep, remove or restore`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, previous := reviewedBefore(t)
			asked := len(w.tenant.Requests())
			tc.damage(t, previous)
			o := w.roster("-previous", previous)
			o.failed(exitUsage, "review roster: the review of -previous cannot be read. ", tc.says, "leave -previous out")
			if len(w.tenant.Requests()) != asked || !strings.HasSuffix(o.stderr, "the last decisions\n") {
				t.Errorf("a request was sent, or more was printed:\n%s", o.stderr)
			}
		})
	}
}
