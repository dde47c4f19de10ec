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

// Roster is the command "review roster" and the world that it runs in.
type Roster struct {
	// Version is that of the provider.
	Version string
	Getenv  func(string) string
	// Stdout gets what was done, Stderr what else there is to say.
	Stdout, Stderr io.Writer
	// Terminal is whether a person reads Stderr while it is written.
	Terminal bool

	// now is the time; tests bring their own.
	now func() time.Time
}

// Run runs the command with what follows its name, and returns the exit code.
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
	// What may be wrong with files is found out before the tenant is asked.
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
// others are no roster.
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

// rosterMaxAge is after how many days a new review calls its roster old.
const rosterMaxAge = 60

// titleOf returns a review.json to begin with: the title is the name of the folder, and
// there is no deadline.
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

// summary says what was written, and what comes next.
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
address. How many there are is not known; review them by hand.

Next: in review.json, correct the title, and fill in the deadline, the last day for
decisions, such as 2026-12-31; an empty one is none. Then give each worksheet to its
reviewer. For each user, decision is keep (as in the roster; it never enables), remove
(Disabled) or restore (Enabled, with a reason); an empty cell is no decision. expires is
the last day of access, for an exception. Rows, decision_for and the columns that show
the user stay as they are.

These files hold names and addresses. Keep them in a private repository.
`
