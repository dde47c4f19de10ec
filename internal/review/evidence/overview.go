// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// overview is the record sorted and counted, for both the page and the summary.
type overview struct {
	*Evidence
	Banner          banner
	Stopping, Noted []Point
	// Important are the notes that matter for an approval, by their index in Noted.
	Important         []int
	Gaining, Losing   []*Person
	Exceptions, Moved []*Person
	Sources           []source
	Reviewers         []reviewer

	inRoster, decided, undecided int
	count                        map[review.Outcome]int
}

// source is the population of an identity source.
type source struct {
	Name            string
	Total, InRoster int
	Count           map[review.Outcome]int
}

// reviewer is what one reviewer has decided.
type reviewer struct {
	Name                           string
	Total, Kept, Removed, Restored int
	From, To                       string
}

// survey reads a record.
func survey(e *Evidence) *overview {
	o := &overview{Evidence: e, count: map[review.Outcome]int{}}
	sources, reviewers := map[string]*source{}, map[string]*reviewer{}
	for i := range e.People {
		p := &e.People[i]
		o.sort(p)
		entry(sources, p.IdentitySource).add(p)
		if p.Decision != review.Undecided {
			entry(reviewers, cloudadmin.Fold(p.Reviewer)).add(p)
		}
	}
	for _, p := range e.Points {
		switch {
		case p.Stops:
			o.Stopping = append(o.Stopping, p)
		case p.isImportant():
			o.Important = append(o.Important, len(o.Noted))
			fallthrough
		default:
			o.Noted = append(o.Noted, p)
		}
	}
	slices.SortStableFunc(o.Exceptions, func(a, b *Person) int { return cmp.Compare(a.Expires, b.Expires) })
	slices.SortStableFunc(o.Moved, func(a, b *Person) int {
		return cmp.Compare(slices.Index(outcomes, a.Outcome), slices.Index(outcomes, b.Outcome))
	})
	o.Sources = sorted(sources, func(a, b *source) int {
		return cmp.Or(-cmp.Compare(a.Total, b.Total), cmp.Compare(a.Name, b.Name))
	})
	o.Reviewers = sorted(reviewers, func(a, b *reviewer) int {
		return cmp.Or(cmp.Compare(cloudadmin.Fold(a.Name), cloudadmin.Fold(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	o.Banner = o.conclude()
	return o
}

// sort adds a person to the lists.
func (o *overview) sort(p *Person) {
	o.count[p.Outcome]++
	switch p.Outcome {
	case review.Gains:
		o.Gaining = append(o.Gaining, p)
	case review.Loses:
		o.Losing = append(o.Losing, p)
	case review.HeldBack, review.PendingDeletion, review.AnotherPerson, review.Joined, review.Left:
		o.Moved = append(o.Moved, p)
	default:
	}
	if p.Expires != "" {
		o.Exceptions = append(o.Exceptions, p)
	}
	if p.Joined {
		return
	}
	o.inRoster++
	switch {
	case p.Decision != review.Undecided:
		o.decided++
	case p.Outcome.IsStaying():
		o.undecided++
	}
}

func (s *source) add(p *Person) {
	s.Name = p.IdentitySource
	if s.Count == nil {
		s.Count = map[review.Outcome]int{}
	}
	s.Total++
	s.Count[p.Outcome]++
	if !p.Joined {
		s.InRoster++
	}
}

func (r *reviewer) add(p *Person) {
	r.Name = cmp.Or(r.Name, p.Reviewer)
	r.Total++
	switch p.Decision {
	case review.Keep:
		r.Kept++
	case review.Remove:
		r.Removed++
	case review.Restore:
		r.Restored++
	default:
	}
	if when(p.DecidedOn) != "" {
		r.From, r.To = min(cmp.Or(r.From, p.DecidedOn), p.DecidedOn), max(r.To, p.DecidedOn)
	}
}

// entry returns the value of a key, which it adds if it is missing.
func entry[T any](m map[string]*T, key string) *T {
	if m[key] == nil {
		m[key] = new(T)
	}
	return m[key]
}

// sorted returns the values of a map in order.
func sorted[T any](m map[string]*T, compare func(a, b *T) int) []T {
	list := make([]T, 0, len(m))
	for _, v := range m {
		list = append(list, *v)
	}
	slices.SortFunc(list, func(a, b T) int { return compare(&a, &b) })
	return list
}

// Scope describes the users of the roster; empty if no roster is known.
func (o *overview) Scope() string {
	p := &o.Population
	if p.EmailContains == "" {
		return ""
	}
	text := fmt.Sprintf("%s in the roster. The API counted %d in the tenant by the search for addresses with %s; users without such an address are not in the roster.",
		phrase.Counted(p.Users, "user"), p.CountedByAPI, p.EmailContains)
	if len(p.IdentitySources) > 0 {
		text += " The roster has only the identity sources " + phrase.Joined(p.IdentitySources, len(p.IdentitySources)) + "."
	}
	return text
}

// Changes returns the users that the plan changes. Those who gain access come first, since
// a mistake there lets someone in.
func (o *overview) Changes() []*Person { return slices.Concat(o.Gaining, o.Losing) }
