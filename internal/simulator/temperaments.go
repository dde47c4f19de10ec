// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
)

// ErrNoSuchTemperament is wrapped by [Tenant.SetTemperament] for an unknown
// name or answer.
var ErrNoSuchTemperament = errors.New("no such temperament")

// Temperament is an open question about the API, and the switch that answers
// it. A client has to survive every answer.
type Temperament struct {
	Name       string   // for the control surface and the flags of idplus-simulator
	Method     string   // of Tenant
	Answers    []string // the default first
	AnyText    bool     // other answers are taken too
	Decides    string   // what the switch is about
	Documented string   // what RSA's documentation says

	set func(*Tenant, string)
	get func(*temperaments) string
}

const (
	on  = "on"
	off = "off"
)

// temperamentTable has every switch; the last ones concern one user.
var temperamentTable = []Temperament{
	{
		Name: "same-status", Method: "AnswerSameStatus", Answers: []string{"200", "304", "400", "409"},
		Decides:    "What answers a PUT of the status that the user has already.",
		Documented: "The status changes from Disabled to Enabled or from Enabled to Disabled; no word about a status that the user already has. Marking for deletion refuses what is so already.",
		set:        setCode((*Tenant).AnswerSameStatus),
		get:        func(m *temperaments) string { return codeOr(m.sameStatus, "200") },
	},
	{
		Name: "marked-as", Method: "ShowMarkedAs", Answers: []string{"", "Pending Deletion", "PENDING_DELETE"}, AnyText: true,
		Decides:    "The userStatus of a user who is marked for deletion; \"\" is the status itself.",
		Documented: "The API changes Enabled and Disabled; the console's field User Status has Pending Deletion as a third value. What userStatus says while markDeleted is true is not documented.",
		set:        (*Tenant).ShowMarkedAs,
		get:        func(m *temperaments) string { return m.markedAs },
	},
	{
		Name: "disabling-marked", Method: "RefuseDisablingMarked", Answers: []string{"allowed", "400", "409"},
		Decides:    "Whether a user who is marked for deletion can be disabled.",
		Documented: "Enabling a user who is pending deletion is refused with 409; no word about disabling one.",
		set:        setCode((*Tenant).RefuseDisablingMarked),
		get:        func(m *temperaments) string { return codeOr(m.disablingMarked, "allowed") },
	},
	{
		Name: "compare-case", Method: "CompareCase", Answers: []string{off, on},
		Decides:    "Whether look-up compares the case of letters.",
		Documented: "Whether look-up compares the case of letters in email address and username is not documented.",
		set:        setFlag((*Tenant).CompareCase),
		get:        func(m *temperaments) string { return onOff(m.compareCase) },
	},
	{
		Name: "unknown-user", Method: "AnswerUnknownUser", Answers: []string{"404", "400"},
		Decides:    "What answers a look-up of a user whom the tenant does not have.",
		Documented: "A look-up answers 400 and 404, and 404 was recorded for an unknown user; a sibling call answers 400 to an invalid id.",
		set:        setCode((*Tenant).AnswerUnknownUser),
		get:        func(m *temperaments) string { return codeOr(m.unknown, "404") },
	},
	{
		Name: "frozen-lookup", Method: "FreezeLookup", Answers: []string{off, on},
		Decides:    "Whether look-up lags, and answers as of the moment of the switch.",
		Documented: "How soon a look-up shows a change is not documented.",
		set: setFlag(func(t *Tenant, freeze bool) {
			if freeze {
				t.FreezeLookup()
			} else {
				t.ThawLookup()
			}
		}),
		get: func(m *temperaments) string { return onOff(m.frozenLookup != nil) },
	},
	{
		Name: "repeat-search-pages", Method: "RepeatSearchPages", Answers: []string{off, on},
		Decides:    "Whether each page of a search answers the users of the page before.",
		Documented: "Pages count from 0, and matches are sorted by email address, ascending.",
		set:        setFlag((*Tenant).RepeatSearchPages),
		get:        func(m *temperaments) string { return onOff(m.repeatPages) },
	},
	{
		Name: "skip-at-borders", Method: "SkipAtBorders", Answers: []string{off, on},
		Decides:    "Whether a search loses a user at each page border, and repeats the neighbour.",
		Documented: "Matches are sorted by email address, ascending; how equal ones are sorted, and what happens to pages while users come and go, is not documented.",
		set:        setFlag((*Tenant).SkipAtBorders),
		get:        func(m *temperaments) string { return onOff(m.skipAtBorders) },
	},
	{
		Name: "pages-from-1", Method: "CountPagesFrom1", Answers: []string{off, on},
		Decides:    "Whether the first page of a search is number 1, and 0 is refused.",
		Documented: "The first page is number 0.",
		set:        setFlag((*Tenant).CountPagesFrom1),
		get:        func(m *temperaments) string { return onOff(m.pagesFrom1) },
	},
	// Switches of one user: methods with an address, changes on the control surface.
	{
		Name: "alias", Method: "Alias",
		Decides:    "Look-up finds the user by a further address, and answers with the user's own.",
		Documented: "Whether look-up finds a user by an address other than the present one is not documented; nor that the answer shows the address asked for.",
	},
	{
		Name: "rename", Method: "Rename",
		Decides:    "The user has another email address.",
		Documented: "Whether a user whose email address changes in the identity source keeps the id is not documented.",
	},
	{
		Name: "give-address", Method: "GiveAddress",
		Decides:    "An email address moves to the user with an id.",
		Documented: "A deleted user can come back by a synchronization, then with another id behind the same address; whether an address can pass to another user is not documented.",
	},
	{
		Name: "add-twin", Method: "AddTwin",
		Decides:    "A second user has the email address.",
		Documented: "A synchronization is said to keep email addresses unique; whether two identity sources can share one is not documented.",
	},
	{
		Name: "lie-in-search", Method: "LieInSearch",
		Decides:    "Search shows another user's id.",
		Documented: "Search shows users in the shape of look-up; how fresh it is against look-up is not documented.",
	},
}

// Temperaments returns the open questions about the API. Those without Answers
// concern one user at a time.
func Temperaments() []Temperament {
	table := slices.Clone(temperamentTable)
	for i := range table {
		table[i].Answers = slices.Clone(table[i].Answers)
	}
	return table
}

// SetTemperament throws a switch by its name in the table. It fails for a name
// or an answer that the table does not have.
func (t *Tenant) SetTemperament(name, answer string) error {
	for _, m := range temperamentTable {
		if m.Name != name || m.set == nil {
			continue
		}
		if !m.AnyText && !slices.Contains(m.Answers, answer) {
			return fmt.Errorf("%w: %s is one of %s", ErrNoSuchTemperament, name, strings.Join(m.Answers, ", "))
		}
		m.set(t, answer)
		return nil
	}
	return fmt.Errorf("%w: %s", ErrNoSuchTemperament, name)
}

// Temperament returns the answer that a switch has now, or nothing for a name
// that the table does not have.
func (t *Tenant) Temperament(name string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range temperamentTable {
		if m.Name == name && m.get != nil {
			return m.get(&t.temperaments)
		}
	}
	return ""
}

// writeTemperaments writes the table for people, with the answers of now.
func (t *Tenant) writeTemperaments(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	rows := []string{"NAME\tANSWER\tANSWERS\tDECIDES\tDOCUMENTED"}
	for _, m := range temperamentTable {
		if m.set == nil {
			rows = append(rows, strings.Join([]string{m.Name, "", "of one user", m.Decides, m.Documented}, "\t"))
			continue
		}
		rows = append(rows, strings.Join([]string{m.Name, quotedIfEmpty(t.Temperament(m.Name)), m.Choices(), m.Decides, m.Documented}, "\t"))
	}
	for _, row := range rows {
		if _, err := fmt.Fprintln(table, row); err != nil {
			return err
		}
	}
	return table.Flush()
}

// Choices lists the answers for people.
func (m Temperament) Choices() string {
	var b strings.Builder
	for i, answer := range m.Answers {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(quotedIfEmpty(answer))
	}
	if m.AnyText {
		b.WriteString(", any text")
	}
	return b.String()
}

func quotedIfEmpty(answer string) string {
	if answer == "" {
		return `""`
	}
	return answer
}

func setCode(method func(*Tenant, int)) func(*Tenant, string) {
	return func(t *Tenant, answer string) {
		code, err := strconv.Atoi(answer)
		if err != nil {
			code = 0 // a word of the table, as in "allowed"
		}
		method(t, code)
	}
}

func setFlag(method func(*Tenant, bool)) func(*Tenant, string) {
	return func(t *Tenant, answer string) { method(t, answer == on) }
}

func codeOr(code int, otherwise string) string {
	if code == 0 {
		return otherwise
	}
	return strconv.Itoa(code)
}

func onOff(is bool) string {
	if is {
		return on
	}
	return off
}
