// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// reviewReading reads the people of a review. Search shows most of them. A look-up confirms
// users who would change, and users that search does not show: users do not leave because
// search lags. The resource of the same plan does not repeat these look-ups.
type reviewReading struct {
	data          *providerData
	rows          []review.Row
	ifUndecided   review.Decision
	emailContains string
	sources       map[string]bool

	people map[string]*review.Person // by id
	// shown has the ids that search has shown.
	shown map[string]bool
	// asked has the ids that were looked up.
	asked map[string]bool
	// lacksUsers reports whether search may not have shown all users.
	lacksUsers bool
	// twins counts the people with an address, by cloudadmin.Fold.
	twins map[string]int
	odd   oddPeople
}

// question is a look-up to make: of the address that a person has, or had in the roster.
type question struct {
	id  string
	who cloudadmin.Address
}

// verdicts returns the verdict on each user of the roster and of the tenant.
func (r *reviewReading) verdicts(ctx context.Context) (verdicts []review.Verdict, diags diag.Diagnostics) {
	diags = r.list(ctx)
	if diags.HasError() {
		return nil, diags
	}
	questions := r.questions()
	if !r.knowsAnyone() && len(r.rows) >= snapshot.Many {
		// A sample of look-ups is enough to recognize a wrong tenant.
		some := sampleOf(questions)
		if err := r.ask(ctx, some); err != nil {
			return nil, append(diags, r.data.words.cannotRead(err))
		}
		if !r.knowsAnyone() {
			return nil, append(diags, rosterUnknown(len(r.rows), len(some)))
		}
	}
	if err := r.ask(ctx, questions); err != nil {
		return nil, append(diags, r.data.words.cannotRead(err))
	}
	if err := r.followMissing(ctx); err != nil {
		return nil, append(diags, r.data.words.cannotRead(err))
	}
	diags.Append(r.notShown()...)
	r.holdBackOneAddress()
	r.noteUncertain()
	verdicts = slices.DeleteFunc(r.judge(), func(v review.Verdict) bool {
		// A user without a source may be from one of these.
		return v.Outcome == review.Joined && len(r.sources) > 0 && v.IdentitySource != "" && !r.sources[v.IdentitySource]
	})
	return verdicts, append(diags, r.odd.words()...)
}

func personOf(user *cloudadmin.User) *review.Person {
	p := &review.Person{
		ID: user.ID, Email: string(user.EmailAddress), IdentitySource: string(user.IdentitySource),
		Status: user.UserStatus, PendingDeletion: user.MarkDeleted.IsTrue(),
	}
	if emailProblem(p.Email) != "" {
		p.Unsure = "the tenant shows no address by which the user can be looked up"
	}
	return p
}

// judge returns the verdicts based on what is known.
func (r *reviewReading) judge() []review.Verdict {
	people := make([]review.Person, 0, len(r.people))
	for _, p := range r.people {
		people = append(people, *p)
	}
	return review.Judge(r.rows, people, r.ifUndecided)
}

// questions returns the look-ups of users that search alone does not show well enough.
func (r *reviewReading) questions() (questions []question) {
	for _, v := range r.judge() {
		p := r.people[v.ID]
		switch {
		case p == nil && emailProblem(v.Email) != "":
			r.people[v.ID] = &review.Person{ID: v.ID, Email: v.Email, Unsure: "search does not show the user, who cannot be looked up by the address in the roster"}
		case p == nil, p.Unsure != "" && emailProblem(v.Email) == "":
			questions = append(questions, question{v.ID, cloudadmin.Email(v.Email)})
		case p.Unsure == "" && r.hasToBeConfirmed(&v):
			questions = append(questions, question{v.ID, cloudadmin.Email(p.Email)})
		}
	}
	return questions
}

// hasToBeConfirmed reports whether what search shows of a user may be outdated.
func (r *reviewReading) hasToBeConfirmed(v *review.Verdict) bool {
	switch v.Outcome {
	case review.Joined:
		return len(r.sources) > 0 && v.IdentitySource == ""
	case review.NoDecision:
		// A user left as Disabled would lose a status that search does not show yet.
		return v.Status != cloudadmin.Enabled || r.twins[cloudadmin.Fold(v.Address)] > 1
	case review.Keeps, review.StaysDisabled:
		return r.twins[cloudadmin.Fold(v.Address)] > 1
	default:
		return true
	}
}

// ask looks people up, each only once.
func (r *reviewReading) ask(ctx context.Context, questions []question) error {
	questions = slices.DeleteFunc(slices.Clone(questions), func(q question) bool { return r.asked[q.id] })
	who := make([]cloudadmin.Address, len(questions))
	for i, q := range questions {
		who[i] = q.who
	}
	if _, err := r.data.memory.Find(ctx, who, snapshot.Options{}); err != nil {
		return err
	}
	for _, q := range questions {
		// Use each spelling: Find has one answer for both.
		found, err := r.data.memory.Lookup(ctx, q.who, snapshot.Options{})
		if err != nil {
			return &snapshot.LookupError{Who: q.who, Cause: err}
		}
		r.learn(q, found)
		r.asked[q.id] = true
	}
	return nil
}

// learn records what a look-up has found.
func (r *reviewReading) learn(q question, found snapshot.Found) {
	shown := r.people[q.id]
	switch user := found.User; {
	case user != nil && user.ID == q.id:
		r.people[q.id] = personOf(user)
	case found.Another != nil && found.Another.ID == q.id:
		r.people[q.id] = personOf(found.Another) // Under another address now.
	case shown != nil && shown.Unsure != "":
		// Search shows no address, and the address in the roster leads to another user.
		if user != nil {
			r.people[user.ID] = personOf(user)
		}
	case user != nil && shown != nil && r.people[user.ID] != nil && cloudadmin.SameName(r.people[user.ID].Email, shown.Email):
		r.doubt(q, found, "several users have the address, and a look-up finds the one with the id "+user.ID)
	case user != nil:
		// Search may not know yet that the address belongs to this user.
		if shown != nil {
			delete(r.people, q.id)
		}
		r.people[user.ID] = personOf(user)
	case found.Refused != nil:
		r.doubt(q, found, "a look-up of the address is refused")
	case found.Another != nil:
		r.doubt(q, found, "a look-up of the address leads to another user, who does not have it")
	case shown != nil || found.Shown != nil:
		r.doubt(q, found, "search shows a user with the address, and a look-up finds none")
	}
}

// doubt notes that a person is not certain.
func (r *reviewReading) doubt(q question, found snapshot.Found, why string) {
	p := r.people[q.id]
	if p == nil {
		p = &review.Person{ID: q.id, Email: q.who.String()}
		r.people[q.id] = p
	}
	p.Unsure = why
	r.odd.add(q.id, q.who, found, why)
}

// followMissing looks for users of the roster that neither search nor a look-up of their
// address has shown: with a new address, search may not find them by email_contains. If
// they cannot be found or excluded, they are held back. A decision is not lost with an
// address.
func (r *reviewReading) followMissing(ctx context.Context) error {
	for _, row := range r.rows {
		if r.people[row.ID] != nil {
			continue
		}
		user, told, err := r.data.memory.WithID(ctx, row.ID)
		switch {
		case err != nil:
			return err
		case user != nil:
			r.people[row.ID] = personOf(user)
		case !told:
			r.doubt(question{row.ID, cloudadmin.Email(row.Email)}, snapshot.Found{}, "no user with this id has the address, and search does not show whether the user has a new one")
		}
	}
	return nil
}

// holdBackOneAddress holds back users of the roster whose addresses differ only in case: a
// map of statuses treats them as one.
func (r *reviewReading) holdBackOneAddress() {
	first := map[string]*review.Person{}
	for _, row := range r.rows {
		p := r.people[row.ID]
		if p == nil || p.Unsure != "" {
			continue
		}
		key := cloudadmin.Fold(p.Email)
		if other := first[key]; other != nil {
			for _, one := range []*review.Person{other, p} {
				one.Unsure = "several users of the roster have the address"
				r.odd.add(one.ID, cloudadmin.Email(one.Email), snapshot.Found{}, one.Unsure)
			}
		}
		first[key] = p
	}
}

// noteUncertain notes the users of the roster who are not certain, unless more is noted
// already.
func (r *reviewReading) noteUncertain() {
	for _, row := range r.rows {
		if p := r.people[row.ID]; p != nil && p.Unsure != "" {
			r.odd.add(row.ID, cloudadmin.Email(cmp.Or(row.Email, row.ID)), snapshot.Found{}, p.Unsure)
		}
	}
}

// knowsAnyone reports whether any user of the roster was found.
func (r *reviewReading) knowsAnyone() bool {
	return slices.ContainsFunc(r.rows, func(row review.Row) bool { p := r.people[row.ID]; return p != nil && p.Unsure == "" })
}

// sampleOf returns some questions, spread over the list.
func sampleOf(questions []question) []question {
	some := make([]question, min(snapshot.Many, len(questions)))
	for i := range some {
		some[i] = questions[i*len(questions)/len(some)]
	}
	return some
}
