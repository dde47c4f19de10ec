// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// person is a user in the histories. Usernames differ from addresses, are the same, or are
// short; some people have another name.
type person struct{ name, username, alternate string }

var people = []person{
	{"ada", "ada@example.com", ""},
	{"ben", "ben@example.com", ""},
	{"cyd", "cyd@example.com", ""},
	{"dee", "dee@example.com", ""},
	{"eve", "eve@corp.example", ""},
	{"fay", "fay", ""},
	{"gil", "gil@corp.example", ""},
	{"hal", "hal.short", ""},
	{"ida", "ida", "ida.alt@example.com"},
	{"jon", "jon@example.com", "jon.alt@corp.example"},
	{"kim", "kim", "kim.alt"},
	{"lou", "lou@example.com", ""},
}

func personNamed(name string) person {
	for _, p := range people {
		if strings.EqualFold(p.name, name) {
			return p
		}
	}
	return person{name: name, username: name}
}

// email returns the address, in capitals if the name is.
func email(name string) string {
	if name == strings.ToUpper(name) {
		return name + "@example.com"
	}
	return personNamed(name).name + "@example.com"
}

func personID(i int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", i+1) }

// historyRow is what a configuration wants of one person.
type historyRow struct {
	address    string
	byUsername bool
	status     string
	// The status, or even the address, is unknown in the plan.
	unknown, addressUnknown bool
	pin                     string // the id that the configuration gives; empty: none
}

func (r historyRow) key() string { return strings.ToLower(r.address) }

// historyBlock is a resource of the configuration: a map, or a single.
type historyBlock struct {
	single              bool
	rows                []historyRow
	unknown             bool // the whole map
	leave               string
	readWith            string
	createBeforeDestroy bool
	after               []string // depends_on
	// only are the addresses of may_change; nil: no argument.
	only []string
}

func (b *historyBlock) kind() string {
	if b.single {
		return "idplus_user_status"
	}
	return "idplus_user_statuses"
}

// mayChange reports whether the block may change the user with an address.
func (b *historyBlock) mayChange(address string) bool {
	return b.only == nil || slices.ContainsFunc(b.only, func(o string) bool { return strings.EqualFold(o, address) })
}

func (b *historyBlock) knownInPlan() bool {
	return !b.unknown && !slices.ContainsFunc(b.rows, func(r historyRow) bool { return r.unknown || r.addressUnknown })
}

func (b *historyBlock) attributes(planning bool) map[string]any {
	orNull := func(text string) any {
		if text == "" {
			return nil
		}
		return text
	}
	status := func(r historyRow) any {
		if planning && r.unknown {
			return unknown{}
		}
		return r.status
	}
	if b.single {
		row := b.rows[0]
		address := any(row.address)
		if planning && row.addressUnknown {
			address = unknown{}
		}
		name := "email"
		if row.byUsername {
			name = "username"
		}
		all := map[string]any{name: address, "status": status(row), "on_destroy": orNull(b.leave)}
		if row.pin != "" {
			all["id"] = row.pin
		}
		return all
	}
	statuses, ids := any(unknown{}), map[string]tftypes.Value{}
	for _, row := range b.rows {
		if row.pin != "" {
			ids[row.address] = tftypes.NewValue(tftypes.String, row.pin)
		}
	}
	if !planning || !b.unknown {
		elements := map[string]tftypes.Value{}
		for _, row := range b.rows {
			value := status(row)
			if value == (unknown{}) {
				value = tftypes.UnknownValue
			}
			elements[row.address] = tftypes.NewValue(tftypes.String, value)
		}
		statuses = elements
	}
	all := map[string]any{"statuses": statuses, "on_removal": orNull(b.leave), "read_with": orNull(b.readWith)}
	if len(ids) > 0 {
		all["ids"] = ids
	}
	if b.only != nil {
		only := []any{}
		for _, address := range b.only {
			only = append(only, address)
		}
		all["may_change"] = only
	}
	return all
}

// canPin reports whether the resource takes ids.
func (tf *tinyTerraform) canPin(kind string) bool {
	return slices.ContainsFunc(tf.schemas().ResourceSchemas[kind].Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool {
		return (a.Name == "id" || a.Name == "ids") && a.Optional
	})
}

func sameKind(a, b string) bool { return b != "" && strings.HasPrefix(a, b[:1]) }

func (h *history) configure(s step) {
	name, single := s.argument(0), s.verb == "single"
	if !strings.HasPrefix(name, s.verb[:1]) {
		return
	}
	block := &historyBlock{single: single, createBeforeDestroy: s.flag("cbd")}
	if after := s.value("after"); after != "" {
		block.after = strings.Split(after, ",")
	}
	row := func(address, status string) {
		r := historyRow{address: address, status: status}
		r.address, r.addressUnknown = strings.CutSuffix(r.address, "?")
		r.status, r.unknown = strings.CutSuffix(r.status, "?")
		block.rows = append(block.rows, r)
	}
	if single {
		row("", s.value("status"))
		r := &block.rows[0]
		who := s.value("email") + s.value("username")
		r.byUsername = s.value("username") != ""
		who, r.addressUnknown = strings.CutSuffix(who, "?")
		if r.address = email(who); r.byUsername {
			r.address = personNamed(who).username
		}
		block.leave = s.value("destroy")
		if who == "" || r.status == "" {
			return
		}
	} else {
		block.leave, block.readWith, block.unknown = s.value("removal"), s.value("read"), s.flag("unknown")
		if only := s.value("only"); only != "" {
			block.only = []string{}
			for name := range strings.SplitSeq(only, "+") {
				block.only = append(block.only, email(name))
			}
		}
		for _, argument := range s.arguments[min(1, len(s.arguments)):] {
			who, status, ok := strings.Cut(argument, "=")
			address := email(who)
			taken := slices.ContainsFunc(block.rows, func(r historyRow) bool { return strings.EqualFold(r.address, address) })
			if ok && !taken && personNamed(who).username != who || ok && !taken && slices.ContainsFunc(people, func(p person) bool { return p.name == who }) {
				row(address, status)
			}
		}
	}
	for i, r := range block.rows {
		if u, ok := users(h.tenant.Users()).owner(r.address, r.byUsername); ok && s.flag("pin") && h.tf.canPin(block.kind()) {
			block.rows[i].pin = u.ID
		}
	}
	h.blocks[name] = block
}

func (h *history) move(who, from, to string) {
	source, target := h.blocks[from], h.blocks[to]
	if source == nil || target == nil || source == target || source.single || target.single {
		return
	}
	at := func(b *historyBlock) int {
		return slices.IndexFunc(b.rows, func(r historyRow) bool { return strings.EqualFold(r.address, email(who)) })
	}
	i := at(source)
	if i < 0 || at(target) >= 0 {
		return
	}
	moved, without := *target, *source
	moved.rows = append(slices.Clone(target.rows), source.rows[i])
	without.rows = slices.Delete(slices.Clone(source.rows), i, i+1)
	h.blocks[from], h.blocks[to] = &without, &moved
}

func (h *history) protect(argument string) {
	kind, who, ok := strings.Cut(argument, "=")
	text := email(kind)
	switch {
	case ok && kind == "username":
		text = personNamed(who).username
	case ok && kind == "alternate":
		text = personNamed(who).alternate
	}
	if text != "" {
		h.protected = append(h.protected, protectedName{text})
	}
}
