// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestTemperamentTable(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, m := range simulator.Temperaments() {
		if names[m.Name] || !strings.HasSuffix(m.Documented, ".") || !strings.HasSuffix(m.Decides, ".") {
			t.Errorf("%s is in the table twice, or a text is no sentence: %s %s", m.Name, m.Decides, m.Documented)
		}
		names[m.Name] = true
		if _, found := reflect.TypeFor[*simulator.Tenant]().MethodByName(m.Method); !found {
			t.Errorf("%s: Tenant has no method %s", m.Name, m.Method)
		}
		tenant := simulator.NewTenant()
		if len(m.Answers) == 0 {
			if err := tenant.SetTemperament(m.Name, "on"); !errors.Is(err, simulator.ErrNoSuchTemperament) {
				t.Errorf("%s concerns one user, and was set: %v", m.Name, err)
			}
			continue
		}
		if got := tenant.Temperament(m.Name); got != m.Answers[0] {
			t.Errorf("%s is %q by default, not the first answer, %q", m.Name, got, m.Answers[0])
		}
		for _, answer := range append(m.Answers, m.Answers[0]) {
			must(t, tenant.SetTemperament(m.Name, answer))
			if got := tenant.Temperament(m.Name); got != answer {
				t.Errorf("%s was set to %q and is %q", m.Name, answer, got)
			}
		}
		err := tenant.SetTemperament(m.Name, "nonsense")
		if taken := err == nil; taken != m.AnyText || !taken && !errors.Is(err, simulator.ErrNoSuchTemperament) {
			t.Errorf("%s to an answer that is not in the table: %v", m.Name, err)
		}
	}
	tenant := simulator.NewTenant()
	if err := tenant.SetTemperament("nonsense", "on"); !errors.Is(err, simulator.ErrNoSuchTemperament) || tenant.Temperament("nonsense") != "" {
		t.Errorf("an unknown name: %v", err)
	}
}
