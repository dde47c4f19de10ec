// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// drawHistory begins with an apply most of the time, and continues with events in the life
// of a configuration.
func drawHistory(t *rapid.T) []string {
	opening := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return draw{t}.configuration() }), 0, 4).Draw(t, "opening")
	events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) []string { return draw{t}.event() }), 1, 9).Draw(t, "events")
	guards := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return draw{t}.guard() }), 0, 2).Draw(t, "guards")
	lines := slices.Concat(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return draw{t}.temperament() }), 0, 2).Draw(t, "tenant"), opening)
	if len(opening) > 0 {
		lines = append(lines, "apply")
	}
	return slices.Concat(lines, guards, slices.Concat(events...))
}

// draw draws steps that do not depend on the steps before them, so that shrinking may
// leave out any. Shrinking prefers what comes first.
type draw struct{ *rapid.T }

func (d draw) pick(words ...string) string { return rapid.SampledFrom(words).Draw(d.T, "word") }

// chance returns the word once in n times, on average.
func (d draw) chance(word string, n int) string {
	if rapid.IntRange(1, n).Draw(d.T, "chance") == n {
		return " " + word
	}
	return ""
}

// maybe returns the mark behind a value once in n times, on average.
func (d draw) maybe(mark string, n int) string { return strings.TrimSpace(d.chance(mark, n)) }

// name returns one of a dozen people, a few of them more often, so that they meet.
func (d draw) name() string {
	var names []string
	for _, p := range people {
		names = append(names, p.name)
	}
	few := []string{"ada", "ida", "eve", "jon", "dee"}
	return d.pick(slices.Concat(few, few, few, names)...)
}

func (d draw) mapName() string    { return d.pick("m1", "m1", "m2", "m3") }
func (d draw) singleName() string { return d.pick("s1", "s1", "s2", "s3", "s4") }
func (d draw) anyName() string    { return d.pick(d.mapName(), d.singleName()) }
func (d draw) status() string     { return d.pick("Disabled", "Enabled") + d.maybe("?", 8) }

// temperament returns a switch of the tenant that the judge knows.
func (d draw) temperament() string {
	switches := map[string][]string{
		"same-status": {"409", "400", "304", "200"}, "marked-as": {"Pending_Deletion", "PENDING_DELETE", ""},
		"disabling-marked": {"409", "400", "allowed"}, "compare-case": {"on", "off"}, "unknown-user": {"400", "404"},
		"other-case-keys": {"on", "off"}, "bare-search": {"on", "off"}, "pages-from-1": {"on", "off"}, "endless-search": {"on", "off"},
		"search-totals": {"many", "none", "zero", "text", "right"}, "frozen-lookup": {"off", "on"}, "lookup-lag": {"0s", "0s", "30s"},
		"search-lag": {"0s", "30s"}, "byte-order-mark": {"on", "off"},
	}
	name := d.pick(slices.Sorted(maps.Keys(switches))...)
	return "tenant " + name + "=" + d.pick(switches[name]...)
}

// after returns depends_on once in n times, on average.
func (d draw) after(n int) string {
	if d.chance("after", n) == "" {
		return ""
	}
	return " after=" + d.anyName()
}

func (d draw) configuration() string {
	if d.pick("single", "map") == "single" {
		return "single " + d.singleName() + " " + d.pick("email=", "email=", "username=") + d.name() + d.maybe("?", 12) +
			" status=" + d.status() + d.pick(" destroy=disable", " destroy=disable", "", " destroy=retain") + d.chance("cbd", 6) + d.chance("pin", 6) + d.after(5)
	}
	line := "map " + d.mapName() + d.pick("", " removal=disable", " removal=disable", " removal=retain") +
		d.pick("", "", " read=lookup", " read=search") + d.chance("cbd", 8) + d.chance("pin", 8) + d.chance("unknown", 8) + d.after(5)
	if d.chance("only", 4) != "" {
		line += " only=" + d.name() + "+" + d.name()
	}
	for range rapid.IntRange(0, 8).Draw(d.T, "rows") {
		name := d.name()
		if d.chance("capitals", 16) != "" {
			name = strings.ToUpper(name)
		}
		line += " " + name + "=" + d.status()
	}
	return line
}

func (d draw) touch() string {
	return d.pick("disable ", "enable ", "mark ", "undelete ", "delete ", "reassign ", "syncdisable ", "restore ") + d.name()
}

func (d draw) options() string {
	text := d.chance("norefresh", 10) + d.chance("readsfirst", 4) + d.chance("parallel", 8) + d.chance("newer", 3)
	if d.chance("replace", 6) != "" {
		text += " replace=" + d.anyName()
	}
	if order := rapid.IntRange(0, 7).Draw(d.T, "order"); order > 0 {
		text += fmt.Sprintf(" order=%d", order)
	}
	return text
}

func (d draw) guard() string {
	switch d.pick("protect", "limit", "protect", "limit", "connections") {
	case "protect":
		line := "protect"
		for range rapid.IntRange(0, 3).Draw(d.T, "names") {
			line += " " + d.pick("", "", "username=", "alternate=") + d.name()
		}
		return line
	case "limit":
		return "limit " + d.pick("none", "3", "1", "0")
	}
	return "connections " + d.pick("1", "4")
}

// change returns a change to a configuration or a state.
func (d draw) change() string {
	switch d.pick("configure", "remove", "rename", "move", "taint", "guard") {
	case "configure":
		return d.configuration()
	case "remove":
		return "remove " + d.anyName()
	case "rename":
		if d.pick("single", "map") == "single" {
			return "rename " + d.singleName() + " " + d.singleName()
		}
		return "rename " + d.mapName() + " " + d.mapName()
	case "move":
		return "move " + d.name() + " " + d.mapName() + " " + d.mapName()
	case "taint":
		return "taint " + d.anyName()
	}
	return d.guard()
}

// event returns what happens next: mostly some changes and an apply.
func (d draw) event() []string {
	several := func(most int, one func() string) (lines []string) {
		for range rapid.IntRange(0, most).Draw(d.T, "several") {
			lines = append(lines, one())
		}
		return lines
	}
	switch d.pick("apply", "apply", "apply", "apply", "late", "late", "faults", "end", "search", "plan", "destroy") {
	case "late":
		return slices.Concat(several(3, d.change), []string{"save" + d.options()}, several(2, d.touch), []string{"resume"})
	case "faults":
		return slices.Concat(several(2, d.change), several(2, func() string {
			return "fault " + d.name() + " " + d.pick("conflict", "error", "cut", "lost")
		}), []string{"apply" + d.options()})
	case "end":
		return slices.Concat(several(2, d.change), []string{
			fmt.Sprintf("%s %d%s", d.pick("die", "interrupt"), rapid.IntRange(1, 12).Draw(d.T, "request"), d.chance("done", 2)),
			"apply" + d.options(),
		})
	case "search":
		return []string{d.pick("freeze", "thaw", "hide "+d.name(), "hide", "later", d.temperament(), d.temperament())}
	case "plan":
		return []string{"plan" + d.options()}
	case "destroy":
		return []string{"destroy" + d.options()}
	}
	return slices.Concat(several(2, d.touch), several(3, d.change), []string{"apply" + d.options()})
}
