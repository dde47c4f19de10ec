// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/console"
	"github.com/idplus-community/terraform-provider-idplus/internal/explain"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/settings"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// tenantReader reads all users of a tenant.
type tenantReader struct {
	// tenant is the base URL of its API.
	tenant   string
	users    cloudadmin.Users
	explain  explain.Explainer
	progress *progress
	now      func() time.Time
}

// connect makes a client from the environment, as the provider does. It sends nothing.
func (r Roster) connect(ctx context.Context) (*tenantReader, error) {
	found, diags := settings.Read(ctx, settings.Model{}, r.Getenv, false)
	var problems []error
	for _, d := range diags {
		problems = append(problems, fmt.Errorf("%s: %s", d.Summary(), d.Detail()))
	}
	var incomplete *settings.IncompleteError
	if errors.As(found.Client.Unready, &incomplete) {
		problems = append(problems, fmt.Errorf("%s: %s", incomplete.Summary, incomplete.Detail))
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	reading := &progress{out: r.Stderr, terminal: r.Terminal, now: r.now}
	config := found.Client
	config.UserAgent = "terraform-provider-idplus/" + r.Version + " review"
	config.Logger = slog.New(console.Waits(func(wait time.Duration) {
		reading.say("waiting " + phrase.Duration(wait) + " before trying again")
	}))
	return &tenantReader{
		tenant: config.BaseURL.String(), users: cloudadmin.New(config).Users, progress: reading, now: r.now,
		explain: explain.Explainer{Credentials: config.Credentials, Getenv: r.Getenv, ReadOnly: true},
	}, nil
}

// population is the users of a review.
type population struct {
	// all are the users that search shows; several may have one address.
	all []*cloudadmin.User
	// users has one user for each address, in the order of the addresses.
	users []review.User
	// total is the number of users that the API counts, before filtering by identity source.
	total  int
	readAt time.Time
	shared []review.SharedAddress
}

// readings is how often a tenant is read if its users change meanwhile.
const readings = 3

// read reads the users, completely or not at all.
func (t *tenantReader) read(ctx context.Context, o rosterOptions) (*population, error) {
	ctx, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	defer t.progress.done()
	for n := 1; ; n++ {
		found, err := t.readOnce(ctx, o)
		if err == nil {
			return found, found.narrow(o.sources)
		}
		var changed *changedError
		if !errors.As(err, &changed) || n == readings {
			return nil, err
		}
		t.progress.say("users were added or deleted meanwhile: reading all of them again")
	}
}

// readOnce reads the users, and then the pages of search once more. If one user is added
// and another deleted between two pages, a third may be on neither although the count is
// right: the second reading shows it.
func (t *tenantReader) readOnce(ctx context.Context, o rosterOptions) (*population, error) {
	reader := snapshot.NewReader(t.users)
	first := snapshot.Listing{
		EmailContains: o.emailContains,
		Lookup:        func(user *cloudadmin.User) bool { return o.lookup || user.IdentitySource == "" },
	}
	found, err := t.list(ctx, reader, first, "read")
	if err != nil {
		return nil, err
	}
	again, err := t.list(ctx, reader, snapshot.Listing{EmailContains: o.emailContains, Fresh: true}, "confirmed")
	if err != nil {
		return nil, err
	}
	if ids := found.ids(); !maps.Equal(ids, again.ids()) {
		return nil, &changedError{counted: again.total, shown: len(ids)}
	}
	one, err := found.oneEach(ctx, reader)
	for _, user := range one {
		found.users = append(found.users, rosterUser(user))
	}
	return found, err
}

// list lists all users. It returns a changedError if their number differs from the count
// of the search.
func (t *tenantReader) list(ctx context.Context, reader *snapshot.Reader, l snapshot.Listing, what string) (*population, error) {
	found := &population{total: -1, readAt: t.now()}
	l.Total = func(users int) error {
		found.total = users
		return nil
	}
	var failure error
	for user, err := range reader.List(ctx, l) {
		if err != nil {
			failure = &searchError{err}
			break
		}
		if user.EmailAddress == "" {
			return nil, fmt.Errorf("the user with the id %s has no email address in search, but a review identifies users by it. Set one in the identity source", user.ID)
		}
		found.all = append(found.all, user)
		t.progress.read(len(found.all), found.total, what)
	}
	var short *snapshot.ShortfallError
	switch {
	case failure == nil:
	case !errors.As(failure, &short) || short.Shown < short.Counted || len(short.Gone) > 0:
		return nil, failure
	case short.Shown > short.Counted:
		return nil, &changedError{counted: short.Counted, shown: short.Shown}
	default:
		for _, s := range short.Shared {
			found.shared = append(found.shared, review.SharedAddress{Email: s.Email, IDs: s.IDs})
		}
	}
	return found, found.checkCount()
}

// ids returns the ids of all users, including those who share an address.
func (p *population) ids() map[string]bool {
	ids := make(map[string]bool, len(p.all))
	for _, user := range p.all {
		ids[user.ID] = true
	}
	for _, shared := range p.shared {
		for _, id := range shared.IDs {
			ids[id] = true
		}
	}
	return ids
}

// checkCount refuses a reading whose number of users differs from the count of the API.
func (p *population) checkCount() error {
	users := len(p.ids())
	switch {
	case p.total < 0:
		return errNotCounted
	case p.total != users:
		return &changedError{counted: p.total, shown: users}
	case users == 0:
		return errEmpty
	}
	return nil
}

// oneEach returns one user for each address: of several, the one that a look-up finds. It
// notes the others.
func (p *population) oneEach(ctx context.Context, reader *snapshot.Reader) ([]*cloudadmin.User, error) {
	all := p.all
	slices.SortFunc(all, func(a, b *cloudadmin.User) int {
		return cmp.Or(cmp.Compare(cloudadmin.Fold(string(a.EmailAddress)), cloudadmin.Fold(string(b.EmailAddress))), cmp.Compare(a.ID, b.ID))
	})
	var one []*cloudadmin.User
	for len(all) > 0 {
		n := 1
		for n < len(all) && cloudadmin.SameName(string(all[n].EmailAddress), string(all[0].EmailAddress)) {
			n++
		}
		same := all[:n]
		all = all[n:]
		if n > 1 {
			owner, err := ownerOf(ctx, reader, same)
			if err != nil {
				return nil, err
			}
			ids := []string{owner.ID}
			for _, user := range same {
				if user != owner {
					ids = append(ids, user.ID)
				}
			}
			p.shared = append(p.shared, review.SharedAddress{Email: string(owner.EmailAddress), IDs: ids})
			same = []*cloudadmin.User{owner}
		}
		one = append(one, same[0])
	}
	slices.SortFunc(p.shared, func(a, b review.SharedAddress) int { return cmp.Compare(a.Email, b.Email) })
	return one, nil
}

// ownerOf returns the one of several users with one address that a look-up finds.
func ownerOf(ctx context.Context, reader *snapshot.Reader, same []*cloudadmin.User) (*cloudadmin.User, error) {
	who := cloudadmin.Email(string(same[0].EmailAddress))
	found, err := reader.Lookup(ctx, who, snapshot.Options{})
	if err != nil {
		return nil, &snapshot.LookupError{Who: who, Cause: err}
	}
	// A user with another spelling of the address is found too.
	if owner := cmp.Or(found.User, found.Another); owner != nil {
		for _, user := range same {
			if user.ID == owner.ID {
				return user, nil
			}
		}
	}
	failure := &ownerError{email: who.String()}
	for _, user := range same {
		failure.ids = append(failure.ids, user.ID)
	}
	return nil, failure
}

// narrow keeps the users of some identity sources, each of which must have users.
func (p *population) narrow(sources []string) error {
	if len(sources) == 0 {
		return nil
	}
	known := map[string]bool{}
	for _, user := range p.users {
		known[user.IdentitySource] = true
	}
	unknown := slices.DeleteFunc(slices.Clone(sources), func(name string) bool { return known[name] })
	if len(unknown) > 0 {
		return &unknownSourcesError{unknown, slices.Sorted(maps.Keys(known))}
	}
	p.users = slices.DeleteFunc(p.users, func(user review.User) bool { return !slices.Contains(sources, user.IdentitySource) })
	return nil
}
