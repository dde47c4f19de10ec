// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"errors"
	"fmt"
	"net/http"
)

// userChange is a change of one user that the control surface makes.
type userChange struct {
	parameter string // that the query must have; empty: none
	example   string
	do        func(t *Tenant, address, value string) error
}

var userChanges = map[string]userChange{
	"disable": {do: func(t *Tenant, address, _ string) error { return t.SetStatus(address, Disabled) }},
	"enable":  {do: func(t *Tenant, address, _ string) error { return t.SetStatus(address, Enabled) }},
	"mark-deleted": {do: func(t *Tenant, address, _ string) error {
		return t.MarkDeleted(address, "admin@example.com")
	}},
	"undelete": {do: func(t *Tenant, address, _ string) error { return t.Undelete(address) }},
	"delete":   {do: func(t *Tenant, address, _ string) error { return t.Delete(address) }},
	"reassign": {do: func(t *Tenant, address, _ string) error {
		_, err := t.Reassign(address)
		return err
	}},
	"disable-by-sync":      {do: func(t *Tenant, address, _ string) error { return t.DisableBySync(address) }},
	"restore-in-directory": {do: func(t *Tenant, address, _ string) error { return t.RestoreInDirectory(address) }},
	"rename": {"to", "new@example.com", func(t *Tenant, address, value string) error {
		return t.Rename(address, value)
	}},
	"alias": {"as", "old@example.com", func(t *Tenant, address, value string) error {
		return t.Alias(value, address)
	}},
	"give-address": {"to", "ID", func(t *Tenant, address, value string) error {
		t.GiveAddress(address, value)
		return nil
	}},
	"add-twin": {do: func(t *Tenant, address, _ string) error {
		first, found := t.User(address)
		if !found {
			return fmt.Errorf("%w: %s", ErrNoSuchUser, address)
		}
		t.AddTwin(User{Email: first.Email, IdentitySource: "Local"})
		return nil
	}},
	"lie-in-search": {"as", "ID", func(t *Tenant, address, value string) error {
		t.LieInSearch(address, value)
		return nil
	}},
}

// serveChange makes one change behind Terraform's back.
func (t *Tenant) serveChange(w http.ResponseWriter, r *http.Request) {
	address, name := r.PathValue("address"), r.PathValue("change")
	change, known := userChanges[name]
	if !known {
		say(w, http.StatusNotFound, "There is no change called "+name+".")
		return
	}
	value := r.URL.Query().Get(change.parameter)
	if change.parameter != "" && value == "" {
		say(w, http.StatusBadRequest, fmt.Sprintf("Say %s what, as in ?%[1]s=%s.", change.parameter, change.example))
		return
	}
	err := change.do(t, address, value)
	switch {
	case errors.Is(err, ErrNoSuchUser):
		say(w, http.StatusNotFound, "There is no user "+address+".")
	case errors.Is(err, ErrAddressTaken):
		say(w, http.StatusConflict, "Another user has the address "+value+".")
	case err != nil:
		say(w, http.StatusInternalServerError, err.Error())
	default:
		say(w, http.StatusOK, t.outcome(address, name, value))
	}
}

// outcome says in one line what is so after a change.
func (t *Tenant) outcome(address, change, value string) string {
	switch change {
	case "rename":
		return fmt.Sprintf("%s is now %s.", address, value)
	case "alias":
		return fmt.Sprintf("A look-up of %s now finds %s.", value, address)
	case "add-twin":
		return fmt.Sprintf("%s is now the address of two users; look-up finds the first.", address)
	case "lie-in-search":
		return fmt.Sprintf("Search now shows the id %s for %s.", value, address)
	}
	u, found := t.User(address)
	if !found {
		return address + " is now gone from the tenant."
	}
	switch change {
	case "reassign":
		return fmt.Sprintf("%s now belongs to another user, with the id %s, who is %s.", address, u.ID, u.Status)
	case "give-address":
		return fmt.Sprintf("%s now belongs to the user with the id %s, who is %s.", address, u.ID, u.Status)
	case "restore-in-directory":
		return fmt.Sprintf("%s is now enabled in the directory; the status, %s, follows with the next synchronization.", address, u.Status)
	}
	if note := note(u); note != "" {
		return fmt.Sprintf("%s is now %s (%s).", address, u.Status, note)
	}
	return fmt.Sprintf("%s is now %s.", address, u.Status)
}
