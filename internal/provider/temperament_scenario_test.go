// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The scenario of the matrix: a year in the life of a small review. It has a map that is
// read by search and one by look-up, a map with a leaver and a user of a SCIM-managed
// source, and users with a resource each. No resource has users from 50 on.
const (
	bySearch, byLookup, withLeaver = "m1", "m2", "m3"
	leaver                         = "gone@example.com"
)

// temperamentTenant returns a tenant with three pages of users.
func temperamentTenant(t *testing.T) *testTenant {
	t.Helper()
	tenant := newTestTenant(t)
	shouted, scim := []int{13, 14, 37, 45}, []int{33, 46, 49}
	disabled, marked := []int{5, 10, 17, 20, 36, 38, 47, 51, 53, 55}, []int{7, 17, 38, 47, 55}
	for i := range 60 {
		u := simulator.User{ID: personID(i), Email: numberedUser(i), Username: fmt.Sprintf("user%02d", i), Status: simulator.Enabled}
		if slices.Contains(shouted, i) {
			u.Email = "USER" + strings.TrimPrefix(u.Email, "user")
		}
		if slices.Contains(disabled, i) {
			u.Status = simulator.Disabled
		}
		u.MarkDeleted, u.SCIMManaged = slices.Contains(marked, i), slices.Contains(scim, i)
		tenant.AddUser(u)
	}
	tenant.AddUser(simulator.User{ID: personID(60), Email: "not" + leaver}) // A search for the leaver finds this user, too.
	return tenant
}

// peopleWanted returns rows for users from one number up to another, without that one: all
// Enabled except those who are listed.
func peopleWanted(from, to int, disabled ...int) (rows []historyRow) {
	for i := from; i < to; i++ {
		row := historyRow{address: numberedUser(i), status: simulator.Enabled}
		if slices.Contains(disabled, i) {
			row.status = simulator.Disabled
		}
		rows = append(rows, row)
	}
	return rows
}

// review sets the first configuration.
func (r *temperamentRun) review() {
	r.blocks[bySearch] = &historyBlock{rows: peopleWanted(0, 35, 3, 7, 10, 13, 17, 20, 23), leave: onDestroyDisable, readWith: readWithSearch}
	r.blocks[byLookup] = &historyBlock{rows: peopleWanted(35, 43, 35, 37, 38), leave: onDestroyRetain, readWith: readWithLookup}
	for i := 43; i < 48; i++ {
		r.blocks[single(i)] = &historyBlock{single: true, rows: peopleWanted(i, i+1, 43, 47), leave: onDestroyDisable}
	}
	r.blocks[single(44)].rows[0] = historyRow{address: "user44", byUsername: true, status: simulator.Enabled}
	r.blocks[withLeaver] = &historyBlock{rows: peopleWanted(48, 50, 48, 49)}
	r.wants(withLeaver, leaver, simulator.Disabled)
}

func single(i int) string { return fmt.Sprintf("s%02d", i) }

// want sets what each of these resources wants of a user.
func (r *temperamentRun) want(status string, users map[string]int) {
	for name, i := range users {
		address := numberedUser(i)
		if b := r.blocks[name]; b.single {
			address = b.rows[0].address
		}
		r.wants(name, address, status)
	}
}

// others changes users of the tenant from outside.
func (r *temperamentRun) others(do func(address string) error, numbers ...int) {
	r.t.Helper()
	for _, i := range numbers {
		must(r.t, do(numberedUser(i)))
	}
}

const (
	saysPending = "pending deletion and cannot be enabled"
	saysMissing = "not exist"
	saysPartly  = "not made"
)

// play plays the scenario, without what has nothing to do with the cell.
func (r *temperamentRun) play() {
	r.review()
	r.converge("adopt")
	switch {
	case r.cell.limited(): // The rest would take too long.
	case r.cell.change != "":
		r.changeUsers()
	case r.cell.concernsTokensAlone():
		r.credentials()
	default:
		few := r.cell.concernsSearchAlone() && !isReal()
		r.decideOtherwise()
		if !few {
			r.pendingDeletion()
		}
		r.leavers()
		r.readAll()
		if len(r.cell.switches()) < 2 && !few {
			r.act()
			r.credentials()
		}
		r.lets(bySearch, numberedUser(8), numberedUser(9))
		r.lets(byLookup, numberedUser(40))
		r.lets(single(46))
		r.converge("removal")
	}
	r.destroy()
}

func (r *temperamentRun) decideOtherwise() {
	r.t.Helper()
	r.want(simulator.Disabled, map[string]int{bySearch: 0, byLookup: 39, single(46): 46})
	r.want(simulator.Disabled, map[string]int{bySearch: 33})
	r.want(simulator.Disabled, map[string]int{bySearch: 50})
	r.want(simulator.Enabled, map[string]int{bySearch: 13, byLookup: 35, single(43): 43})
	r.wants(byLookup, strings.ToUpper(numberedUser(40)), simulator.Disabled)
	r.converge("decide otherwise")

	r.others(func(who string) error { return r.tenant.SetStatus(who, simulator.Enabled) }, 0, 39)
	r.others(func(who string) error { return r.tenant.SetStatus(who, simulator.Disabled) }, 1, 36, 43)
	if r.cell.isFirst() || r.cell.has("same-status") && !r.cell.has("scim-status") {
		// Lost answers: a change that is requested again has been made already.
		r.retries = 1
		defer r.tenant.LoseAnswers(simulator.KindStatus, 3, nil)()
	}
	if r.cell.lags() {
		r.converge("drift", "may have been made", "Change may have been made")
	} else {
		r.converge("drift")
	}
	r.retries = 0
}

// pendingDeletion marks users who are already wanted Enabled, and wants Enabled for a user
// who is already marked.
func (r *temperamentRun) pendingDeletion() {
	r.t.Helper()
	r.others(func(who string) error { return r.tenant.SetStatus(who, simulator.Disabled) }, 2, 41, 44)
	r.others(func(who string) error { return r.tenant.MarkDeleted(who, "somebody else") }, 0, 2, 41, 44)
	r.converge("marked", saysPending, saysPartly)
	r.want(simulator.Disabled, map[string]int{bySearch: 2, byLookup: 41, single(44): 44})
	r.converge("let go")
	r.want(simulator.Enabled, map[string]int{bySearch: 2, single(44): 44})
	r.converge("wanted back", saysPending, saysPartly)
	r.others(r.tenant.Undelete, 2, 44)
	r.converge("undeleted")
}

// leavers deletes users who are wanted Disabled or Enabled.
func (r *temperamentRun) leavers() {
	r.t.Helper()
	r.others(r.tenant.Delete, 3, 4, 39, 42, 45)
	r.converge("gone", saysMissing, saysPartly)
	r.lets(bySearch, numberedUser(3), numberedUser(4))
	r.lets(byLookup, numberedUser(39), numberedUser(42))
	r.lets(single(45))
	r.leaving = map[string]bool{}
	r.converge("leavers removed")
}

// credentials has credentials that may only read, and then credentials that are refused.
func (r *temperamentRun) credentials() {
	r.t.Helper()
	if r.t.Failed() {
		return
	}
	all := r.scopes
	r.want(simulator.Disabled, map[string]int{bySearch: 6, byLookup: 36, single(43): 43})
	r.scopes = []any{simulator.ScopeRead}
	r.converge("credentials that may only read", saysPartly, "Cannot set the status", "statuses cannot be set", "was not attempted")
	r.scopes = []any{simulator.ScopeRead, "rsa.user.delete"}
	r.forget()
	before := users(r.tenant.Users())
	plan := r.tf.plan(r.tfBlocks(), tfOptions{}, r.begin)
	said := r.forget()
	r.judgeProcess("credentials that are refused", plan.process)
	r.judgeErrors("credentials that are refused", said, []string{"Cannot look up", "Cannot search for users"})
	r.judgeNoChange("credentials that are refused", before)
	if !plan.failed || r.tenant.Count(simulator.KindToken) == 0 {
		r.t.Errorf("refused credentials cause no error: %v", said)
	}
	r.scopes = all
	r.converge("credentials that suffice")
}

// readAll reads the tenant in every way there is, and compares.
func (r *temperamentRun) readAll() {
	r.t.Helper()
	if r.t.Failed() {
		return
	}
	r.settle()
	defer r.lagAgain()
	r.forget()
	in := map[string]simulator.User{}
	var everybody, asked []string
	for _, u := range r.tenant.Users() {
		in[strings.ToLower(u.Email)] = u
		everybody = append(everybody, u.ID)
	}
	// One in a page, one with another spelling, one pending deletion, one who is gone.
	for _, address := range []string{numberedUser(30), numberedUser(14), numberedUser(17), numberedUser(3), leaver} {
		got, _, said := r.read("idplus_user", map[string]any{"email": address})
		u, exists := in[address]
		switch {
		case !exists && !hasErrors(said):
			r.t.Errorf("idplus_user finds %s: %v", address, got)
		case hasErrors(said) && !names(texts(said), address):
			r.t.Errorf("idplus_user of %s: an error that does not name the user: %v", address, texts(said))
		case !hasErrors(said) && (got["id"] != u.ID || got["mark_deleted"] != fmt.Sprint(u.MarkDeleted) || got["status"] != u.Status && !u.MarkDeleted):
			r.t.Errorf("idplus_user of %s is %v, want %v", address, got, u)
		}
		r.judgeErrors("idplus_user", r.forget(), []string{"User does not exist: " + address})
	}
	for i := range 60 {
		if i < 5 || i%10 == 0 || i%10 == 7 || i == 14 { // on each page; of each kind
			asked = append(asked, numberedUser(i))
		}
	}
	for _, way := range []string{readWithSearch, readWithLookup} {
		got, said := r.process().users(map[string]any{"emails": anys(asked), "read_with": way})
		r.hear("data idplus_users", said)
		if !hasErrors(said) {
			for _, u := range got.users {
				if is := in[strings.ToLower(u["email"])]; is.ID != u["id"] || is.Status != u["status"] && !is.MarkDeleted {
					r.t.Errorf("idplus_users of addresses by %s has %v, want %v", way, u, is)
				}
			}
			for _, address := range asked {
				_, exists := in[address]
				has := slices.ContainsFunc(got.users, func(u map[string]string) bool { return strings.EqualFold(u["email"], address) })
				missing := slices.Contains(strings.Fields(got.missing), address)
				if (exists != has || has == missing) && !names(texts(said), address) && (!missing || !r.cell.comparesCase() || way != readWithLookup && !r.cell.searchShowsLittle()) {
					r.t.Errorf("idplus_users of addresses by %s: %s exists: %t, is found: %t, is missing: %t", way, address, exists, has, missing)
				}
			}
		}
		r.judgeErrors("idplus_users of addresses", r.forget(), nil)

		if way == readWithLookup && !r.cell.isFirst() || !r.cell.concernsSearch() {
			continue
		}
		got, said = r.process().users(map[string]any{"email_contains": "example.com", "read_with": way})
		r.hear("data idplus_users", said)
		r.judgeWhole("idplus_users by "+way, everybody, idsOf(got.users), texts(said))
	}
	found, said := r.process().query(query{resource: true})
	r.hear("list", said)
	var ids []string
	for _, one := range found {
		ids = append(ids, one.Resource["id"])
	}
	r.judgeWhole("the list", everybody, ids, texts(said))
}

// judgeWhole asks whether all users are on a list, or a diagnostic says that it may not be
// so.
func (r *temperamentRun) judgeWhole(what string, want, got, said []string) {
	r.t.Helper()
	r.judgeErrors(what, r.forget(), nil)
	if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(want))) && len(said) == 0 {
		r.t.Errorf("%s has %d users of %d, without a warning", what, len(got), len(want))
	}
}

func idsOf(users []map[string]string) (ids []string) {
	for _, u := range users {
		ids = append(ids, u["id"])
	}
	return ids
}

func anys(texts []string) (values []any) {
	for _, text := range texts {
		values = append(values, text)
	}
	return values
}

// act invokes the actions: on users of the review, one in another spelling, and on one
// that no resource decides about.
func (r *temperamentRun) act() {
	r.t.Helper()
	if r.t.Failed() {
		return
	}
	r.settle()
	defer r.lagAgain()
	r.forget()
	before := users(r.tenant.Users())
	progress, said := r.process().invoke(r.t.Context(), syncAction, map[string]any{"emails": []any{numberedUser(30), numberedUser(14), leaver}})
	r.hear("action", said)
	if len(progress) == 0 || len(progress) < 2 && !names(texts(said), numberedUser(14)) || !names(texts(said), leaver) {
		r.t.Errorf("the synchronization of two users and one who is gone: %v, %v", progress, texts(said))
	}
	r.judgeErrors("synchronize", r.forget(), []string{"users were not synchronized", saysMissing})
	r.judgeNoChange("synchronize", before)

	for _, mark := range []bool{true, true, false, false} {
		_, said = r.process().invoke(r.t.Context(), markAction, map[string]any{"emails": []any{numberedUser(51)}, "mark_deleted": mark})
		r.hear("action", said)
		if u, _ := r.tenant.User(numberedUser(51)); u.MarkDeleted != mark && !names(texts(said), numberedUser(51)) {
			r.t.Errorf("%s is marked: %t, want %t, and no diagnostic says so", u.Email, u.MarkDeleted, mark)
		}
		r.settle()
	}
	r.judgeErrors("mark", r.forget(), nil)
	r.judgeNoChange("mark and unmark", before)
}

// changeUsers makes the cell's change to a user of each kind of resource.
func (r *temperamentRun) changeUsers() {
	r.t.Helper()
	changes := simulator.UserChanges()
	change := changes[slices.IndexFunc(changes, func(c simulator.UserChange) bool { return c.Name == r.cell.change })]
	for i, number := range []int{29, 38, 36, 43, 27} {
		value := ""
		switch change.Needs {
		case "as", "to":
			value = fmt.Sprintf("changed%02d@example.com", number)
			if change.Name == "lie-in-search" || change.Name == "give-address" {
				value = personID(100 + i)
			}
		}
		must(r.t, change.Make(r.tenant.Tenant, numberedUser(number), value))
	}
	r.want(simulator.Disabled, map[string]int{bySearch: 27})
	r.converge("users after " + r.cell.change)
}

// destroy removes everything.
func (r *temperamentRun) destroy() {
	r.t.Helper()
	for _, name := range sortedNames(r.blocks) {
		r.lets(name)
	}
	r.converge("destroy")
	for name := range r.tf.state {
		if !r.t.Failed() && !slices.ContainsFunc(r.heard, func(text string) bool { return strings.HasPrefix(text, name+": ERROR") }) {
			r.t.Errorf("%s is still in the state", name)
		}
	}
}
