// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// Roster is the command "review roster" and its environment.
type Roster struct {
	// Version is the version of the provider.
	Version string
	Getenv  func(string) string
	// Stdout gets the result, Stderr everything else.
	Stdout, Stderr io.Writer
	// Terminal reports whether Stderr is a terminal.
	Terminal bool

	// now returns the time; tests replace it.
	now func() time.Time
}

// Run runs the command with the arguments after its name, and returns the exit code.
func (r Roster) Run(ctx context.Context, args []string) int {
	if r.now == nil {
		r.now = time.Now
	}
	options, err := parseRosterOptions(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		_, _ = io.WriteString(r.Stdout, rosterHelp)
		return exitDone
	case err != nil:
		r.say("%s\n\n%s", err, strings.TrimSuffix(rosterUsage, "\n"))
		return exitUsage
	}
	// Problems with files are found before the tenant is read.
	assign := assigner(bySource)
	if options.by != byIdentitySource {
		if assign, err = byFile(options.by); err != nil {
			r.say("%s", err)
			return exitUsage
		}
	}
	last, err := readLastReview(options.previous, r.now())
	if err != nil {
		r.say("%s", err)
		return exitUsage
	}
	folder, err := openFolder(options.out)
	if err != nil {
		r.say("%s", err)
		return exitUsage
	}
	defer folder.abandon()

	client, err := r.connect(ctx)
	if err != nil {
		r.say("%s", err)
		return exitFailed
	}
	found, err := client.read(ctx, options)
	var misnamed *unknownSourcesError
	switch {
	case errors.As(err, &misnamed):
		r.say("%s", err)
		return exitUsage
	case err != nil:
		r.say("%s", client.explained(ctx, err))
		return exitFailed
	}
	sheets, notes := assign(found.users)
	if err := folder.write(ctx, r.files(options, client, found, sheets, last)); err != nil {
		r.say("%s", err)
		if ctx.Err() != nil {
			return exitFailed
		}
		return exitUsage
	}
	for _, note := range slices.Concat(found.notes(options), last.notes(found.users), notes) {
		r.say("%s", note)
	}
	_, _ = io.WriteString(r.Stdout, summary(options.out, client.tenant, found, sheets))
	return exitDone
}

func (r Roster) say(format string, args ...any) {
	_, _ = fmt.Fprintf(r.Stderr, "review roster: "+format+"\n", args...)
}

const (
	rosterName   = "roster.csv"
	manifestName = "roster.json"
	titleName    = "review.json"
	gitName      = ".gitattributes"
	sheetsName   = "decisions"
)

// gitAttributes keeps git from changing the files.
const gitAttributes = "# git leaves line ends as they are: " + manifestName + " has the checksum of " + rosterName + ".\n* -text\n"

// files returns the files of a new review. The manifest comes last: without it, the
// review is incomplete.
func (r Roster) files(options rosterOptions, client *tenantReader, found *population, sheets []worksheet, last lastReview) []newFile {
	roster := review.WriteRoster(found.users)
	var files []newFile
	for _, sheet := range sheets {
		files = append(files, newFile{name: sheet.path(), text: review.WriteWorksheet(sheet.users, sheet.reviewer, last)})
	}
	manifest := review.Manifest{
		Tenant:     client.tenant,
		ReadAt:     found.readAt.UTC().Format(time.RFC3339),
		Scope:      review.Scope{EmailContains: options.emailContains, IdentitySources: options.sources},
		TotalByAPI: found.total, Users: len(found.users), SHA256: review.SumOf(roster),
		ProviderVersion: r.Version, Shared: found.shared,
	}
	return append(files,
		newFile{name: gitName, text: gitAttributes, mayBeThere: true},
		newFile{name: titleName, text: titleOf(options.out), mayBeThere: true},
		newFile{name: rosterName, text: roster},
		newFile{name: manifestName, text: manifest.JSON()})
}

// rosterMaxAge is the number of days after which a new review calls its roster old.
const rosterMaxAge = 60

// titleOf returns an initial review.json: the title is the name of the folder, without a
// deadline.
func titleOf(folder string) string {
	if whole, err := filepath.Abs(folder); err == nil {
		folder = whole
	}
	text, _ := json.MarshalIndent(struct {
		Title            string `json:"title"`
		Deadline         string `json:"deadline"`
		RosterMaxAgeDays int    `json:"roster_max_age_days"`
	}{Title: "Access review " + filepath.Base(folder), RosterMaxAgeDays: rosterMaxAge}, "", "  ")
	return string(text) + "\n"
}

// rosterUser returns a user as a line of the roster.
func rosterUser(u *cloudadmin.User) review.User {
	return review.User{
		ID: u.ID, Email: string(u.EmailAddress), Name: strings.TrimSpace(string(u.FirstName + " " + u.LastName)),
		Status: u.UserStatus, IdentitySource: string(u.IdentitySource),
		Created: string(u.CreationDate), LastSync: string(u.LastSyncTime), LastSignedIn: cmp.Or(string(u.LastSuccessfulAuthenticationDate), string(u.MonthLastAuthenticated)),
		HighRisk: u.HighRiskUser.IsTrue(), PendingDeletion: u.MarkDeleted.IsTrue(),
	}
}

// summary returns what was written, and the next steps.
func summary(out, tenant string, found *population, sheets []worksheet) string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s of %s, read at %s.\n\n", phrase.Counted(len(found.users), "user"), tenant, found.readAt.UTC().Format(time.RFC3339))
	for _, name := range []string{rosterName, manifestName, titleName, gitName} {
		fmt.Fprintf(&text, "  %s\n", filepath.Join(out, name))
	}
	for i, sheet := range sheets {
		if i == phrase.Listed {
			fmt.Fprintf(&text, "  and %d more in %s\n", len(sheets)-i, filepath.Join(out, sheetsName))
			break
		}
		fmt.Fprintf(&text, "  %s (%s)\n", filepath.Join(out, filepath.FromSlash(sheet.path())), phrase.Counted(len(sheet.users), "user"))
	}
	text.WriteString(summaryEnd)
	return text.String()
}

const summaryEnd = `
Users without an email address are not in these files: search finds users by their
address. Their number is not known; review them by hand.

Next: in review.json, correct the title and set the deadline, the last day for decisions,
such as 2026-12-31; leave it empty for none. Then give each worksheet to its reviewer. For
each user, decision is keep (as in the roster; it never enables), remove (Disabled) or
restore (Enabled, with a reason); an empty cell is no decision. expires is the last day of
access, for an exception. Do not change rows, decision_for or the columns that show the
user.

These files contain names and addresses. Keep them in a private repository.
`
