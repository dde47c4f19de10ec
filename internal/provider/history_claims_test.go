// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// users are those of the tenant at one moment.
type users []simulator.User

func (all users) byID(id string) (u simulator.User, ok bool) {
	i := slices.IndexFunc(all, func(u simulator.User) bool { return u.ID == id })
	if i < 0 {
		return u, false
	}
	return all[i], true
}

// owner returns the user with the address or the username, as a look-up finds.
func (all users) owner(address string, byUsername bool) (u simulator.User, ok bool) {
	i := slices.IndexFunc(all, func(u simulator.User) bool {
		return strings.EqualFold(address, u.Email) && !byUsername || strings.EqualFold(address, u.Username) && byUsername
	})
	if i < 0 {
		return u, false
	}
	return all[i], true
}

// name returns a name for people to read.
func (all users) name(id string) string {
	if u, ok := all.byID(id); ok {
		return u.Email
	}
	return "another user (" + id + ")"
}

// put is a PUT of a status.
type put struct {
	id, status string
	answer     int // 0: none
}

func putsOf(requests []simulator.Request) (puts []put) {
	for _, r := range requests {
		if r.Kind != simulator.KindStatus {
			continue
		}
		var body struct{ UserStatus string }
		_ = json.Unmarshal([]byte(r.Body), &body) // anything else is not a status
		puts = append(puts, put{r.UserID, body.UserStatus, r.Status})
	}
	return puts
}

// claim is a row of an object in the state.
type claim struct {
	historyRow
	id string // of a single
}

func claimsOf(object *tfObject) (claims []claim) {
	if object == nil || object.value.IsNull() {
		return nil
	}
	text := func(value tftypes.Value) (s string) {
		if value.IsKnown() && !value.IsNull() && value.Type().Is(tftypes.String) {
			_ = value.As(&s) // it is a string
		}
		return s
	}
	attributes := attributesOf(object.value)
	statuses, many := attributes["statuses"]
	if !many {
		c := claim{historyRow{address: text(attributes["email"]), status: text(attributes["status"])}, text(attributes["id"])}
		if c.address == "" {
			c.address, c.byUsername = text(attributes["username"]), true
		}
		return []claim{c}
	}
	elements := attributesOf(statuses)
	for _, address := range slices.Sorted(maps.Keys(elements)) {
		claims = append(claims, claim{historyRow{address: address, status: text(elements[address])}, ""})
	}
	return claims
}

// leaveOf returns what the state says about a destroy.
func leaveOf(object *tfObject) (leave string) {
	attributes := attributesOf(object.value)
	for _, name := range []string{"on_removal", "on_destroy"} {
		if value, ok := attributes[name]; ok && !value.IsNull() {
			_ = value.As(&leave) // it is a string
		}
	}
	return leave
}

func (o *tfObject) mentions(id string) bool {
	return o != nil && (strings.Contains(privateText(o.private), id) || strings.Contains(o.value.String(), id))
}

// believe remembers the person behind each address of a state.
func (h *history) believe(state tfState, all users) {
	for name, instance := range state {
		was := h.believed[name]
		h.believed[name] = map[string]string{}
		for _, c := range claimsOf(instance.current) {
			h.believed[name][c.key()] = was[c.key()]
			if u, ok := all.owner(c.address, c.byUsername); ok && instance.current.mentions(u.ID) {
				h.believed[name][c.key()] = u.ID
			}
		}
	}
}
