// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrNoSuchTemperament is wrapped by [Tenant.SetTemperament] for an unknown name or answer.
var ErrNoSuchTemperament = errors.New("no such temperament")

// Temperament is an open question about the API, and the switch that answers it. A client
// has to cope with every answer.
type Temperament struct {
	Name       string   // for the control surface and the flags of idplus-simulator
	Method     string   // of Tenant
	Answers    []string // the default first; none: a [UserChange] of that name
	Others     string   // which other answers are accepted, as in "any duration"; empty: none
	Kinds      []Kind   // the kinds whose answers the switch may change; none: all
	Decides    string   // what the switch is about
	Documented string   // what RSA's documentation says

	set func(t *Tenant, answer string)
	get func(t *Tenant) string // with the tenant's lock
}

// What Others may be.
const (
	anyText     = "any text"
	anyDuration = "any duration"
	anyOffset   = "any duration, negative ones too"
	anyNumber   = "any number"
)

const (
	on  = "on"
	off = "off"
)

// temperaments is how the tenant behaves where the API's documentation leaves it open. The
// tenant's lock guards it. A new tenant behaves in the most likely way.
type temperaments struct {
	users  userTemperaments
	search searchTemperaments
	lag    lagTemperaments
	access accessTemperaments
}

// temperamentTable has every switch.
var temperamentTable = slices.Concat(
	userTemperamentTable, lagTemperamentTable, searchTemperamentTable, accessTemperamentTable, trafficTemperamentTable,
	userChangeTemperamentTable,
)

// Temperaments returns the open questions about the API. Those without Answers concern one
// user at a time.
func Temperaments() []Temperament {
	table := slices.Clone(temperamentTable)
	for i := range table {
		table[i].Answers = slices.Clone(table[i].Answers)
		table[i].Kinds = slices.Clone(table[i].Kinds)
	}
	return table
}

// SetTemperament sets a switch by its name in the table. It fails for a name or an answer
// that is not in the table.
func (t *Tenant) SetTemperament(name, answer string) error {
	for _, m := range temperamentTable {
		if m.Name != name || m.set == nil {
			continue
		}
		if !m.takes(answer) {
			return fmt.Errorf("%w: %s is one of %s", ErrNoSuchTemperament, name, m.Choices())
		}
		m.set(t, answer)
		return nil
	}
	return fmt.Errorf("%w: %s", ErrNoSuchTemperament, name)
}

// Temperament returns the current answer of a switch, or an empty string for a name that is
// not in the table. Durations are in seconds, as in "60s".
func (t *Tenant) Temperament(name string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range temperamentTable {
		if m.Name == name && m.get != nil {
			return m.get(t)
		}
	}
	return ""
}

// Choices returns the answers for people.
func (m Temperament) Choices() string {
	choices := make([]string, 0, len(m.Answers)+1)
	for _, answer := range m.Answers {
		choices = append(choices, quotedIfEmpty(answer))
	}
	if m.Others != "" {
		choices = append(choices, m.Others)
	}
	return strings.Join(choices, ", ")
}

func (m Temperament) takes(answer string) bool {
	if slices.Contains(m.Answers, answer) {
		return true
	}
	switch m.Others {
	case anyText:
		return true
	case anyDuration, anyOffset:
		d, err := time.ParseDuration(answer)
		return err == nil && (d >= 0 || m.Others == anyOffset)
	case anyNumber:
		n, err := strconv.ParseFloat(answer, 64)
		return err == nil && n > 0 && !math.IsInf(n, 0)
	}
	return false
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

func setDuration(method func(*Tenant, time.Duration)) func(*Tenant, string) {
	return func(t *Tenant, answer string) {
		d, _ := time.ParseDuration(answer) // takes has checked that it is one
		method(t, d)
	}
}

// zeroIf stores the default as 0, the zero value.
func zeroIf(code, byDefault int) int {
	if code == byDefault {
		return 0
	}
	return code
}

func codeOr(code int, otherwise string) string {
	if code == 0 {
		return otherwise
	}
	return strconv.Itoa(code)
}

func textOr(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func onOff(is bool) string {
	if is {
		return on
	}
	return off
}

func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + "s"
}
