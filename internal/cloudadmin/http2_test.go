// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// serveHTTP2 starts a real server, and returns a Config for a client that trusts it.
func serveHTTP2(t *testing.T, handler http.HandlerFunc) (Config, *httptest.Server) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	base, err := ParseBaseURL(server.URL)
	must(t, err)
	transport := NewTransport(DefaultMaxConcurrentRequests)
	trusting, _ := server.Client().Transport.(*http.Transport)
	transport.TLSClientConfig.RootCAs = trusting.TLSClientConfig.RootCAs
	t.Cleanup(transport.CloseIdleConnections)
	return Config{BaseURL: base, Credentials: AccessToken("token"), Transport: transport}, server
}

// A request whose stream the server resets is sent again; a PUT may have been carried out.
func TestResetStreams(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	config, _ := serveHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("it came by %s", r.Proto)
		}
		if n := requests.Add(1); r.Method == http.MethodPut || n == 1 {
			panic(http.ErrAbortHandler)
		}
		answerAda(w, r)
	})
	config.MaxRetries = new(1)
	client := New(config)
	must(t, lookUp(t.Context(), client, ada))
	if requests.Load() != 2 {
		t.Errorf("%d requests, want 2", requests.Load())
	}
	if err := client.Users.SetStatus(t.Context(), "1", Disabled); err == nil || !MayHaveBeenMade(err) {
		t.Errorf("got %v, which may have been made: %t", err, MayHaveBeenMade(err))
	}
}

// Requests succeed although the server announces its end (GOAWAY) with each answer, as a
// server behind a load balancer does when it is restarted.
func TestServerThatSendsGoAway(t *testing.T) {
	t.Parallel()
	config, _ := serveHTTP2(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close") // GOAWAY in HTTP/2
		answerAda(w, r)
	})
	config.MaxRetries, config.RequestsPerSecond = new(0), 10_000
	client := New(config)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	failed := make(chan error, 40)
	for range cap(failed) {
		go func() { failed <- lookUp(ctx, client, ada) }()
	}
	for range cap(failed) {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
}
