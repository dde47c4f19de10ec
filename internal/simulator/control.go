// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

const controlPath = "/simulator"

// controlSurface is for people; the package comment lists what it offers.
func (t *Tenant) controlSurface() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+controlPath+"/users", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_ = WriteUserTable(w, t.Users()) // the client may have gone
	})
	mux.HandleFunc("POST "+controlPath+"/users", t.serveJoin)
	mux.HandleFunc("POST "+controlPath+"/users/{address}/{change}", t.serveChange)
	mux.HandleFunc("GET "+controlPath+"/temperaments", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_ = t.writeTemperaments(w) // the client may have gone
	})
	mux.HandleFunc("POST "+controlPath+"/temperaments/{name}", t.serveTemperament)
	mux.HandleFunc("POST "+controlPath+"/lose-answers", t.serveLoss)
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
		say(w, http.StatusOK, "Requests are counted from 0 again.")
	})
	mux.HandleFunc("POST "+controlPath+"/clock/advance", func(w http.ResponseWriter, r *http.Request) {
		by, err := time.ParseDuration(r.URL.Query().Get("by"))
		if err != nil {
			say(w, http.StatusBadRequest, "Give the duration, as in ?by=24h, or ?by=-24h to go back.")
			return
		}
		t.Advance(by)
		say(w, http.StatusOK, "The time for users and access tokens is now "+t.Now().UTC().Format(time.RFC3339)+".")
	})
	return mux
}

// serveTemperament sets one switch of the table.
func (t *Tenant) serveTemperament(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if !r.URL.Query().Has("is") {
		say(w, http.StatusBadRequest, "Give the answer, as in ?is=409.")
		return
	}
	if err := t.SetTemperament(name, r.URL.Query().Get("is")); err != nil {
		say(w, http.StatusBadRequest, "There is "+err.Error()+". GET "+controlPath+"/temperaments lists them.")
		return
	}
	say(w, http.StatusOK, name+" is now "+quotedIfEmpty(t.Temperament(name))+".")
}

// lossesOfAnswers are what a client can get instead of the answer to a request that was
// carried out.
var lossesOfAnswers = map[string]http.HandlerFunc{
	"cut":   CutConnection,
	"500":   AnswerAPIError(http.StatusInternalServerError, "An internal error occurred."),
	"502":   AnswerRaw(http.StatusBadGateway, "text/html", "<html><title>Bad Gateway</title></html>"),
	"empty": AnswerEmpty(http.StatusOK),
	"204":   AnswerEmpty(http.StatusNoContent),
	"hold":  HoldAnswer,
}

// serveLoss makes the answers to the next requests of a kind get lost.
func (t *Tenant) serveLoss(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	kind := Kind(query.Get("kind"))
	instead, known := lossesOfAnswers[query.Get("instead")]
	times := 1
	var err error
	if query.Has("times") {
		times, err = strconv.Atoi(query.Get("times"))
	}
	if !slices.Contains(Kinds(), kind) || !known || err != nil || times < 1 {
		say(w, http.StatusBadRequest, "Give the kind of requests and what comes instead, as in ?kind=status&instead=cut&times=1; instead is cut, 500, 502, empty, 204 or hold.")
		return
	}
	t.LoseAnswers(kind, times, instead)
	say(w, http.StatusOK, fmt.Sprintf("The next %d requests of kind %s are carried out, and their answers lost.", times, kind))
}

func say(w http.ResponseWriter, status int, line string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, line) //nolint:gosec // plain text, as its header says; the client may have gone
}

// WriteUserTable writes users as a table for people: email, status, and what else affects
// the status.
func WriteUserTable(w io.Writer, users []User) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintln(table, "EMAIL\tSTATUS\tNOTE"); err != nil {
		return err
	}
	for _, u := range users {
		row := quotedIfEmpty(u.Email) + "\t" + u.Status
		if note := note(u); note != "" {
			row += "\t" + note
		}
		if _, err := fmt.Fprintln(table, row); err != nil {
			return err
		}
	}
	return table.Flush()
}

// note returns what else is worth knowing about a user.
func note(u User) string {
	var notes []string
	switch {
	case u.MarkDeleted && u.MarkedDeletedBy != "":
		notes = append(notes, fmt.Sprintf("pending deletion since %s, marked by %s", u.MarkedDeletedAt.Format(time.DateOnly), u.MarkedDeletedBy))
	case u.MarkDeleted:
		notes = append(notes, "pending deletion since "+u.MarkedDeletedAt.Format(time.DateOnly))
	case u.DisabledBySync:
		notes = append(notes, "disabled by synchronization")
	}
	if u.Username != "" && u.Username != u.Email {
		notes = append(notes, "username "+u.Username)
	}
	return strings.Join(notes, ", ")
}
