// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/review/evidence"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The pipeline of examples/access-review, as a forge runs it: a real git repository, a
// pull request's branch and its merge, a state that is locked, and the real Terraform.

// Between the approval and the merge a user is disabled, another joins, one is enabled, and
// an address passes to another person. What was approved is applied to its users only.
func TestPipelineAppliesWhatWasApproved(t *testing.T) {
	t.Parallel()
	r := newRepository(t, stateServer(t))
	r.makeRoster("2026-Q4")
	r.git("checkout", "-q", "-b", "review-2026-Q4")
	r.commit("roster of 2026-Q4")

	r.pipeline("pr").exits(1).says("Not ready")
	undecided := r.evidence()
	if undecided.Conclusion != evidence.NotReady || len(r.point(undecided, "undecided").Who) == 0 {
		t.Errorf("before the decisions: %s, %v", undecided.Conclusion, kinds(undecided))
	}

	kept, removed, reassigned, restored := r.enabled(0), r.enabled(1), r.enabled(2), r.disabled(0)
	r.decide(map[string]rehearsal.Decision{
		removed:      {Decision: review.Remove, Reason: "left the team"},
		reassigned:   {Decision: review.Remove, Reason: "left the company"},
		restored:     {Decision: review.Restore, Reason: "back from leave"},
		r.enabled(3): {Decision: review.Keep, Reason: "contractor", Expires: "2999-12-31"},
	})
	r.commit("decisions of 2026-Q4")
	r.tenant.ResetCounts()
	r.pipeline("pr").exits(0).says("Ready to approve")
	approved := r.evidence()
	if got, want := changes(approved), []string{reassigned + " loses", removed + " loses", restored + " gains"}; !equalSets(got, want) {
		t.Errorf("the pull request shows the changes %v, want %v", got, want)
	}
	r.keepsSaying("summary.md", "<!-- idplus-review -->", removed, reassigned, restored)
	r.wantPUTs(0)
	r.approve()

	must(t, r.tenant.SetStatus(kept, simulator.Disabled))
	_, err := r.tenant.Join(simulator.User{Email: "nina.new@example.com"})
	must(t, err)
	another, err := r.tenant.Reassign(reassigned)
	must(t, err)

	r.git("checkout", "-q", "main")
	r.git("merge", "-q", "--no-ff", "-m", "Merge the review", "review-2026-Q4")
	// A plan on main that would change one user more than was approved applies nothing.
	stays := r.disabled(1)
	must(t, r.tenant.SetStatus(stays, simulator.Enabled))
	r.pipeline("merge").exits(1)
	r.wantPUTs(0)
	if p := r.point(r.evidence(), "not_approved"); !p.Stops || len(p.Who) != 1 || !strings.Contains(p.Who[0], stays) {
		t.Errorf("the point is %+v, want one that stops and names %s", p, stays)
	}
	must(t, r.tenant.SetStatus(stays, simulator.Disabled))
	r.pipeline("merge").exits(0).says("Applied and verified")
	r.wantPUTs(2)
	for address, want := range map[string]string{
		kept: simulator.Disabled, removed: simulator.Disabled, restored: simulator.Enabled,
		reassigned: simulator.Enabled, "nina.new@example.com": simulator.Enabled,
	} {
		if u, _ := r.tenant.User(address); u.Status != want {
			t.Errorf("%s is %s, want %s", address, u.Status, want)
		}
	}
	done := r.evidence()
	if done.Conclusion != evidence.AppliedAndVerified {
		t.Errorf("the conclusion is %q, want %q: %v", done.Conclusion, evidence.AppliedAndVerified, kinds(done))
	}
	for address, want := range map[string]review.Outcome{
		kept: review.HeldBack, reassigned: review.AnotherPerson, "nina.new@example.com": review.Joined, removed: review.Loses, restored: review.Gains,
	} {
		if p := person(done, address); p.Outcome != want {
			t.Errorf("%s: the outcome is %q, want %q", address, p.Outcome, want)
		}
	}
	if p := person(done, reassigned); p.ID == another.ID {
		t.Errorf("the decision about %s passed on to the new user of the address", reassigned)
	}
	r.checksums()

	r.pipeline("nightly").exits(0)
	must(t, r.tenant.SetStatus(removed, simulator.Enabled))
	r.pipeline("nightly").exits(2)
	if drift := r.point(r.evidence(), "drift"); len(drift.Who) != 1 || !strings.Contains(drift.Who[0], removed) {
		t.Errorf("drift names %v, want %s", drift.Who, removed)
	}
}

// The same with the state in PostgreSQL. A run that finds the state locked changes
// nothing.
func TestPipelineWithStateInPostgreSQL(t *testing.T) {
	t.Parallel()
	r := newRepository(t, postgres(t))
	r.makeRoster("2026-Q4")
	removed := r.enabled(1)
	r.decide(map[string]rehearsal.Decision{removed: {Decision: review.Remove, Reason: "left the team"}})
	r.commit("the review")
	r.pipeline("pr").exits(0)
	r.approve()
	r.pipeline("merge").exits(0).says("Applied and verified")
	if u, _ := r.tenant.User(removed); u.Status != simulator.Disabled {
		t.Errorf("%s is %s, want Disabled", removed, u.Status)
	}
	if state, _ := filepath.Glob(filepath.Join(r.dir, "*.tfstate*")); len(state) > 0 {
		t.Errorf("there is a state beside the configuration: %v", state)
	}
}

// An exception that has ended, one that ends within a week, and a drift are reported separately.
func TestPipelineOfANightDistinguishesEndedExceptionsFromDrift(t *testing.T) {
	t.Parallel()
	r := newRepository(t, stateServer(t))
	r.makeRoster("2026-Q4")
	ended, soon, drifted := r.enabled(1), r.enabled(2), r.enabled(3)
	r.decide(map[string]rehearsal.Decision{
		ended:   {Decision: review.Keep, Reason: "contractor", Expires: rehearsal.Day(40)},
		soon:    {Decision: review.Keep, Reason: "contractor", Expires: rehearsal.Day(3)},
		drifted: {Decision: review.Remove, Reason: "left the team"},
	})
	r.commit("the review")
	r.pipeline("pr").exits(0)
	r.approve()
	r.pipeline("merge").exits(0)

	must(t, r.tenant.SetStatus(drifted, simulator.Enabled))
	must(t, rehearsal.FillIn(r.review, func(row rehearsal.Row) { row.MoveEnd(rehearsal.Day(40), rehearsal.Day(-1)) })) // the months have passed
	r.pipeline("nightly").exits(2)
	night := r.evidence()
	for kind, who := range map[string]string{"exception_ended": ended, "exception_ends_soon": soon, "drift": drifted} {
		if p := r.point(night, kind); len(p.Who) != 1 || !strings.Contains(p.Who[0], who) {
			t.Errorf("%s names %v, want %s alone", kind, p.Who, who)
		}
	}
}

// The example's own test of worksheets runs without a tenant.
func TestReviewTestsOfTheExample(t *testing.T) {
	t.Parallel()
	r := newRepository(t, backend{})
	r.makeRoster("2026-Q4")
	r.terraform("test").exits(1).says("Without a decision")
	r.decide(nil)
	r.terraform("test").exits(0).says("1 passed, 0 failed")
}

// checksums compares SHA256SUMS with the files beside it.
func (r *repository) checksums() {
	r.t.Helper()
	sums := r.read("out/SHA256SUMS")
	for _, name := range []string{"evidence.html", "evidence.json", "summary.md", "plan.json", "apply.jsonl", "verify.json"} {
		if !strings.Contains(sums, sumOf(r.read("out/"+name))+"  "+name) {
			r.t.Errorf("SHA256SUMS does not have the sum of %s:\n%s", name, sums)
		}
	}
}

func (r *repository) evidence() *evidence.Evidence {
	r.t.Helper()
	var e evidence.Evidence
	must(r.t, json.Unmarshal([]byte(r.read("out/evidence.json")), &e))
	return &e
}

// approve keeps the evidence of the pull request, as the forge does for the merge.
func (r *repository) approve() {
	r.t.Helper()
	must(r.t, os.WriteFile(filepath.Join(r.dir, "approved.json"), []byte(r.read("out/evidence.json")), 0o600))
}

func (r *repository) point(e *evidence.Evidence, kind string) evidence.Point {
	r.t.Helper()
	for _, p := range e.Points {
		if p.Kind == kind {
			return p
		}
	}
	r.t.Errorf("there is no point %s among %v", kind, kinds(e))
	return evidence.Point{}
}

func kinds(e *evidence.Evidence) (kinds []string) {
	for _, p := range e.Points {
		kinds = append(kinds, p.Kind)
	}
	return kinds
}

// person returns the user of the roster with an address, or the user who has joined with
// it.
func person(e *evidence.Evidence, address string) (found evidence.Person) {
	for _, p := range e.People {
		if strings.EqualFold(p.Email, address) && (found.ID == "" || found.Joined) {
			found = p
		}
	}
	return found
}

func changes(e *evidence.Evidence) (who []string) {
	for i := range e.People {
		if p := &e.People[i]; p.Changes() {
			who = append(who, p.Email+" "+string(p.Outcome))
		}
	}
	return who
}

func equalSets(a, b []string) bool {
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}
