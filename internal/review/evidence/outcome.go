// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import "github.com/idplus-community/terraform-provider-idplus/internal/review"

// share is a part of a population in the picture.
type share int

// The shares, in the order of the picture. Those to check come first, so that they begin at
// the same edge in each bar.
const (
	gaining share = iota
	losing
	open
	without
	keeping
	shares
)

// Words returns the share as the end of "3 users …".
func (s share) Words(users int) string {
	if users == 1 {
		return [shares]string{"gains access", "loses access", "open", "stays without access", "keeps access"}[s]
	}
	return [shares]string{"gain access", "lose access", "open", "stay without access", "keep access"}[s]
}

// Key is the name of the share on the page's style.
func (s share) Key() string { return [shares]string{"gain", "lose", "open", "without", "keep"}[s] }

// look is how an outcome is shown.
type look struct {
	// Words are for one user, Sign is for people who cannot see the color.
	Words, Sign string
	Share       share
}

// looks has each outcome, and the empty one of a plan that failed.
var looks = map[review.Outcome]look{
	review.Gains:           {"gains access", "+", gaining},
	review.Loses:           {"loses access", "−", losing},
	review.NoDecision:      {"no decision", "?", open},
	review.HeldBack:        {"held back", "!", open},
	review.PendingDeletion: {"pending deletion", "!", open},
	review.AnotherPerson:   {"another person", "!", open},
	review.Joined:          {"joined", "!", open},
	review.Left:            {"left", "!", open},
	review.StaysDisabled:   {"stays disabled", "○", without},
	review.Keeps:           {"keeps access", "✓", keeping},
	"":                     {"not known", "?", open},
}

// outcomes is the order of the columns.
var outcomes = []review.Outcome{
	review.Gains, review.Loses, review.NoDecision, review.HeldBack, review.PendingDeletion,
	review.AnotherPerson, review.Joined, review.Left, review.StaysDisabled, review.Keeps,
}

// lookOf returns how an outcome is shown. An unknown outcome is open, under its own name.
func lookOf(outcome review.Outcome) look {
	if l, ok := looks[outcome]; ok {
		return l
	}
	return look{string(outcome), "!", open}
}
