// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// cells has the verdict on each combination of the status in the roster, the decision and
// whether access has ended: for a user that the tenant does not have, one whose address
// another user has, one pending deletion, and one with each of three statuses. Locked is
// an unknown word. After the outcome is the wanted status: E, D, or - for none.
const cells = `
roster    decision   absent    other    pending    Enabled   Disabled  Locked
Enabled   -          left/-    other/-  pending/-  open/E    open/D    open/-
Enabled   -     end  left/-    other/-  pending/D  loses/D   stays/D   loses/D
Enabled   keep       left/-    other/-  pending/-  keeps/E   held/D    held/-
Enabled   keep  end  left/-    other/-  pending/D  loses/D   stays/D   loses/D
Enabled   remove     left/-    other/-  pending/D  loses/D   stays/D   loses/D
Enabled   remove end left/-    other/-  pending/D  loses/D   stays/D   loses/D
Enabled   restore    left/-    other/-  pending/-  keeps/E   gains/E   gains/E
Enabled   restore end left/-   other/-  pending/D  loses/D   stays/D   loses/D
Disabled  -          left/-    other/-  pending/-  open/E    open/D    open/-
Disabled  -     end  left/-    other/-  pending/D  loses/D   stays/D   loses/D
Disabled  keep       left/-    other/-  pending/-  loses/D   stays/D   loses/D
Disabled  keep  end  left/-    other/-  pending/D  loses/D   stays/D   loses/D
Disabled  remove     left/-    other/-  pending/D  loses/D   stays/D   loses/D
Disabled  remove end left/-    other/-  pending/D  loses/D   stays/D   loses/D
Disabled  restore    left/-    other/-  pending/-  keeps/E   gains/E   gains/E
Disabled  restore end left/-   other/-  pending/D  loses/D   stays/D   loses/D
Locked    -          left/-    other/-  pending/-  open/E    open/D    open/-
Locked    -     end  left/-    other/-  pending/D  loses/D   stays/D   loses/D
Locked    keep       left/-    other/-  pending/-  keeps/E   held/D    held/-
Locked    keep  end  left/-    other/-  pending/D  loses/D   stays/D   loses/D
Locked    remove     left/-    other/-  pending/D  loses/D   stays/D   loses/D
Locked    remove end left/-    other/-  pending/D  loses/D   stays/D   loses/D
Locked    restore    left/-    other/-  pending/-  keeps/E   gains/E   gains/E
Locked    restore end left/-   other/-  pending/D  loses/D   stays/D   loses/D
`

// undecidedRemoved has the verdicts that differ if users without a decision are disabled.
const undecidedRemoved = `
roster    decision   absent    other    pending    Enabled   Disabled  Locked
Enabled   -          left/-    other/-  pending/D  loses/D   stays/D   loses/D
Disabled  -          left/-    other/-  pending/D  loses/D   stays/D   loses/D
Locked    -          left/-    other/-  pending/D  loses/D   stays/D   loses/D
`

var outcomes = map[string]review.Outcome{
	"left": "left", "other": "another person", "pending": "pending deletion", "open": "undecided", "loses": "loses",
	"stays": "stays disabled", "keeps": "keeps", "held": "held back", "gains": "gains",
}

var wanted = map[string]cloudadmin.Status{"E": "Enabled", "D": "Disabled", "-": ""}

// cell is one combination, with its verdict.
type cell struct {
	row     review.Row
	tenant  string
	outcome review.Outcome
	wanted  cloudadmin.Status
}

func (c cell) String() string {
	return fmt.Sprintf("%s in the roster, %q, ended %t, %s in the tenant", c.row.RosterStatus, c.row.Decision, c.row.Ended, c.tenant)
}

func cellsOf(t *testing.T, table string) (found []cell) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(table), "\n")
	tenants := strings.Fields(lines[0])[2:]
	for _, line := range lines[1:] {
		fields := strings.Fields(line)
		row := review.Row{ID: "1", Email: "ada@example.com", RosterStatus: cloudadmin.Status(fields[0]), Decision: review.Decision(strings.Trim(fields[1], "-"))}
		fields = fields[2:]
		if fields[0] == "end" {
			row.Ended, row.Expires, fields = true, "2026-10-31", fields[1:]
		}
		for i, tenant := range tenants {
			outcome, want, _ := strings.Cut(fields[i], "/")
			found = append(found, cell{row, tenant, outcomes[outcome], wanted[want]})
		}
	}
	return found
}

// people returns the tenant of a cell.
func (c cell) people() []review.Person {
	p := review.Person{ID: "1", Email: "ada@example.com", IdentitySource: "Corporate AD", Status: cloudadmin.Status(c.tenant)}
	switch c.tenant {
	case "absent":
		return nil
	case "other":
		p.ID, p.Status = "2", "Enabled"
	case "pending":
		p.Status, p.PendingDeletion = "Enabled", true
	}
	return []review.Person{p}
}

// on returns the verdict on the person with an id.
func on(t *testing.T, verdicts []review.Verdict, id string) review.Verdict {
	t.Helper()
	i := slices.IndexFunc(verdicts, func(v review.Verdict) bool { return v.ID == id })
	if i < 0 {
		t.Fatalf("no verdict on %s: %+v", id, verdicts)
	}
	return verdicts[i]
}

func TestEachCombinationHasItsVerdict(t *testing.T) {
	t.Parallel()
	kept, removed := cellsOf(t, cells), cellsOf(t, undecidedRemoved)
	if len(kept) != 144 {
		t.Fatalf("%d cells, want 144", len(kept))
	}
	differ := map[string]bool{}
	check := func(c cell, ifUndecided review.Decision) {
		v := on(t, review.Judge([]review.Row{c.row}, c.people(), ifUndecided), "1")
		if v.Outcome != c.outcome || v.Wanted != c.wanted {
			t.Errorf("%s, with %s if undecided: %q, wanted %q; want %q, %q", c, ifUndecided, v.Outcome, v.Wanted, c.outcome, c.wanted)
		}
	}
	for _, c := range removed {
		differ[c.String()] = true
		check(c, review.Remove)
	}
	for _, c := range kept {
		check(c, review.Keep)
		if !differ[c.String()] {
			check(c, review.Remove)
		}
	}
}

// A row never enables a user without restore.
func TestOnlyRestoreWantsEnabled(t *testing.T) {
	t.Parallel()
	for _, c := range cellsOf(t, cells) {
		for _, ifUndecided := range []review.Decision{review.Keep, review.Remove} {
			for _, v := range review.Judge([]review.Row{c.row}, c.people(), ifUndecided) {
				if v.Wanted == cloudadmin.Enabled && v.Decision != review.Restore && v.Status != cloudadmin.Enabled {
					t.Errorf("%s: Enabled is wanted", c)
				}
				// Access that has ended is never kept.
				if v.Ended && v.Wanted == cloudadmin.Enabled {
					t.Errorf("%s: access has ended, and Enabled is wanted", c)
				}
			}
		}
	}
}

func TestDetailsSayWhatTheOutcomeDoesNot(t *testing.T) {
	t.Parallel()
	ada := review.Person{ID: "1", Email: "ada@example.com", Status: "Enabled"}
	disabled := review.Person{ID: "1", Email: "ada@example.com", Status: "Disabled"}
	row := func(decision review.Decision, change ...func(*review.Row)) review.Row {
		r := review.Row{ID: "1", Email: "ada@example.com", RosterStatus: "Enabled", Decision: decision}
		for _, c := range change {
			c(&r)
		}
		return r
	}
	for name, c := range map[string]struct {
		row    review.Row
		people []review.Person
		want   review.Verdict
	}{
		"kept": {row(review.Keep), []review.Person{ada}, review.Verdict{Address: "ada@example.com", Status: "Enabled", Wanted: "Enabled", Outcome: review.Keeps}},
		"kept, under another address": {
			row(review.Keep), []review.Person{{ID: "1", Email: "lovelace@example.com", Status: "Enabled"}},
			review.Verdict{Address: "lovelace@example.com", Status: "Enabled", Wanted: "Enabled", Outcome: review.Keeps, Detail: "the address is now lovelace@example.com"},
		},
		"kept, and disabled since, under another address": {
			row(review.Keep), []review.Person{{ID: "1", Email: "lovelace@example.com", Status: "Disabled"}},
			review.Verdict{Address: "lovelace@example.com", Status: "Disabled", Wanted: "Disabled", Outcome: review.HeldBack,
				Detail: "the address is now lovelace@example.com; Enabled in the roster, Disabled now: keep enables no user"},
		},
		"kept in another case": {row(review.Keep), []review.Person{{ID: "1", Email: "Ada@example.com", Status: "Enabled"}}, review.Verdict{Address: "Ada@example.com", Status: "Enabled", Wanted: "Enabled", Outcome: review.Keeps}},
		"kept as Disabled, and enabled since": {
			row(review.Keep, func(r *review.Row) { r.RosterStatus = "Disabled" }), []review.Person{ada},
			review.Verdict{Address: "ada@example.com", Status: "Enabled", Wanted: "Disabled", Outcome: review.Loses, Detail: "Disabled in the roster, Enabled now"},
		},
		"ended": {
			row(review.Keep, func(r *review.Row) { r.Ended, r.Expires = true, "2026-10-31" }), []review.Person{ada},
			review.Verdict{Address: "ada@example.com", Status: "Enabled", Wanted: "Disabled", Outcome: review.Loses, Detail: "access ended: 2026-10-31"},
		},
		"undecided": {row(review.Undecided), []review.Person{disabled}, review.Verdict{Address: "ada@example.com", Status: "Disabled", Wanted: "Disabled", Outcome: review.NoDecision, Detail: "no decision: status unchanged"}},
		"not certain": {
			row(review.Remove), []review.Person{{ID: "1", Email: "ada@example.com", Status: "Enabled", Unsure: "search and look-up contradict each other"}},
			review.Verdict{Address: "ada@example.com", Status: "Enabled", Outcome: review.HeldBack, Detail: "search and look-up contradict each other"},
		},
		"left": {row(review.Remove), nil, review.Verdict{Outcome: review.Left, Detail: "no user with this id is found by an email address"}},
		// The other user is not part of the verdict, but has their own.
		"another person": {row(review.Remove), []review.Person{{ID: "2", Email: "ADA@example.com", Status: "Enabled"}}, review.Verdict{Outcome: review.AnotherPerson, Detail: "the address now belongs to another user, with the id 2"}},
		// Two people who have swapped their addresses are not other people.
		"swapped": {
			row(review.Remove), []review.Person{{ID: "1", Email: "ben@example.com", Status: "Enabled"}, {ID: "2", Email: "ada@example.com", Status: "Enabled"}},
			review.Verdict{Address: "ben@example.com", Status: "Enabled", Wanted: "Disabled", Outcome: review.Loses, Detail: "the address is now ben@example.com"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.want.Row = c.row
			if diff := cmp.Diff(c.want, on(t, review.Judge([]review.Row{c.row}, c.people, review.Keep), "1")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAPersonWithoutARowHasJoined(t *testing.T) {
	t.Parallel()
	people := []review.Person{
		{ID: "2", Email: "ada@example.com", IdentitySource: "Partners", Status: "Enabled"},
		{ID: "3", Email: "Ben@example.com", Status: "Disabled", PendingDeletion: true},
	}
	verdicts := review.Judge([]review.Row{{ID: "1", Email: "ada@example.com", Decision: review.Keep}}, people, review.Keep)
	want := []review.Verdict{
		{Row: review.Row{ID: "1", Email: "ada@example.com", Decision: review.Keep}, Outcome: review.AnotherPerson, Detail: "the address now belongs to another user, with the id 2"},
		{Row: review.Row{ID: "2", Email: "ada@example.com"}, Address: "ada@example.com", IdentitySource: "Partners", Status: "Enabled", Outcome: review.Joined, Detail: "not in the roster"},
		{Row: review.Row{ID: "3", Email: "Ben@example.com"}, Address: "Ben@example.com", Status: "Disabled", Outcome: review.Joined, Detail: "not in the roster"},
	}
	if diff := cmp.Diff(want, verdicts); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Each user has exactly one verdict, and the order of what was read does not matter.
func TestEachOfRosterAndTenantHasOneVerdictInAnyOrder(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // not for secrets
		pick := func(words ...string) string { return words[r.IntN(len(words))] }
		var rows []review.Row
		var people []review.Person
		everybody := map[string]bool{}
		for i := range 12 {
			id := fmt.Sprint(i)
			email := func() string { return pick("ada", "Ada", "ben", "carla", "dmitri", "eve", "") + "@example.com" }
			if r.IntN(3) > 0 {
				everybody[id] = true
				rows = append(rows, review.Row{ID: id, Email: email(), RosterStatus: cloudadmin.Status(pick("Enabled", "Disabled", "Locked")), Decision: review.Decision(pick("", "keep", "remove", "restore")), Ended: r.IntN(4) == 0})
			}
			if r.IntN(3) > 0 {
				everybody[id] = true
				people = append(people, review.Person{ID: id, Email: email(), Status: cloudadmin.Status(pick("Enabled", "Disabled", "Locked", "")), PendingDeletion: r.IntN(5) == 0, Unsure: pick("", "", "", "why")})
			}
		}
		verdicts := review.Judge(rows, people, review.Keep)
		ids := map[string]bool{}
		for _, v := range verdicts {
			ids[v.ID] = true
			if !slices.Contains(review.Outcomes(), v.Outcome) {
				t.Errorf("no outcome: %q", v.Outcome)
			}
		}
		if diff := cmp.Diff(everybody, ids); diff != "" || len(verdicts) != len(everybody) {
			t.Errorf("seed %d: %d verdicts on (-want +got):\n%s", seed, len(verdicts), diff)
		}
		r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		r.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
		if diff := cmp.Diff(verdicts, review.Judge(rows, people, review.Keep)); diff != "" {
			t.Errorf("seed %d: another order (-want +got):\n%s", seed, diff)
		}
	}
}
