// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"fmt"

	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// notFound is what search and look-up, which use addresses, can say about a user.
const notFound = "no longer found by an email address"

// judgeNotFound lists the users of the roster whose id is not found by any address.
func (r *record) judgeNotFound() {
	r.noteNotFound(review.AnotherPerson, "another_person", "Another person has the address",
		"The user who had it in the roster is "+notFound+": deleted, or without an address now. Nothing is changed; the user who has it now is in no review yet.")
	r.noteNotFound(review.Left, "left", "Left since the roster, or without an address now",
		"No user with these ids is found by an email address: each was deleted, or has no address now. Nothing is changed.")
}

// noteNotFound says apart who was to lose access: whoever lost only the address may have it
// still.
func (r *record) noteNotFound(outcome review.Outcome, kind, title, text string) {
	removed := 0
	who := r.people(func(p *Person) bool { return p.Outcome == outcome }, func(p *Person) string {
		said := ""
		if outcome == review.AnotherPerson {
			said = p.Detail
		}
		if r.isToLose(p) {
			removed++
			said = joined(said, "to be removed: "+decided(p))
		}
		return said
	})
	if removed > 0 {
		text += fmt.Sprintf(" Of these, %d %s to be removed: make sure that they have no access.", removed, phrase.Plural(removed, "was", "were"))
	}
	r.noteFor(who, kind, title, text)
}
