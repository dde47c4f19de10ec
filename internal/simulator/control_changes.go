// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// UserChange is a change of one user on the control surface, outside of the API.
type UserChange struct {
	Name    string
	Does    string // for people: the result of the change
	Needs   string // the parameter that it needs, as in "to"; empty: none
	Example string // of the parameter's value

	do func(t *Tenant, address, value string) error
}

var userChangeTable = []UserChange{
	{
		Name: "disable", Does: "an administrator disabled the user",
		do: func(t *Tenant, address, _ string) error { return t.SetStatus(address, Disabled) },
	},
	{
		Name: "enable", Does: "an administrator enabled the user",
		do: func(t *Tenant, address, _ string) error { return t.SetStatus(address, Enabled) },
	},
	{
		Name: "mark-deleted", Does: "the user is pending deletion",
		do: func(t *Tenant, address, _ string) error { return t.MarkDeleted(address, "admin@example.com") },
	},
	{
		Name: "undelete", Does: "the user is no longer pending deletion",
		do: func(t *Tenant, address, _ string) error { return t.Undelete(address) },
	},
	{
		Name: "delete", Does: "the user is gone",
		do: func(t *Tenant, address, _ string) error { return t.Delete(address) },
	},
	{
		Name: "reassign", Does: "the address belongs to a new user",
		do: func(t *Tenant, address, _ string) error {
			_, err := t.Reassign(address)
			return err
		},
	},
	{
		Name: "disable-by-sync", Does: "a synchronization disabled the user",
		do: func(t *Tenant, address, _ string) error { return t.DisableBySync(address) },
	},
	{
		Name: "restore-in-directory", Does: "the next synchronization will enable the user",
		do: func(t *Tenant, address, _ string) error { return t.RestoreInDirectory(address) },
	},
	{
		Name: "rename", Does: "the user has another address", Needs: "to", Example: "new@example.com",
		do: func(t *Tenant, address, value string) error { return t.Rename(address, value) },
	},
	{
		Name: "alias", Does: "look-up finds the user by a further address", Needs: "as", Example: "old@example.com",
		do: func(t *Tenant, address, value string) error { return t.Alias(value, address) },
	},
	{
		Name: "give-address", Does: "the address belongs to the user with that id, a new one if need be", Needs: "to", Example: "ID",
		do: func(t *Tenant, address, value string) error {
			t.GiveAddress(address, value)
			return nil
		},
	},
	{
		Name: "add-twin", Does: "a second user has the address",
		do: func(t *Tenant, address, _ string) error {
			first, found := t.User(address)
			if !found {
				return fmt.Errorf("%w: %s", ErrNoSuchUser, address)
			}
			t.AddTwin(User{Email: first.Email, IdentitySource: "Local"})
			return nil
		},
	},
	{
		Name: "lie-in-search", Does: "search shows another id", Needs: "as", Example: "ID",
		do: func(t *Tenant, address, value string) error {
			t.LieInSearch(address, value)
			return nil
		},
	},
}

// userChangeTemperamentTable has the changes that are also open questions.
var userChangeTemperamentTable = []Temperament{
	{
		Name: "alias", Method: "Alias",
		Decides:    "Look-up finds the user by a further address, and returns the user's own.",
		Documented: "Whether look-up finds a user by an address other than the current one is not documented; nor whether the answer shows the requested address.",
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
		Documented: "A synchronization keeps email addresses unique, according to the documentation; whether two identity sources can share one is not documented.",
	},
	{
		Name: "lie-in-search", Method: "LieInSearch",
		Decides:    "Search shows another user's id.",
		Documented: "Search shows users in the form of look-up; how current it is compared with look-up is not documented.",
	},
}

// UserChanges returns the changes of one user that the control surface offers.
func UserChanges() []UserChange { return slices.Clone(userChangeTable) }

// Make changes the user with an address, an email address or a username. value is for the
// parameter that the change needs.
func (c UserChange) Make(t *Tenant, address, value string) error { return c.do(t, address, value) }

// Call returns the end of the path of the change on the control surface, with an example of
// its parameter.
func (c UserChange) Call() string {
	if c.Needs == "" {
		return c.Name
	}
	return c.Name + "?" + c.Needs + "=" + c.Example
}

func userChangeNamed(name string) (UserChange, bool) {
	i := slices.IndexFunc(userChangeTable, func(c UserChange) bool { return c.Name == name })
	if i < 0 {
		return UserChange{}, false
	}
	return userChangeTable[i], true
}

// serveChange makes one change behind Terraform's back.
func (t *Tenant) serveChange(w http.ResponseWriter, r *http.Request) {
	address, name := r.PathValue("address"), r.PathValue("change")
	change, known := userChangeNamed(name)
	if !known {
		names := make([]string, 0, len(userChangeTable))
		for _, c := range userChangeTable {
			names = append(names, c.Name)
		}
		say(w, http.StatusNotFound, "There is no change called "+name+". The changes are "+strings.Join(names, ", ")+".")
		return
	}
	value := r.URL.Query().Get(change.Needs)
	if change.Needs != "" && value == "" {
		say(w, http.StatusBadRequest, fmt.Sprintf("Give the parameter %s, as in ?%[1]s=%s.", change.Needs, change.Example))
		return
	}
	err := change.Make(t, address, value)
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

// serveJoin adds a user to the tenant.
func (t *Tenant) serveJoin(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	email := query.Get("email")
	if !strings.Contains(email, "@") {
		say(w, http.StatusBadRequest, "Give the new user, as in ?email=new@example.com&identity_source=Local&first_name=Nina&last_name=Weber; the email address alone is enough.")
		return
	}
	u, err := t.Join(User{Email: email, IdentitySource: query.Get("identity_source"), FirstName: query.Get("first_name"), LastName: query.Get("last_name")})
	if err != nil {
		say(w, http.StatusConflict, "Another user has the address "+email+".")
		return
	}
	say(w, http.StatusOK, fmt.Sprintf("%s is now %s, in %s, with the id %s.", u.Email, u.Status, u.IdentitySource, u.ID))
}

// outcome describes the result of a change in one line.
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
