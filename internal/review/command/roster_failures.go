// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

var (
	errInterrupted = errors.New("interrupted: no file is written")
	errNotCounted  = errors.New("the search does not return the number of users, so the roster cannot be checked for completeness. The Cloud Administration API returns it: check IDPLUS_ADMIN_API_URL")
	errEmpty       = errors.New("search finds no user. Check -email-contains, that IDPLUS_ADMIN_API_URL is the tenant you mean, and that the credentials may see its users")
)

// changedError reports that search counts or shows other users after a reading than
// before.
type changedError struct{ counted, shown int }

func (e *changedError) Error() string {
	return fmt.Sprintf("in each of %d readings search showed other users at the end than at the beginning (it counts %s, and showed %d). "+
		"Either users are added and deleted all the time, as during a synchronization, or the search contradicts itself. Run the command again later", readings, phrase.Counted(e.counted, "user"), e.shown)
}

// ownerError reports an address of several users of which a look-up finds none.
type ownerError struct {
	email string
	ids   []string
}

func (e *ownerError) Error() string {
	return fmt.Sprintf("search shows several users with the address %s (ids %s), but a look-up finds none of them, so it is not known who has it. "+
		"Correct the address of the others in their identity source, or run the command again later: search may lag", e.email, strings.Join(e.ids, ", "))
}

// unknownSourcesError reports identity sources that no user has.
type unknownSourcesError struct{ unknown, known []string }

func (e *unknownSourcesError) Error() string {
	return fmt.Sprintf("no user has the identity source %s. The identity sources are %s: use one as written here",
		phrase.Joined(quotedNames(e.unknown), phrase.Listed), phrase.Joined(quotedNames(e.known), phrase.Listed))
}

// quotedNames returns names in quotes, without a character that a terminal acts on.
func quotedNames(names []string) []string {
	quoted := make([]string, 0, len(names))
	for _, name := range names {
		quoted = append(quoted, fmt.Sprintf("%q", name))
	}
	return quoted
}

const noFile = "No file is written."

// searchError reports a listing that failed.
type searchError struct{ cause error }

func (e *searchError) Error() string { return e.cause.Error() }

func (e *searchError) Unwrap() error { return e.cause }

// explained words why the users could not be read, and what to do.
func (t *tenantReader) explained(ctx context.Context, err error) string {
	var search *searchError
	var short *snapshot.ShortfallError
	var lookup *snapshot.LookupError
	var refusal *cloudadmin.Error
	var text string
	switch {
	case ctx.Err() != nil:
		return errInterrupted.Error()
	case errors.Is(err, snapshot.ErrNoneExist):
		text = "search does not show users completely, so they were looked up, but no look-up found a user. " +
			"The credentials probably may search for users and not look them up: check their scopes or role."
	case errors.As(err, &short):
		text = shortfall(short)
	case errors.As(err, &lookup):
		text = "cannot look up " + lookup.Who.String() + ". " + t.failed(lookup.Cause)
	case errors.As(err, &refusal) && refusal.Status == http.StatusBadRequest:
		// Which texts the API searches for is not documented.
		text = fmt.Sprintf("cannot search for users. The API said: %s. This tenant may not accept such a short text: "+
			"set -email-contains to a longer part of the addresses, such as @example.com.", err)
	case errors.As(err, &search):
		text = "cannot search for users. " + t.failed(err)
	default:
		text = err.Error() + "."
	}
	return text + "\n" + noFile
}

func (t *tenantReader) failed(err error) string {
	found := t.explain.Explain(err)
	return found.Lead + ": " + err.Error() + ".\n" + found.Advice
}

// shortfall words which users are missing.
func shortfall(short *snapshot.ShortfallError) string {
	if short.Shown != short.Counted {
		return fmt.Sprintf("the search counts %s and shows %d, also when all pages are read again. The roster would be incomplete. "+
			"Run the command again later; if the error persists, ask RSA's support.", phrase.Counted(short.Counted, "user"), short.Shown)
	}
	return fmt.Sprintf("search shows %s whom a look-up does not find: %s. Search may lag behind a deletion: run the command again in some minutes.",
		phrase.Counted(len(short.Gone), "user"), phrase.Joined(short.Gone, phrase.Listed))
}

// notes returns what is worth knowing about a population.
func (p *population) notes(o rosterOptions) []string {
	var notes []string
	for i, s := range p.shared {
		if i == phrase.Listed {
			notes = append(notes, fmt.Sprintf("and %d more addresses of several users: shared in %s lists them", len(p.shared)-i, manifestName))
			break
		}
		notes = append(notes, fmt.Sprintf("%s is the address of several users. The roster has the user that a look-up finds, with the id %s; not in it: %s. "+
			"Correct the address of the others in their identity source", s.Email, s.IDs[0], strings.Join(s.IDs[1:], ", ")))
	}
	var unknown []string
	signedIn := false
	for _, user := range p.users {
		signedIn = signedIn || user.LastSignedIn != ""
		if user.Status == "" {
			unknown = append(unknown, user.Email)
		}
	}
	if len(unknown) > 0 {
		notes = append(notes, "the API does not return the status of "+phrase.Counted(len(unknown), "user")+": "+phrase.Joined(unknown, phrase.Listed))
	}
	switch {
	case signedIn:
	case o.lookup:
		notes = append(notes, "the API does not return when users last signed in")
	default:
		notes = append(notes, fmt.Sprintf("search does not show when users last signed in, so that column is empty. "+
			"With -lookup, a look-up of each user may show it: that takes %s more", phrase.Counted(p.total, "request")))
	}
	return notes
}
