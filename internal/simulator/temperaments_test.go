// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// otherAnswers are examples of what a switch accepts besides its answers.
var otherAnswers = map[string][]string{
	"any text":                        {"Locked"},
	"any duration":                    {"7s", "1.5s", "3600s"},
	"any duration, negative ones too": {"300s", "-300s"},
	"any number":                      {"5", "0.5"},
}

func TestTemperamentTable(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, m := range simulator.Temperaments() {
		if names[m.Name] || !strings.HasSuffix(m.Documented, ".") || !strings.HasSuffix(m.Decides, ".") {
			t.Errorf("%s is in the table twice, or a text is not a sentence: %s %s", m.Name, m.Decides, m.Documented)
		}
		names[m.Name] = true
		if _, found := reflect.TypeFor[*simulator.Tenant]().MethodByName(m.Method); !found {
			t.Errorf("%s: Tenant has no method %s", m.Name, m.Method)
		}
		tenant := simulator.NewTenant()
		if len(m.Answers) == 0 {
			if err := tenant.SetTemperament(m.Name, "on"); !errors.Is(err, simulator.ErrNoSuchTemperament) {
				t.Errorf("%s is about one user, and was set: %v", m.Name, err)
			}
			continue
		}
		if got := tenant.Temperament(m.Name); got != m.Answers[0] {
			t.Errorf("%s is %q by default, not the first answer, %q", m.Name, got, m.Answers[0])
		}
		answers := append(m.Answers, m.Answers[0])
		if m.Others != "" {
			answers = slices.Insert(answers, 1, otherAnswers[m.Others]...)
		}
		for _, answer := range answers {
			must(t, tenant.SetTemperament(m.Name, answer))
			if got := tenant.Temperament(m.Name); got != answer {
				t.Errorf("%s was set to %q and is %q", m.Name, answer, got)
			}
		}
		for _, nonsense := range []string{"nonsense", "-1", "-1h", "NaN", "Inf"} {
			err := tenant.SetTemperament(m.Name, nonsense)
			taken := m.Others == "any text" || m.Others == "any duration, negative ones too" && nonsense == "-1h"
			if taken != (err == nil) || !taken && !errors.Is(err, simulator.ErrNoSuchTemperament) {
				t.Errorf("%s to %q, which is not in the table: %v", m.Name, nonsense, err)
			}
		}
	}
	tenant := simulator.NewTenant()
	if err := tenant.SetTemperament("nonsense", "on"); !errors.Is(err, simulator.ErrNoSuchTemperament) || tenant.Temperament("nonsense") != "" {
		t.Errorf("an unknown name: %v", err)
	}
}

func TestTemperamentsOnTheControlSurface(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	for _, m := range simulator.Temperaments() {
		for _, answer := range append(m.Answers, m.Answers[:min(1, len(m.Answers))]...) {
			c.control("POST", "/temperaments/"+m.Name+"?is="+url.QueryEscape(answer)).want(t, 200, m.Name+" is now ")
			if got := c.tenant.Temperament(m.Name); got != answer {
				t.Errorf("%s was set to %q and is %q", m.Name, answer, got)
			}
		}
	}
	list := c.control("GET", "/temperaments")
	for line := range strings.Lines(list.body) {
		if len(line) > 79 {
			t.Errorf("the line is long: %s", line)
		}
	}
	text := strings.Join(strings.Fields(list.body), " ")
	for _, m := range simulator.Temperaments() {
		heading := m.Name + ", of one user POST /simulator/users/{address}/" + m.Name
		if len(m.Answers) > 0 {
			heading = m.Name + " is "
		}
		for _, part := range []string{heading, m.Decides, m.Documented, m.Choices()} {
			if !strings.Contains(text, part) {
				t.Errorf("%s: %q is missing from\n%s", m.Name, part, list.body)
			}
		}
	}
}

// Switches of one user are changes, and have their paths on the control surface.
func TestTemperamentsOfOneUserAreChanges(t *testing.T) {
	t.Parallel()
	changes := map[string]simulator.UserChange{}
	for _, change := range simulator.UserChanges() {
		changes[change.Name] = change
	}
	for _, m := range simulator.Temperaments() {
		if _, known := changes[m.Name]; known != (len(m.Answers) == 0) {
			t.Errorf("%s has the answers %v, and is a change of one user: %t", m.Name, m.Answers, known)
		}
	}
}

// Run with -race: the switches may be set while requests are in progress.
func TestTemperamentsMayChangeAtAnyTime(t *testing.T) {
	t.Parallel()
	c := newClient(t)
	simulator.SeedExample(c.tenant)
	id := c.stored("ada@example.com").ID
	var group sync.WaitGroup
	for i := range 4 {
		group.Go(func() {
			for _, temperament := range simulator.Temperaments() {
				answers := temperament.Answers
				if len(answers) == 0 {
					continue
				}
				if err := c.tenant.SetTemperament(temperament.Name, answers[i%len(answers)]); err != nil {
					t.Error(err)
				}
				c.tenant.Temperament(temperament.Name)
			}
			if err := c.tenant.Alias(fmt.Sprintf("old%d@example.com", i), "ben@example.com"); err != nil {
				t.Error(err)
			}
			c.tenant.LieInSearch("ben@example.com", "other")
			c.tenant.AddTwin(simulator.User{Email: "ben@example.com"})
		})
		group.Go(func() {
			c.lookUp("ada@example.com")
			c.putStatus(id, disable)
			c.call("POST", "/v2/users/search", everybody)
		})
	}
	group.Wait()
}
