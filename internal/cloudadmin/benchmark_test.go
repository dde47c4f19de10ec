// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
)

const adaDetails = `{"id": "6d0d6f2e-6a3f-4b53-9b5e-0a8a4c1f0c11", "emailAddress": "ada@example.com", "firstName": "Ada",
 "lastName": "Example", "creationDate": "2024-11-28T04:12:06.000Z", "identitySource": "Corporate AD", "userStatus": "Enabled",
 "highRiskUser": false, "markDeleted": false, "markDeletedAt": null, "markDeletedBy": null, "isTokenLocked": false,
 "lastSyncTime": "2025-02-17T21:44:09.000Z", "emergencyAccessStatus": "Disabled", "monthLastAuthenticated": "Jun 2025",
 "principalUsername": "ada@example.com", "alternateUsername": "", "primaryUniqueIdentifier": "6d0d6f2e"}`

// The client's share of a look-up, without the network and the pace.
func BenchmarkLookup(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(adaDetails))
	}))
	b.Cleanup(server.Close)
	base, err := ParseBaseURL(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	client := New(Config{BaseURL: base, Credentials: AccessToken("token")})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := client.Users.Lookup(b.Context(), Email(ada), LookupOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUser(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := json.Unmarshal([]byte(adaDetails), new(User)); err != nil {
			b.Fatal(err)
		}
	}
}

// The cost of the pace when nothing has to wait.
func BenchmarkPace(b *testing.B) {
	const unlimited = 1e12
	send := paced(func(context.Context, request) (answer, error) { return answer{}, nil }, 10, unlimited)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := send(b.Context(), request{}); err != nil {
			b.Fatal(err)
		}
	}
}
