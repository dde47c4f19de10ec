// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// Every answer of a switch changes the answers to requests of its kinds, and to no others.
func TestEveryTemperamentShows(t *testing.T) {
	t.Parallel()
	kinds := []simulator.Kind{
		simulator.KindLookup, simulator.KindSearch, simulator.KindStatus, simulator.KindSync, simulator.KindMarkDeleted, simulator.KindToken,
	}
	for _, m := range simulator.Temperaments() {
		if len(m.Answers) == 0 {
			continue
		}
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				usual := scenario(t, m, m.Answers[0])
				for _, answer := range append(m.Answers[1:], otherAnswers[m.Others]...) {
					shown := scenario(t, m, answer)
					var differ []simulator.Kind
					for _, kind := range kinds {
						if usual[kind] == "" {
							t.Fatalf("the scenario has no request of kind %s", kind)
						}
						if shown[kind] != usual[kind] {
							differ = append(differ, kind)
						}
					}
					if len(differ) == 0 || m.Kinds != nil && slices.ContainsFunc(differ, func(k simulator.Kind) bool { return !slices.Contains(m.Kinds, k) }) {
						t.Errorf("%s changes %v, but should change %v", answer, differ, m.Kinds)
					}
				}
			})
		})
	}
}

var issuedToken = regexp.MustCompile(`"access_token":"[^"]*"`)

// scenario sends one request of each kind that a switch may change, with the time stopped,
// and returns the answers by kind.
func scenario(t *testing.T, m simulator.Temperament, is string) map[simulator.Kind]string {
	t.Helper()
	tenant := simulator.NewTenant()
	for i := range 60 {
		tenant.AddUser(simulator.User{ID: fmt.Sprint(100 - i), Email: crowdAddress(i)})
	}
	tenant.AddUser(simulator.User{ID: "1", Email: "ada@example.com"})
	tenant.AddUser(simulator.User{ID: "2", Email: "ben@example.com", MarkDeleted: true})
	tenant.AddUser(simulator.User{ID: "3", Email: "carla@example.com", SCIMManaged: true})
	registered, err := tenant.CreateOAuthClient(simulator.OAuthOptions{KeyType: "EC"})
	must(t, err)
	key, handler := parseJWK(t, registered.PrivateKeyJWK).Key, tenant.Handler()
	bearer, reader := tenant.IssueToken(time.Hour), tenant.IssueToken(time.Hour, simulator.ScopeRead)
	if m.Name == "retry-after" {
		tenant.SetRateLimit(1, 1)
	}
	must(t, tenant.SetTemperament(m.Name, is))

	answered := map[simulator.Kind]string{}
	send := func(kind simulator.Kind, token, method, path, contentType, body string) {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), method, "http://localhost"+path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		answered[kind] += fmt.Sprintln(w.Code, w.Header(), issuedToken.ReplaceAllString(w.Body.String(), ""))
	}
	call := func(kind simulator.Kind, token, method, path, body string) {
		t.Helper()
		send(kind, token, method, "/AdminInterface/restapi"+path, "application/json", body)
	}
	attempts := 0
	ask := func(claims, form changes) {
		t.Helper()
		attempts++
		const endpoint = "http://localhost/oauth/token"
		sent := attempt(t, endpoint, registered, key, jose.ES256, fmt.Sprint(attempts), oauthCase{claims: claims, form: form})
		send(simulator.KindToken, "", http.MethodPost, "/oauth/token", "application/x-www-form-urlencoded", sent.Encode())
	}

	for _, id := range []string{"1", "1", "2"} {
		call(simulator.KindStatus, bearer, "PUT", "/v1/users/"+id+"/userStatus", disable)
	}
	call(simulator.KindStatus, bearer, "PUT", "/v1/users/3/userStatus", enable)
	call(simulator.KindStatus, reader, "PUT", "/v1/users/1/userStatus", disable)
	call(simulator.KindSync, bearer, "POST", "/v1/users/2/sync", "")
	call(simulator.KindMarkDeleted, bearer, "PUT", "/v1/users/1/markDeleted", `{"markDeleted":true}`)
	for _, name := range []string{"ada", "ADA", "ben", "nobody"} {
		call(simulator.KindLookup, bearer, "POST", "/v1/users/lookup", `{"email":"`+name+`@example.com"}`)
	}
	for page := range 4 {
		call(simulator.KindSearch, bearer, "POST", fmt.Sprintf("/v2/users/search?pageNumber=%d", page), everybody)
	}
	ask(nil, nil)
	for _, ahead := range []int64{5, 30, 120, 3000} {
		ask(changes{"iat": time.Now().Unix() + ahead}, nil)
	}
	ask(changes{"jti": nil}, nil)
	ask(nil, changes{"scope": "sudo"})
	return answered
}
