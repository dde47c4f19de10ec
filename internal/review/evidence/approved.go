// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// judgeApproved checks whether the plan does what was approved, and no more.
func (r *record) judgeApproved() error {
	if !r.files.Approved.given() {
		return nil
	}
	approved, err := readEvidence(r.files.Approved)
	if err != nil {
		return err
	}
	if approved.Phase != Planned {
		return r.files.Approved.errorf("this is evidence of the phase %q, but only evidence of a plan is approved: pass the evidence.json of the plan that was approved", approved.Phase)
	}
	if stops := approved.Stops(); stops > 0 || approved.PlanFailed {
		r.stop("approved_not_ready", "What was approved was not ready", "Its conclusion is \""+string(approved.Conclusion)+"\", with "+phrase.Counted(stops, "point")+" that stopped it. Resolve them, and approve the new evidence.")
	}
	if host(approved.Tenant) != host(r.Tenant) && r.Tenant != "" {
		r.stop("approved_other_tenant", "Another tenant was approved", "The approval is for "+host(approved.Tenant)+", the plan of "+host(r.Tenant)+".")
	}
	const again = "The approval is for what the files said then: approve the new evidence."
	if approved.ConfigurationSHA256 != r.ConfigurationSHA256 {
		r.stop("approved_other_configuration", "The configuration is not the one that was approved", "The configuration, or the value of a variable, was changed since, and with it the guards of the apply: approve the new evidence. Values that must differ between both runs, such as credentials, belong in the environment or in a sensitive variable.")
	}
	r.stopFor(differences(approved.Inputs, r.Inputs, roleRoster), "approved_other_roster", "Another roster was approved", again)
	r.stopFor(differences(approved.Inputs, r.Inputs, roleWorksheet), "approved_other_worksheets", "Other worksheets were approved", again)
	if r.PlanFailed {
		return nil
	}
	was := make(map[string]*Person, len(approved.People))
	for i := range approved.People {
		was[approved.People[i].ID] = &approved.People[i]
	}
	r.stopFor(r.people(func(p *Person) bool {
		before := was[p.ID]
		return p.Changes() && !p.isShownBy(before) && !p.hasEndedSince(before)
	}, access), "not_approved", "Changes that were not approved", "They are not in the evidence that was approved. Approve the new evidence, or plan again.")
	r.stopFor(r.people(func(p *Person) bool {
		return p.isShownBy(was[p.ID]) && p.isRestoredAgain(was[p.ID])
	}, func(p *Person) string { return p.Drift }), "restored_again", "Would be enabled again", "Terraform had enabled these users, but they have lost access since, outside of Terraform, which the approval does not include. Find out why. If they are to have access anyway, approve the new evidence, which shows it.")
	r.noteFor(r.people(func(p *Person) bool { return p.Changes() && p.hasEndedSince(was[p.ID]) }, func(p *Person) string {
		return p.Expires + ", " + access(p)
	}), "ended_since_approval", "Exceptions that have ended since the approval", "The approved evidence shows these users with the same decision and the same end of access.")
	r.stopFor(r.moreThan(approved), "more_not_approved", "The plan does more than was approved", "Approve the new evidence, or plan again.")

	is := make(map[string]bool, len(r.People))
	for i := range r.People {
		is[r.People[i].ID] = r.People[i].Changes()
	}
	var dropped []string
	for _, p := range approved.People {
		if p.Changes() && !is[p.ID] {
			dropped = append(dropped, p.Email+": "+access(&p))
		}
	}
	r.noteFor(dropped, "no_longer_in_plan", "Approved, but no longer in the plan", "These users already have the wanted status, or no longer need a change.")
	return nil
}

// isShownBy reports whether the approved evidence shows the change of the person. A person
// who is to lose access may have any status by now.
func (p *Person) isShownBy(approved *Person) bool {
	return approved != nil && p.Changes() && approved.Outcome == p.Outcome && (p.Outcome == review.Loses || approved.Status == p.Status)
}

// isRestoredAgain reports whether the person gains access that Terraform had given and that
// was taken away outside of Terraform, which the approval does not include. A person who
// has access again that Terraform had taken away loses it as approved.
func (p *Person) isRestoredAgain(approved *Person) bool {
	return p.Outcome == review.Gains && strings.HasPrefix(p.Drift, string(cloudadmin.Enabled)+" ") && approved.Drift != p.Drift
}

// hasEndedSince reports whether the person loses access only because an approved end has
// passed.
func (p *Person) hasEndedSince(approved *Person) bool {
	return approved != nil && p.Outcome == review.Loses && p.Ended && !approved.Ended && p.Expires != "" &&
		approved.Expires == p.Expires && approved.Decision == p.Decision && !approved.Changes() &&
		(approved.Status == p.Status || approved.Outcome == review.Keeps)
}

// access returns what a change does to a person.
func access(p *Person) string {
	if p.Outcome == review.Gains {
		return "gains access"
	}
	return "loses access"
}

// moreThan returns what the plan does in addition to changes of people that was not
// approved.
func (r *record) moreThan(approved *Evidence) []string {
	var more []string
	for _, kind := range []string{"other_resources", "let_go"} {
		known := whoOf(approved.Points, kind)
		for _, who := range whoOf(r.Points, kind) {
			if !slices.Contains(known, who) {
				more = append(more, who)
			}
		}
	}
	return more
}

// whoOf returns the users in the points of a kind.
func whoOf(points []Point, kind string) []string {
	var who []string
	for _, p := range points {
		if p.Kind == kind {
			who = append(who, p.Who...)
		}
	}
	return who
}

// differences returns the names of the files of a role that differ.
func differences(a, b []Input, role string) []string {
	sums := func(inputs []Input) map[string]string {
		of := map[string]string{}
		for _, in := range inputs {
			if in.Role == role {
				of[in.Name] = in.SHA256
			}
		}
		return of
	}
	was, is := sums(a), sums(b)
	var names []string
	for name, sum := range is {
		if was[name] != sum {
			names = append(names, name)
		}
	}
	for name := range was {
		if _, still := is[name]; !still {
			names = append(names, name+": no longer there")
		}
	}
	slices.Sort(names)
	return names
}

// readEvidence reads an evidence.json of the format that this version writes.
func readEvidence(f File) (*Evidence, error) {
	var version struct {
		Format *int `json:"format"`
	}
	const wayOut = "pass the evidence.json of the plan that was approved"
	text, err := f.text()
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return nil, f.errorf("this is not evidence: %w; %s", damaged(err), wayOut)
	}
	if version.Format == nil {
		return nil, f.errorf("this is not evidence, since it has no format; %s", wayOut)
	}
	if *version.Format != Format {
		return nil, f.errorf("format is %d, but this version reads %d: approve evidence that this version has made", *version.Format, Format)
	}
	e := new(Evidence)
	if err := json.Unmarshal(text, e); err != nil {
		return nil, f.errorf("this is not evidence: %w; %s", err, wayOut)
	}
	if e.Conclusion == "" || e.People == nil || e.Points == nil || e.Inputs == nil {
		return nil, f.errorf("this is not evidence, since conclusion, points, people or inputs are missing; %s", wayOut)
	}
	if strings.TrimSpace(e.Tenant) == "" && !e.PlanFailed {
		return nil, f.errorf("this is not evidence, since the tenant is missing; %s", wayOut)
	}
	return e, nil
}
