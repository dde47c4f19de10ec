// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The matrix of temperaments: each switch of the simulator in each answer, the pairs that
// can meet, and each change of a user. In each cell, the scenario of
// temperament_scenario_test.go ends as configured, or a diagnostic says for which user it
// does not, and why. No other user is touched, a user with the wanted status gets no PUT,
// and the plan after an apply is empty or says why.

// temperamentCell is a cell of the matrix, and what is special there.
type temperamentCell struct {
	// set is "switch=answer", several with a blank.
	set string
	// change is a change of a user (simulator.UserChanges).
	change string
	// says are texts that must appear, also in errors. Empty: everything converges.
	says []string
	// may are texts that may appear.
	may []string
	// whileItLags are errors that may appear while the tenant lags.
	whileItLags []string
}

// withParts returns a cell of several switches with what the cells of each of them may
// say.
func (c temperamentCell) withParts() temperamentCell {
	c.may = c.says
	for _, part := range strings.Fields(c.set) {
		for _, other := range temperamentCells {
			if other.set == part && c.set != part {
				c.may = append(slices.Clone(c.may), other.says...)
				c.whileItLags = append(slices.Clone(c.whileItLags), other.whileItLags...)
			}
		}
	}
	return c
}

type temperamentSwitch struct{ name, answer string }

func (c temperamentCell) switches() (all []temperamentSwitch) {
	for word := range strings.FieldsSeq(c.set) {
		name, answer, _ := strings.Cut(word, "=")
		all = append(all, temperamentSwitch{name, strings.ReplaceAll(answer, "_", " ")})
	}
	return all
}

func (c temperamentCell) has(name string) bool {
	return slices.ContainsFunc(c.switches(), func(s temperamentSwitch) bool { return s.name == name })
}

// lags reports whether look-up or search shows changes late.
func (c temperamentCell) lags() bool {
	return slices.ContainsFunc(c.switches(), func(s temperamentSwitch) bool {
		return strings.HasPrefix(s.name, "frozen-") && s.answer == "on" || strings.HasSuffix(s.name, "-lag") && s.answer != "0s"
	})
}

func (c temperamentCell) limited() bool {
	return slices.ContainsFunc(c.switches(), func(s temperamentSwitch) bool { return s.name == "rate-limit" && s.answer != "none" })
}

// concernsTokensAlone reports whether the switches change answers of the token endpoint
// alone.
func (c temperamentCell) concernsTokensAlone() bool { return c.concernsAlone(simulator.KindToken) }

// concernsSearchAlone reports whether the switches change answers of search alone.
func (c temperamentCell) concernsSearchAlone() bool { return c.concernsAlone(simulator.KindSearch) }

func (c temperamentCell) concernsAlone(kind simulator.Kind) bool {
	return c.set != "" && !c.concerns(func(kinds []simulator.Kind) bool { return !slices.Equal(kinds, []simulator.Kind{kind}) })
}

// concernsSearch reports whether a switch changes answers of search.
func (c temperamentCell) concernsSearch() bool {
	return c.isFirst() || c.concerns(func(kinds []simulator.Kind) bool {
		return len(kinds) == 0 || slices.Contains(kinds, simulator.KindSearch)
	})
}

func (c temperamentCell) concerns(is func([]simulator.Kind) bool) bool {
	return slices.ContainsFunc(simulator.Temperaments(), func(m simulator.Temperament) bool { return c.has(m.Name) && is(m.Kinds) })
}

// isFirst reports whether it is the cell without a switch.
func (c temperamentCell) isFirst() bool { return c.set == "" && c.change == "" }

// searchShowsLittle reports whether only look-ups show which users exist.
func (c temperamentCell) searchShowsLittle() bool {
	return c.has("bare-search") || c.has("pages-from-1") || c.has("search-totals")
}

func (c temperamentCell) comparesCase() bool { return strings.Contains(c.set, "compare-case=on") }

func (c temperamentCell) name() string {
	return cmp.Or(strings.TrimSpace(c.set+" "+c.change), "as is most likely")
}

// temperamentCells is the matrix. A blank in an answer is written as _.
var temperamentCells = []temperamentCell{
	{says: []string{
		saysPending, "User does not exist, which counts as Disabled: gone@example.com",
		"user43@example.com to Disabled: PUT /v1/users/{id}/userStatus answered 403", "/oauth/token answered", "This counts as Disabled, so nothing is sent",
	}},
	{set: "same-status=304"},
	{set: "same-status=400"},
	{set: "same-status=409"},
	{set: "marked-as=Pending_Deletion"},
	{set: "marked-as=PENDING_DELETE"},
	{set: "marked-as=Deleted_soon"},
	{set: "disabling-marked=400"},
	{set: "disabling-marked=409"},
	{set: "scim-status=405", says: notDone("user49@example.com to Disabled: PUT ... 405", "user46@example.com to Disabled: PUT ... 405", "user33@example.com to Disabled: PUT ... 405")},
	{set: "compare-case=on", says: []string{saysMissing + ": user45@example.com"}},
	{set: "unknown-user=400", says: notDone("Look-up of a user was refused: gone@example.com", "look-ups of users were refused", "Cannot look up user03@example.com", "Cannot look up gone@example.com")},
	{set: "other-case-keys=on"},

	{set: "frozen-lookup=on", whileItLags: []string{saysPending, saysPartly}},
	{set: "lookup-lag=5s", whileItLags: []string{saysPending, saysPartly}},
	{set: "lookup-lag=60s", whileItLags: []string{saysPending, saysPartly}},
	{set: "frozen-search=on"},
	{set: "search-lag=5s"},
	{set: "search-lag=60s"},

	{set: "repeat-search-pages=on", says: []string{saysShort}},
	{set: "skip-at-borders=on", says: []string{saysShort}},
	{set: "unstable-order=on", says: []string{saysShort}},
	{set: "pages-from-1=on", says: []string{saysNoSearch, "Cannot list users ... pageNumber", "Cannot search for users ... pageNumber"}},
	{set: "search-totals=none", says: []string{saysNoSearch, "Cannot list users ... does not say how many", "Cannot search for users ... does not say how many"}},
	{set: "search-totals=zero"},
	{set: "search-totals=many", says: []string{"Search finds more users than max_results allows", "Cannot list users ... counts 25000000 users"}},
	{set: "search-totals=text", says: []string{saysNoSearch, "Cannot list users ... not of the expected form", "Cannot search for users ... not of the expected form"}},
	{set: "endless-search=on", says: []string{"Cannot list users ... show no new user", "Cannot search for users ... show no new user"}},
	{set: "large-pages=on"},
	{set: "bare-search=on"},

	{set: "token-refusal=400"},
	{set: "token-refusal=200"},
	{set: "token-refusal=empty"},
	{set: "token-refusal=spring"},
	{set: "token-refusal=error-code"},
	{set: "clock-leeway=0s"},
	{set: "clock-leeway=10s"},
	{set: "clock-offset=20s"},
	{set: "clock-offset=-20s"},
	{set: "clock-offset=50s"},
	{set: "api-refusal=spring"},
	{set: "api-refusal=empty"},
	{set: "rate-limit=60"},
	{set: "retry-after=none"},
	{set: "retry-after=date"},
	{set: "byte-order-mark=on"},

	// Switches that can meet. A pair may say what each of its switches says.
	{set: "same-status=304 frozen-lookup=on", says: []string{saysPerhapsSo}, whileItLags: []string{"304 Not Modified"}},
	{set: "same-status=400 frozen-lookup=on", says: []string{saysPerhapsSo}, whileItLags: []string{"The user already has this status"}},
	{set: "same-status=409 frozen-lookup=on", says: []string{saysPerhapsSo}, whileItLags: []string{"The user already has this status"}},
	{set: "same-status=409 lookup-lag=5s", says: []string{saysPerhapsSo}, whileItLags: []string{"The user already has this status"}},
	{set: "same-status=409 search-lag=5s"},
	{set: "same-status=409 marked-as=Pending_Deletion disabling-marked=409"},
	{set: "same-status=400 marked-as=PENDING_DELETE disabling-marked=400"},
	{set: "marked-as=Pending_Deletion bare-search=on"},
	{set: "marked-as=Pending_Deletion frozen-search=on disabling-marked=409"},
	{set: "marked-as=Pending_Deletion frozen-lookup=on disabling-marked=409"},
	{set: "compare-case=on unknown-user=400", says: []string{"Cannot look up user14@example.com"}},
	{set: "compare-case=on frozen-search=on"},
	{set: "compare-case=on bare-search=on"},
	{set: "compare-case=on pages-from-1=on", says: notDone("User does not exist: user14@example.com", "2 users do not exist: user13@example.com")},
	{set: "unknown-user=400 pages-from-1=on"},
	{set: "unknown-user=400 frozen-search=on"},
	{set: "lookup-lag=5s search-lag=5s"},
	{set: "lookup-lag=5s search-lag=60s"},
	{set: "frozen-lookup=on frozen-search=on"},
	{set: "unstable-order=on skip-at-borders=on"},
	{set: "unstable-order=on bare-search=on"},
	{set: "repeat-search-pages=on search-totals=many"},
	{set: "endless-search=on bare-search=on"},
	{set: "endless-search=on compare-case=on"},
	{set: "search-totals=many compare-case=on"},
	{set: "search-totals=zero unknown-user=400"},
	{set: "scim-status=405 same-status=409"},
	{set: "token-refusal=empty clock-leeway=0s"},
	{set: "clock-leeway=0s clock-offset=20s"},
	{set: "clock-leeway=0s clock-offset=-20s"},
	{set: "byte-order-mark=on other-case-keys=on"},
	{set: "rate-limit=60 retry-after=none"},
	{set: "rate-limit=60 retry-after=date"},

	// Changes of a user.
	{change: "disable"},
	{change: "enable"},
	{change: "mark-deleted", says: notDone("User is pending deletion and cannot be enabled: user29@example.com", "User is pending deletion and cannot be enabled: user36@example.com")},
	{change: "undelete"},
	{change: "delete", says: notDone("User does not exist: user29@example.com", "User does not exist: user36@example.com", "User does not exist: user43@example.com")},
	{change: "reassign", says: []string{"user29@example.com: was the user with the id", "user36@example.com: was the user with the id", "Address belongs to another user now: user43@example.com"}},
	{change: "disable-by-sync", says: notDone("API refuses to enable a user: user29@example.com", "API refuses to enable a user: user36@example.com")},
	{change: "restore-in-directory"},
	{change: "rename", says: notDone("user29@example.com: the user's address is now changed29@example.com", "User does not exist: user36@example.com", "user43@example.com")},
	{change: "alias"},
	{change: "give-address", says: []string{"user29@example.com: was the user with the id", "user36@example.com: was the user with the id"}},
	{change: "add-twin", says: []string{"addresses belong to several users: user27@example.com"}},
	{change: "lie-in-search"},
}

// notDone returns words for a resource that did not do everything.
func notDone(words ...string) []string { return append(words, saysPartly) }

const (
	saysShort     = "Search counts ... users and shows"
	saysPerhapsSo = "If the status was changed a moment ago, the look-up may not show it yet"
	saysNoSearch  = "User search cannot be used in this tenant"
)

// cellsOf returns the cells, and one for each answer that has none: it must converge.
func cellsOf(t *testing.T) []temperamentCell {
	t.Helper()
	cells := slices.Clone(temperamentCells)
	add := func(cell temperamentCell) {
		if !slices.ContainsFunc(cells, func(c temperamentCell) bool { return c.name() == cell.name() }) {
			t.Errorf("the matrix does not have %q; what is expected of it?", cell.name())
			cells = append(cells, cell)
		}
	}
	byDefault := simulator.NewTenant()
	for _, m := range simulator.Temperaments() {
		for _, answer := range m.Answers {
			if answer == byDefault.Temperament(m.Name) {
				continue // That is the cell without a switch.
			}
			add(temperamentCell{set: m.Name + "=" + strings.ReplaceAll(answer, " ", "_")})
		}
		if m.Others != "" && !slices.ContainsFunc(cells, func(c temperamentCell) bool {
			return slices.ContainsFunc(c.switches(), func(s temperamentSwitch) bool { return s.name == m.Name && !slices.Contains(m.Answers, s.answer) })
		}) {
			t.Errorf("the matrix has no other answer of %s, which takes %s", m.Name, m.Others)
		}
	}
	for _, change := range simulator.UserChanges() {
		add(temperamentCell{change: change.Name})
	}
	return cells
}

func TestTemperamentMatrix(t *testing.T) {
	t.Parallel()
	for _, cell := range cellsOf(t) {
		t.Run(cell.name(), func(t *testing.T) {
			t.Parallel()
			if len(cell.switches()) > 1 && !isReal() {
				t.Skip("pairs of switches are left to " + engineVariable + "=terraform, as in CI")
			}
			r := newTemperamentRun(t, cell.withParts())
			r.play()
			if !t.Failed() {
				r.saysAll()
			}
		})
	}
}
