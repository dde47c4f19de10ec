// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// How a diagnostic words one user and many.

// listedNames is how many users a diagnostic names before it counts the rest.
const listedNames = phrase.Listed

func bulleted(names []string, most int) string { return phrase.Bulleted(names, most) }

func counted(n int, what string) string { return phrase.Counted(n, what) }

func plural(n int, one, many string) string { return phrase.Plural(n, one, many) }

// statusChange is the line of one user who changes, as plans write changes.
func statusChange(who string, from, to cloudadmin.Status) string {
	return fmt.Sprintf("%s: %s -> %s", who, cmp.Or(from, "unknown"), to)
}

// finding is one line of a diagnostic, about one user.
type finding struct {
	who cloudadmin.Address
	// line names the user and what was found.
	line string
}

// findings are the users that one diagnostic is about.
type findings []finding

// add adds a user with the address as the line.
func (f *findings) add(who cloudadmin.Address) { *f = append(*f, finding{who, who.String()}) }

func (f *findings) addLine(who cloudadmin.Address, format string, args ...any) {
	*f = append(*f, finding{who, fmt.Sprintf(format, args...)})
}

// sort orders the users by address.
func (f findings) sort() {
	slices.SortFunc(f, func(a, b finding) int { return cmp.Compare(a.who.Key(), b.who.Key()) })
}

func (f findings) lines() string { return f.linesUpTo(listedNames) }

// listed lists users above a text. One user without further details is already in the
// summary.
func (f findings) listed() string {
	if len(f) == 1 && f[0].line == f[0].who.String() {
		return ""
	}
	return f.lines() + "\n\n"
}

func (f findings) linesUpTo(most int) string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].line
	}
	return bulleted(lines, most)
}

// pick chooses by the number of users.
func (f findings) pick(one, many string) string { return plural(len(f), one, many) }

// summary words a summary for one user and for many. It names a user, since
// Terraform shows only the first of several warnings with one summary.
func (f findings) summary(one, many string) string {
	if len(f) == 1 {
		return one + ": " + f.first()
	}
	return fmt.Sprintf("%d %s: %s", len(f), many, f.first())
}

// first names the first user, and hints at others.
func (f findings) first() string {
	name := cmp.Or(f[0].who.String(), `""`) // A key may be empty.
	if len(f) == 1 {
		return name
	}
	return name + ", …"
}

// named names the users in a sentence.
func (f findings) named() string {
	names := make([]string, 0, listedNames)
	for i := range f {
		if i == 3 && len(f) > 4 {
			return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), len(f)-i)
		}
		names = append(names, f[i].who.String())
	}
	return strings.Join(names, ", ")
}

// sendsNothing states that the apply goes on for other users.
func (f findings) sendsNothing() string {
	return "Nothing is sent for " + f.pick("this user, and the apply fails for this user only.", "these users, and the apply fails for these users only.")
}

// wording is one kind of diagnostic, with the users it is about.
type wording struct {
	found findings
	word  func(findings) diag.Diagnostic
}

// wordedAt returns the diagnostics of the kinds that were found, all at one
// attribute.
func wordedAt(attribute path.Path, kinds ...wording) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, kind := range kinds {
		if len(kind.found) > 0 {
			diags.Append(diag.WithPath(attribute, kind.word(kind.found)))
		}
	}
	return diags
}
