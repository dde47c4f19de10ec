// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Shared by the tests of the data source idplus_access_review.

// reviewRows are rows as the function access_review returns them, by address.
type reviewRows map[string]map[string]any

// roster returns rows for users of the tenant as they are now, each with one decision.
func (tt *testTenant) roster(t testing.TB, decision string, emails ...string) reviewRows {
	t.Helper()
	rows := reviewRows{}
	for _, email := range emails {
		rows[email] = map[string]any{
			"id": tt.id(t, email), "email": email, "roster_status": tt.status(t, email), "decision": decision, "expires": nil, "ended": false,
		}
	}
	return rows
}

// decide returns the rows with this decision for some.
func (r reviewRows) decide(decision string, emails ...string) reviewRows {
	for _, email := range emails {
		r[email]["decision"] = decision
	}
	return r
}

func (r reviewRows) end(emails ...string) reviewRows {
	for _, email := range emails {
		r[email]["expires"], r[email]["ended"] = "2026-10-31", true
	}
	return r
}

// hcl returns the argument rows.
func (r reviewRows) hcl() string {
	var text strings.Builder
	text.WriteString("rows = {\n")
	for _, key := range slices.Sorted(maps.Keys(r)) {
		fmt.Fprintf(&text, "    %q = {", key)
		for _, name := range slices.Sorted(maps.Keys(r[key])) {
			value := "null"
			if r[key][name] != nil {
				value = fmt.Sprintf("%#v", r[key][name])
			}
			fmt.Fprintf(&text, " %s = %s,", name, value)
		}
		text.WriteString(" }\n")
	}
	return text.String() + "  }"
}

// accessReview is what the data source returns.
type accessReview struct {
	t      testing.TB
	values map[string]any
}

// accessReview reads the data source in a run of its own.
func (p *protocol) accessReview(rows reviewRows, arguments map[string]any) (answer accessReview, said []*tfprotov6.Diagnostic) {
	p.t.Helper()
	return p.again().accessReviewOfThisRun(rows, arguments)
}

func (p *protocol) accessReviewOfThisRun(rows reviewRows, arguments map[string]any) (answer accessReview, said []*tfprotov6.Diagnostic) {
	p.t.Helper()
	p.tenant.ResetCounts()
	config := maps.Clone(arguments)
	if config == nil {
		config = map[string]any{}
	}
	elements := map[string]any{}
	for key, row := range rows {
		elements[key] = any(nil)
		if row != nil {
			elements[key] = maps.Clone(row)
		}
	}
	config["rows"] = elements
	schema := p.DataSourceSchemas["idplus_access_review"]
	read, err := p.server.ReadDataSource(p.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "idplus_access_review", Config: p.value(schema, config)})
	must(p.t, err)
	object, err := read.State.Unmarshal(schema.ValueType())
	must(p.t, err)
	values, _ := plain(p.t, object).(map[string]any)
	return accessReview{p.t, values}, read.Diagnostics
}

// plain returns a value of Terraform as one of Go.
func plain(t testing.TB, value tftypes.Value) any {
	t.Helper()
	if value.IsNull() {
		return nil
	}
	switch as := value.Type(); {
	case as.Is(tftypes.String):
		var text string
		must(t, value.As(&text))
		return text
	case as.Is(tftypes.Bool):
		var flag bool
		must(t, value.As(&flag))
		return flag
	case as.Is(tftypes.Number):
		number := new(big.Float)
		must(t, value.As(&number))
		whole, _ := number.Int64()
		return whole
	case as.Is(tftypes.List{}), as.Is(tftypes.Set{}):
		var elements []tftypes.Value
		must(t, value.As(&elements))
		list := []any{}
		for _, element := range elements {
			list = append(list, plain(t, element))
		}
		return list
	default:
		var elements map[string]tftypes.Value
		must(t, value.As(&elements))
		found := map[string]any{}
		for name, element := range elements {
			found[name] = plain(t, element)
		}
		return found
	}
}

// list returns a list of the result, in one line.
func (a accessReview) list(name string) string {
	elements, _ := a.values[name].([]any)
	texts := make([]string, len(elements))
	for i, element := range elements {
		texts[i] = fmt.Sprint(element)
	}
	return strings.Join(texts, " ")
}

func (a accessReview) mapOf(name string) map[string]any {
	elements, _ := a.values[name].(map[string]any)
	return elements
}

// on returns the verdict on an address: outcome, wanted status and detail.
func (a accessReview) on(key string) string {
	a.t.Helper()
	verdict, ok := a.mapOf("verdicts")[key].(map[string]any)
	if !ok {
		a.t.Fatalf("no verdict on %s: %v", key, slices.Sorted(maps.Keys(a.mapOf("verdicts"))))
	}
	text := fmt.Sprintf("%v -> %v", verdict["outcome"], verdict["wanted"])
	if verdict["detail"] != nil {
		text += fmt.Sprintf(" (%v)", verdict["detail"])
	}
	return text
}

// want asserts verdicts, by key.
func (a accessReview) want(verdicts map[string]string) {
	a.t.Helper()
	for _, key := range slices.Sorted(maps.Keys(verdicts)) {
		if got := a.on(key); got != verdicts[key] {
			a.t.Errorf("%s: %s, want %s", key, got, verdicts[key])
		}
	}
}

// wantLists asserts lists of addresses; those that are not named are empty.
func (a accessReview) wantLists(want map[string]string) {
	a.t.Helper()
	for _, name := range []string{"joined", "left", "another_person", "pending_deletion", "held_back", "ended", "restored", "changing"} {
		if got := a.list(name); got != want[name] {
			a.t.Errorf("%s: %s, want %s", name, got, want[name])
		}
	}
}

// reviewBlocks returns the data source and the resource that uses it.
func reviewBlocks(rows reviewRows, arguments string) string {
	return fmt.Sprintf(`
data "idplus_access_review" "q4" {
  %s
  %s
}

resource "idplus_user_statuses" "q4" {
  statuses   = data.idplus_access_review.q4.statuses
  ids        = data.idplus_access_review.q4.ids
  may_change = data.idplus_access_review.q4.changing
}
`, rows.hcl(), arguments)
}
