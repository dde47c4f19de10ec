// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
)

// postgres starts a PostgreSQL, or skips the test if there is none.
func postgres(t *testing.T) backend {
	t.Helper()
	server, err := rehearsal.StartPostgres(t.Context())
	if errors.Is(err, rehearsal.ErrNoPostgres) {
		t.Skip(err)
	}
	must(t, err)
	t.Cleanup(func() { must(t, server.Stop()) })
	return backend{"pg.tf", []string{"PG_CONN_STR=" + server.URL}}
}

// stateServer is what the http backend uses, as GitLab has it: one state, and a lock that
// a run must hold.
func stateServer(t *testing.T) backend {
	t.Helper()
	var mu sync.Mutex
	var state, lock []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		switch {
		case r.URL.Path == "/lock" && r.Method == http.MethodPost && lock != nil:
			w.WriteHeader(http.StatusLocked)
			_, _ = w.Write(lock)
		case r.URL.Path == "/lock" && r.Method == http.MethodPost:
			lock = body
		case r.URL.Path == "/lock" && r.Method == http.MethodDelete:
			lock = nil
		case r.Method == http.MethodPost && lock == nil:
			w.WriteHeader(http.StatusConflict)
		case r.Method == http.MethodPost:
			state = body
		case state == nil:
			w.WriteHeader(http.StatusNotFound)
		default:
			_, _ = w.Write(state)
		}
	}))
	t.Cleanup(server.Close)
	return backend{"http.tf", []string{
		"TF_HTTP_ADDRESS=" + server.URL + "/state", "TF_HTTP_LOCK_ADDRESS=" + server.URL + "/lock", "TF_HTTP_UNLOCK_ADDRESS=" + server.URL + "/lock",
	}}
}
