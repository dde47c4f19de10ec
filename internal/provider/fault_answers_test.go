// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// Answers of a network, a gateway or a broken tenant.

func resetBeforeHeaders(w http.ResponseWriter, _ *http.Request) { reset(w, "") }

func resetInsideBody(w http.ResponseWriter, _ *http.Request) {
	reset(w, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"id\": \"0000")
}

// reset ends a connection with RST instead of FIN.
func reset(w http.ResponseWriter, begun string) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	_, _ = conn.Write([]byte(begun))
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// slowHeaders keeps the client waiting until it gives up.
func slowHeaders(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func slowBody(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(`{"id": "0000`))
	_ = http.NewResponseController(w).Flush()
	<-r.Context().Done()
}

// redirectAway redirects to the tenant's own server, where any request would be counted.
func redirectAway(w http.ResponseWriter, r *http.Request) {
	if here, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		http.Redirect(w, r, "http://"+here.String()+"/elsewhere", http.StatusFound)
	}
}

// answerAbout answers 200 with a body in which {user} is the address that was
// looked up, and {id} the id of the request's path or of that user.
func answerAbout(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var asked struct{ Email string }
		_ = json.NewDecoder(r.Body).Decode(&asked) // a PUT, or a form
		id := path.Base(path.Dir(r.URL.Path))
		if asked.Email != "" {
			id = faultUserID(asked.Email)
		}
		simulator.AnswerRaw(http.StatusOK, "application/json", strings.NewReplacer("{user}", asked.Email, "{id}", id).Replace(body))(w, r)
	}
}

// tokensExpire expires every token when it sees the first request.
func tokensExpire(tenant *testTenant, struck *atomic.Int64) func(*http.Request, []byte) bool {
	var once sync.Once
	return func(*http.Request, []byte) bool {
		once.Do(func() {
			struck.Add(1)
			tenant.RevokeTokens()
		})
		return false // The tenant answers.
	}
}

func clockAhead(_ *testTenant, struck *atomic.Int64) func(*http.Request, []byte) bool {
	return clockOff(5*time.Minute, struck)
}

func clockBehind(_ *testTenant, struck *atomic.Int64) func(*http.Request, []byte) bool {
	return clockOff(-5*time.Minute, struck)
}

// clockOff judges what the client signed as a tenant with the right time does while the
// client's clock is ahead: issued at most 60 s in the future, expired at most 60 s ago. A
// clock that is behind is fine until the signature expires.
func clockOff(ahead time.Duration, struck *atomic.Int64) func(*http.Request, []byte) bool {
	const skew = 60
	return func(r *http.Request, body []byte) bool {
		signed := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if form, err := url.ParseQuery(string(body)); err == nil && form.Has("client_assertion") {
			signed = form.Get("client_assertion")
		}
		var claims struct{ IAT, EXP int64 }
		if parts := strings.Split(signed, "."); len(parts) == 3 {
			if raw, err := base64.RawURLEncoding.DecodeString(parts[1]); err != nil || json.Unmarshal(raw, &claims) != nil {
				return true
			}
		}
		struck.Add(1)
		now := time.Now().Add(-ahead).Unix()
		return claims.IAT > now+skew || claims.EXP < now-skew
	}
}
