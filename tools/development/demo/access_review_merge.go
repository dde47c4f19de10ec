// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The scenes of examples/access-review after the approval.

const (
	// keptFolder keeps the evidence after the demo; make clean removes it.
	keptFolder = ".demo"
	pageName   = "evidence.html"
)

// approval is what the forge knows of it, for the page.
var approval = []string{"REVIEW_PULL_REQUEST=17", "REVIEW_APPROVED_BY=ada@example.com"}

// accessReview is what the scenes of the access review share.
type accessReview struct {
	// approved are the users whose change was approved with the pull request: the wanted
	// status by id.
	approved map[string]string
}

func stoppedMerge(s *stage) {
	s.say("Days pass between approval and merge. Security disables Carla, whom the review keeps. Nina joins. Dmitri leaves, and a new user gets his address.")
	s.tenant("POST", "users/"+disabledMeanwhile+"/disable")
	s.tenant("POST", "users?email="+joined+"&first_name=Nina&last_name=Weber")
	s.tenant("POST", "users/"+reassigned+"/reassign")
	s.say("And the help desk enables a user who is Disabled in the roster and in the review: disabling that user again is a change that was not approved.")
	s.tenant("POST", "users/"+enabledMeanwhile+"/enable")
	s.git("checkout", "-q", "main")
	s.git("merge", "-q", "--no-ff", "-m", "Merge the review "+reviewName, branch)
	s.users.ResetCounts()
	s.meantToFail("The merge plans again, and compares the plan with what was approved.")
	s.pipeline("merge", approval...).exits(1).says("Changes that were not approved", enabledMeanwhile)
	s.points("not_approved", enabledMeanwhile)
	s.say("No user was changed.")
	s.changes(0)
}

func verifiedMerge(s *stage) {
	s.say("Either the review is approved again, or the change is undone. Here the help desk undoes it, and the merge runs again.")
	s.tenant("POST", "users/"+enabledMeanwhile+"/disable")
	s.users.ResetCounts()
	before := s.users.Users()
	s.pipeline("merge", approval...).exits(0).says("Applied and verified")
	s.onlyApprovedChanged(before)
	s.say("No other user was changed because of what happened meanwhile:")
	s.statuses(
		userStatus{"ben@example.com", simulator.Disabled, "removed, as approved"},
		userStatus{"elena@example.com", simulator.Enabled, "restored, as approved"},
		userStatus{disabledMeanwhile, simulator.Disabled, "held back: keep never enables"},
		userStatus{reassigned, simulator.Enabled, "another person: the decision was about Dmitri"},
		userStatus{joined, simulator.Enabled, "joined: in no review yet"},
		userStatus{enabledMeanwhile, simulator.Disabled, "as in the roster"},
	)
	s.points("held_back", disabledMeanwhile)
	s.points("another_person", reassigned)
	s.points("joined", joined, reassigned)
	s.summary()
	s.checkSums()
	s.keepEvidence()
}

// onlyApprovedChanged checks that all approved users have changed, except for the one who
// left, and no other user.
func (s *stage) onlyApprovedChanged(before []simulator.User) {
	changed := 0
	for _, was := range before {
		is, found := s.users.User(was.Email)
		want, approved := s.review.approved[was.ID]
		if !approved {
			want = was.Status
		}
		if s.failure == nil && (!found || is.Status != want) {
			s.fail(fmt.Errorf("%s is %s after the merge, but %s was expected", was.Email, is.Status, want))
		}
		if is.Status != was.Status {
			changed++
		}
		s.checks++
	}
	s.say(fmt.Sprintf("Of the tenant's %d users, %d were changed: those who were approved, except for Dmitri. He has left, but the evidence above still counts him.", len(before), changed))
	s.changes(changed)
}

// keepEvidence copies what is worth keeping.
func (s *stage) keepEvidence() {
	s.fail(os.RemoveAll(keptFolder))
	s.fail(os.MkdirAll(keptFolder, 0o750))
	for _, name := range []string{pageName, "summary.md", "evidence.json"} {
		content, err := os.ReadFile(filepath.Join(s.folder, "out", name))
		s.fail(err)
		s.fail(os.WriteFile(filepath.Join(keptFolder, name), content, 0o600))
	}
	s.kept = s.failure == nil
}

func nights(s *stage) {
	s.say("Every night a plan compares the tenant with the review. The first night they are the same.")
	s.pipeline("nightly", readOnly).exits(0)

	s.say("Weeks later an exception has ended, another one ends in a few days, and somebody enables Ben by hand. The demo cannot move Terraform's clock, so it moves the ends of the exceptions instead.")
	s.tenant("POST", "users/ben@example.com/enable")
	s.fail(rehearsal.FillIn(s.reviewFolder(), func(row rehearsal.Row) {
		row.MoveEnd(firstEnd(), rehearsal.Day(-1))
		row.MoveEnd(secondEnd(), rehearsal.Day(4))
	}))
	s.commit("The weeks have passed")
	s.users.ResetCounts()
	s.say("Exit code 2 means that someone has to act.")
	s.pipeline("nightly", readOnly).exits(2)
	s.points("drift", "ben@example.com")
	s.points("exception_ended", endsFirst)
	s.points("exception_ends_soon", endsSoon)
	s.summary()
	s.say("The nightly job changes no user; only an approved pull request does.")
	s.changes(0)
}
