// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	"github.com/idplus-community/terraform-provider-idplus/internal/review/evidence"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The scenes of examples/access-review until the review is approved.

const (
	reviewName  = "2026-Q4"
	branch      = "review-" + reviewName
	sheetOfMany = "decisions/grace-example-com.csv"
)

// readOnly comes before a command that must not need the permission to change a user.
const readOnly = "IDPLUS_OAUTH_SCOPES=rsa.user.read"

func makeRoster(s *stage) {
	for _, program := range []string{"bash", "git"} {
		if _, err := exec.LookPath(program); err != nil {
			s.fail(errors.New("the review runs pipeline.sh in a git repository: install " + program + ", or choose another scene, as in SCENE=8"))
			return
		}
	}
	s.say("A tenant with 60 users from four identity sources. The review is kept in a git repository, a copy of examples/access-review. Its state is a file here; use a backend that locks it, as in the example's folder backends.")
	tenant := simulator.NewTenant()
	simulator.SeedExample(tenant)
	simulator.SeedUsers(tenant, 60-simulator.ExampleUsers)
	s.enter("access-review", tenant)
	s.fail(os.RemoveAll(filepath.Join(s.folder, "reviews"))) // Of other users.
	s.git("init", "-q", "-b", "main")
	s.initialize()
	s.git("add", "-A")
	s.git("commit", "-q", "-m", "The configuration")
	s.git("checkout", "-q", "-b", branch)

	s.say("terraform init has installed the provider's program. One of its commands reads all users, and writes a worksheet for each reviewer. Who reviews what is in reviewers.csv:")
	s.show("reviewers.csv")
	program, err := rehearsal.Program(s.folder)
	s.fail(err)
	roster := []string{"review", "roster", "-out", "reviews/" + reviewName, "-by", "reviewers.csv"}
	s.run("terraform-provider-idplus review roster -out reviews/"+reviewName+" -by reviewers.csv", s.abridged(), program, roster...).
		exits(0).says("60 users")
	s.show("reviews/" + reviewName + "/roster.json")
	s.show("reviews/" + reviewName + "/" + sheetOfMany)
	s.fail(rehearsal.NameReview(s.folder, reviewName))
	s.show("terraform.tfvars")
	s.commit("Roster of " + reviewName)
	s.changes(0)
}

func openDecisions(s *stage) {
	s.say("The reviewers fill in their worksheets. They remove users who have not signed in for half a year, and some others; three users of jonas@example.com are left open.")
	s.decideAll(true)
	s.commit("Decisions, some open")
	s.meantToFail("The pull request's pipeline plans and checks the plan. Its client can only read.")
	s.pipeline("pr", readOnly).exits(1).says("Not ready", "No decision")
	s.points("undecided", leftOpen()...)
	s.say("This is the comment on the pull request:")
	s.summary()
	s.changes(0)
}

func cutWorksheet(s *stage) {
	s.say("A worksheet comes back by mail, and half of it is missing. Without a check, half of its users would be forgotten.")
	name := filepath.Join(s.reviewFolder(), sheetOfMany)
	whole, err := os.ReadFile(name)
	s.fail(err)
	s.fail(os.WriteFile(name, whole[:len(whole)/2], 0o600))
	s.typed("tail -n 2 " + sheetOfMany)
	if half := bytes.Split(whole[:len(whole)/2], []byte("\n")); len(half) > 2 {
		s.print(string(bytes.Join(half[len(half)-2:], []byte("\n"))) + "\n")
	}
	s.meantToFail("The function access_review refuses it and names file and line.")
	s.pipeline("pr", readOnly).exits(1).says("Not ready", sheetOfMany)
	if e := s.evidence(); e != nil && !e.PlanFailed {
		s.fail(errors.New("there is a plan with a worksheet that was cut off"))
	}
	s.changes(0)
	s.say("git has the complete file.")
	s.git("checkout", "-q", "--", ".")
}

func readyToApprove(s *stage) {
	s.say("jonas@example.com decides about the other three.")
	s.decideAll(false)
	s.commit("All decisions")
	s.pipeline("pr", readOnly).exits(0).says("Ready to approve")
	s.review.approved = s.changing()
	if n := len(s.review.approved); s.failure == nil && n != approvedChanges {
		s.fail(fmt.Errorf("the pull request shows %d changes, but %d were decided", n, approvedChanges))
	}
	s.checks++
	s.summary()
	s.changes(0)
	s.say("The pull request is approved. The forge keeps the evidence that its reviewers saw, for the merge.")
	s.typed("cp out/evidence.json approved.json")
	content, err := os.ReadFile(filepath.Join(s.folder, "out", "evidence.json"))
	s.fail(err)
	s.fail(os.WriteFile(filepath.Join(s.folder, "approved.json"), content, 0o600))
}

// changing returns the users who gain or lose access according to the evidence, by id.
func (s *stage) changing() map[string]string {
	wanted := map[string]string{}
	if e := s.evidence(); e != nil {
		for i := range e.People {
			if p := &e.People[i]; p.Changes() {
				wanted[p.ID] = p.Wanted
			}
		}
	}
	return wanted
}

func (s *stage) reviewFolder() string { return filepath.Join(s.folder, "reviews", reviewName) }

func (s *stage) evidence() *evidence.Evidence {
	if s.failure != nil {
		return nil
	}
	e, err := readEvidence(filepath.Join(s.folder, "out", "evidence.json"))
	s.fail(err)
	return e
}
