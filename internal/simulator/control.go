// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"text/tabwriter"
	"time"
)

const controlPath = "/simulator"

// controlSurface answers people; the package comment lists what it offers.
func (t *Tenant) controlSurface() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+controlPath+"/users", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_ = WriteUserTable(w, t.Users()) // the client may have gone
	})
	mux.HandleFunc("POST "+controlPath+"/users/{address}/{change}", t.serveChange)
	mux.HandleFunc("GET "+controlPath+"/requests", func(w http.ResponseWriter, _ *http.Request) {
		counts := map[Kind]int{}
		for _, kind := range Kinds() {
			counts[kind] = t.Count(kind)
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(counts) // the client may have gone
	})
	mux.HandleFunc("DELETE "+controlPath+"/requests", func(w http.ResponseWriter, _ *http.Request) {
		t.ResetCounts()
		say(w, http.StatusOK, "Requests are counted anew.")
	})
	mux.HandleFunc("POST "+controlPath+"/clock/advance", func(w http.ResponseWriter, r *http.Request) {
		by, err := time.ParseDuration(r.URL.Query().Get("by"))
		if err != nil || by < 0 {
			say(w, http.StatusBadRequest, "Say by how much, as in ?by=24h.")
			return
		}
		t.Advance(by)
		say(w, http.StatusOK, "The tenant's clock is now at "+t.Now().UTC().Format(time.RFC3339)+".")
	})
	return mux
}

// serveChange makes one change behind Terraform's back.
func (t *Tenant) serveChange(w http.ResponseWriter, r *http.Request) {
	address, change := r.PathValue("address"), r.PathValue("change")
	var err error
	switch change {
	case "disable":
		err = t.SetStatus(address, Disabled)
	case "enable":
		err = t.SetStatus(address, Enabled)
	case "mark-deleted":
		err = t.MarkDeleted(address, "admin@example.com")
	case "undelete":
		err = t.Undelete(address)
	case "delete":
		err = t.Delete(address)
	case "reassign":
		_, err = t.Reassign(address)
	case "disable-by-sync":
		err = t.DisableBySync(address)
	case "restore-in-directory":
		err = t.RestoreInDirectory(address)
	default:
		say(w, http.StatusNotFound, "There is no change called "+change+".")
		return
	}
	if errors.Is(err, ErrNoSuchUser) {
		say(w, http.StatusNotFound, "There is no user "+address+".")
		return
	}
	if err != nil {
		say(w, http.StatusInternalServerError, err.Error())
		return
	}
	say(w, http.StatusOK, t.outcome(address, change))
}

// outcome says in one line what is so after a change.
func (t *Tenant) outcome(address, change string) string {
	u, found := t.User(address)
	if !found {
		return address + " is now gone from the tenant."
	}
	switch change {
	case "reassign":
		return fmt.Sprintf("%s now belongs to another user, with the id %s, who is %s.", address, u.ID, u.Status)
	case "restore-in-directory":
		return fmt.Sprintf("%s is now enabled in the directory; the status, %s, follows with the next synchronization.", address, u.Status)
	}
	if note := note(u); note != "" {
		return fmt.Sprintf("%s is now %s (%s).", address, u.Status, note)
	}
	return fmt.Sprintf("%s is now %s.", address, u.Status)
}

func say(w http.ResponseWriter, status int, line string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, line) // the client may have gone
}

// WriteUserTable writes users as a table for people: email, status, and what
// else decides on the status.
func WriteUserTable(w io.Writer, users []User) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(table, "EMAIL\tSTATUS\tNOTE"); err != nil {
		return err
	}
	for _, u := range users {
		row := u.Email + "\t" + u.Status
		if note := note(u); note != "" {
			row += "\t" + note
		}
		if _, err := fmt.Fprintln(table, row); err != nil {
			return err
		}
	}
	return table.Flush()
}

func note(u User) string {
	switch {
	case u.MarkDeleted && u.MarkedDeletedBy != "":
		return fmt.Sprintf("pending deletion since %s, marked by %s", u.MarkedDeletedAt.Format(time.DateOnly), u.MarkedDeletedBy)
	case u.MarkDeleted:
		return "pending deletion since " + u.MarkedDeletedAt.Format(time.DateOnly)
	case u.DisabledBySync:
		return "disabled by synchronization"
	}
	return ""
}
