// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Outcome is the result of a review for one user.
type Outcome string

// The outcomes, as the data source and the evidence name them.
const (
	Keeps         Outcome = "keeps"
	StaysDisabled Outcome = "stays disabled"
	Loses         Outcome = "loses"
	Gains         Outcome = "gains"
	// NoDecision is a user without a decision, whose status stays as it is.
	NoDecision Outcome = "undecided"
	// HeldBack is a user whose decision is not carried out: one who was to be kept but has
	// lost access since, because keep enables no user, or one whose identity or status is
	// not certain.
	HeldBack        Outcome = "held back"
	PendingDeletion Outcome = "pending deletion"
	Left            Outcome = "left"
	// AnotherPerson is a user who has left, and whose address belongs to another user.
	AnotherPerson Outcome = "another person"
	// Joined is a user of the tenant who is not in the roster.
	Joined Outcome = "joined"
)

// Outcomes returns all outcomes.
func Outcomes() []Outcome {
	return []Outcome{Keeps, StaysDisabled, Loses, Gains, NoDecision, HeldBack, PendingDeletion, Left, AnotherPerson, Joined}
}

// Changes reports whether the user gains or loses access.
func (o Outcome) Changes() bool { return o == Gains || o == Loses }

// IsGone reports whether the user of the roster is no longer found by an address.
func (o Outcome) IsGone() bool { return o == Left || o == AnotherPerson }

// IsStaying reports whether the user of the roster is neither gone nor about to be.
func (o Outcome) IsStaying() bool { return !o.IsGone() && o != PendingDeletion }

// Person is a user as the tenant shows one now.
type Person struct {
	ID, Email, IdentitySource string
	Status                    cloudadmin.Status
	PendingDeletion           bool
	// Unsure is the reason why what was read is not enough to act on; empty if it is.
	Unsure string
}

// Verdict is the result of a review for one user of the roster or of the tenant.
type Verdict struct {
	Row
	// Address is the current address: Email, unless it was changed. It is empty for users
	// that the tenant does not show.
	Address        string
	IdentitySource string
	// Status is the status that the tenant shows now; empty where there is none.
	Status cloudadmin.Status
	// Wanted is the status to set; empty leaves the user out of what Terraform manages.
	Wanted  cloudadmin.Status
	Outcome Outcome
	// Detail is the reason, where the outcome alone does not say it.
	Detail string
}

// Judge returns the verdict on each row and on each person without a row, sorted by
// address, those of the roster first. Rows and people are matched by id: a decision is
// about a person, whatever the person's address is now. ifUndecided is the decision for
// rows without one: Keep or Remove. Ids are unique in rows and in people.
func Judge(rows []Row, people []Person, ifUndecided Decision) []Verdict {
	byID := make(map[string]*Person, len(people))
	byEmail := make(map[string]*Person, len(people))
	for i := range people {
		p := &people[i]
		byID[p.ID] = p
		if key := cloudadmin.Fold(p.Email); byEmail[key] == nil || p.ID < byEmail[key].ID {
			byEmail[key] = p
		}
	}
	verdicts := make([]Verdict, 0, max(len(rows), len(people)))
	inRoster := make(map[string]bool, len(rows))
	for _, row := range rows {
		inRoster[row.ID] = true
	}
	for _, row := range rows {
		if p := byID[row.ID]; p != nil {
			verdicts = append(verdicts, row.judge(p, ifUndecided))
			continue
		}
		v := Verdict{Row: row, Outcome: Left, Detail: "no user with this id is found by an email address"}
		if other := byEmail[cloudadmin.Fold(row.Email)]; other != nil && row.Email != "" {
			v.Outcome, v.Detail = AnotherPerson, "the address now belongs to another user, with the id "+other.ID
		}
		verdicts = append(verdicts, v)
	}
	for _, p := range people {
		if !inRoster[p.ID] {
			verdicts = append(verdicts, Verdict{
				Row: Row{ID: p.ID, Email: p.Email}, Address: p.Email, IdentitySource: p.IdentitySource,
				Status: p.Status, Outcome: Joined, Detail: cmp.Or(p.Unsure, "not in the roster"),
			})
		}
	}
	slices.SortStableFunc(verdicts, func(a, b Verdict) int {
		return cmp.Or(cmp.Compare(cloudadmin.Fold(a.Email), cloudadmin.Fold(b.Email)), joinedLast(a, b), cmp.Compare(a.ID, b.ID))
	})
	return verdicts
}

func joinedLast(a, b Verdict) int {
	switch {
	case (a.Outcome == Joined) == (b.Outcome == Joined):
		return 0
	case a.Outcome == Joined:
		return 1
	}
	return -1
}

// judge returns the verdict on a row about a person in the tenant.
func (r Row) judge(p *Person, ifUndecided Decision) Verdict {
	v := Verdict{Row: r, Address: p.Email, IdentitySource: p.IdentitySource, Status: p.Status}
	if p.Unsure != "" {
		v.Outcome, v.Detail = HeldBack, p.Unsure
		return v
	}
	v.decide(p, ifUndecided)
	if !cloudadmin.SameName(r.Email, p.Email) {
		moved := "the address is now " + p.Email
		if v.Detail != "" {
			moved += "; " + v.Detail
		}
		v.Detail = moved
	}
	return v
}

// decide sets the wanted status of the person that the row is about.
func (v *Verdict) decide(p *Person, ifUndecided Decision) {
	undecided := v.Decision == Undecided
	removed := v.Decision == Remove || v.Ended || undecided && ifUndecided == Remove
	switch {
	case p.PendingDeletion:
		v.Outcome, v.Detail = PendingDeletion, "marked for deletion in the tenant"
		if removed {
			v.Wanted = cloudadmin.Disabled
		}
	case removed:
		v.want(cloudadmin.Disabled)
		switch {
		case v.Decision == Remove:
		case v.Ended:
			v.Detail = strings.TrimSuffix("access ended: "+v.Expires, ": ")
		default:
			v.Detail = "no decision, and users without one are disabled"
		}
	case v.Decision == Restore:
		v.want(cloudadmin.Enabled)
	case undecided:
		v.Outcome, v.Detail, v.Wanted = NoDecision, "no decision: status unchanged", asIs(p.Status)
	default:
		v.keep(p)
	}
}

// keep wants the status in the roster, but enables no user.
func (v *Verdict) keep(p *Person) {
	switch {
	case v.RosterStatus == cloudadmin.Disabled:
		v.want(cloudadmin.Disabled)
		if v.Outcome == Loses {
			v.Detail = v.since()
		}
	case p.Status == cloudadmin.Enabled:
		v.want(cloudadmin.Enabled)
	default:
		v.Outcome, v.Wanted = HeldBack, asIs(p.Status)
		v.Detail = v.since() + ": keep enables no user"
	}
}

// since describes how the status has changed since the roster.
func (v *Verdict) since() string {
	return fmt.Sprintf("%s in the roster, %s now", orNone(v.RosterStatus), orNone(v.Status))
}

// want wants a status, and names the outcome by the one that the tenant shows.
func (v *Verdict) want(status cloudadmin.Status) {
	v.Wanted = status
	switch {
	case status == cloudadmin.Enabled && v.Status == cloudadmin.Enabled:
		v.Outcome = Keeps
	case status == cloudadmin.Enabled:
		v.Outcome = Gains
	case v.Status == cloudadmin.Disabled:
		v.Outcome = StaysDisabled
	default:
		v.Outcome = Loses
	}
}

// asIs returns a status that a user may be left in: none if it is not one of the two that
// can be set.
func asIs(status cloudadmin.Status) cloudadmin.Status {
	if status == cloudadmin.Enabled || status == cloudadmin.Disabled {
		return status
	}
	return ""
}

func orNone(status cloudadmin.Status) string { return cmp.Or(string(status), "without a status") }
