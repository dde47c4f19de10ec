// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// How a diagnostic speaks of many users.

// listedNames is how many users a diagnostic names before it counts the rest.
const listedNames = 20

// bulleted lists names below each other, at most so many of them.
func bulleted(names []string, most int) string {
	var text strings.Builder
	for i, name := range names {
		if i == most {
			fmt.Fprintf(&text, "\n  and %d more", len(names)-most)
			break
		}
		if i > 0 {
			text.WriteString("\n")
		}
		text.WriteString("  - " + name)
	}
	return text.String()
}

// counted counts: "1 user", "2 users".
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// statusChange is the line of one user who changes, as plans write changes.
func statusChange(who string, from, to cloudadmin.Status) string {
	return fmt.Sprintf("%s: %s -> %s", who, cmp.Or(from, "unknown"), to)
}

// finding is what is to be said about one user of a map.
type finding struct {
	address string
	// line names the user and what was found.
	line string
}

// findings are all users about whom the same is to be said.
type findings []finding

// add adds a user with nothing to be said but the address.
func (f *findings) add(address string) { *f = append(*f, finding{address: address, line: address}) }

func (f *findings) addLine(address, format string, args ...any) {
	*f = append(*f, finding{address: address, line: fmt.Sprintf(format, args...)})
}

func (f *findings) addReassigned(address, was, is string) {
	f.addLine(address, "%s: was the user with the id %s, is the one with the id %s", address, was, is)
}

func (f findings) lines() string { return f.linesUpTo(listedNames) }

// listed lists several users above a text. One is named by the summary already.
func (f findings) listed() string {
	if len(f) == 1 && f[0].line == f[0].address {
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

func (f findings) emails() []cloudadmin.Address {
	emails := make([]cloudadmin.Address, len(f))
	for i := range f {
		emails[i] = cloudadmin.Email(f[i].address)
	}
	return emails
}

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
	if len(f) == 1 {
		return f[0].address
	}
	return f[0].address + ", …"
}

// at points at the row of the first user. Where there is none, because the user
// left the map, Terraform shows the map.
func (f findings) at(attribute path.Path, d diag.Diagnostic) diag.Diagnostic {
	return diag.WithPath(attribute.AtMapKey(f[0].address), d)
}

// wording is one kind of diagnostic, with the users it is about.
type wording struct {
	found findings
	word  func(findings) diag.Diagnostic
}

// worded are the diagnostics of the kinds that were found, each at a row of a map.
func worded(attribute path.Path, kinds ...wording) diag.Diagnostics {
	return placed(func(f findings, d diag.Diagnostic) diag.Diagnostic { return f.at(attribute, d) }, kinds)
}

// wordedAt are the same, all at one attribute.
func wordedAt(attribute path.Path, kinds ...wording) diag.Diagnostics {
	return placed(func(_ findings, d diag.Diagnostic) diag.Diagnostic { return diag.WithPath(attribute, d) }, kinds)
}

func placed(place func(findings, diag.Diagnostic) diag.Diagnostic, kinds []wording) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, kind := range kinds {
		if len(kind.found) > 0 {
			diags.Append(place(kind.found, kind.word(kind.found)))
		}
	}
	return diags
}
