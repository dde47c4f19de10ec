// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// The fuzz targets of this file parse what servers answer; those of fuzz_settings_test.go
// parse what users configure. `make fuzz` runs them all, and testdata/fuzz has what they
// found.

// wantOneLine fails the test when a text is not safe for a terminal.
func wantOneLine(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%q is not UTF-8", text)
	}
	if i := strings.IndexFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
	}); i >= 0 {
		t.Errorf("%q has a control or format character at %d", text, i)
	}
}

func FuzzUser(f *testing.F) {
	for _, seed := range []string{
		`{"id": "6d0d6f2e-6a3f-4b53-9b5e-0a8a4c1f0c11", "emailAddress": "ada@example.com", "firstName": "Ada", "lastName": "Example",
			"creationDate": "2024-11-28T04:12:06.000Z", "identitySource": "Corporate AD", "userStatus": "Enabled", "highRiskUser": false,
			"markDeleted": false, "markDeletedAt": null, "markDeletedBy": null, "isTokenLocked": false, "isSmsLocked": false,
			"isVoiceLocked": false, "isFingerprintLocked": false, "isApproveLocked": false, "lastSyncTime": "2025-02-17T21:44:09.000Z",
			"emergencyAccessStatus": "Disabled", "emergencyTokencodeId": null, "monthLastAuthenticated": "Jun 2025",
			"principalUsername": "ada@example.com", "alternateUsername": "", "primaryUniqueIdentifier": "6d0d6f2e-…"}`,
		`{"id": "1", "userStatus": "Disabled", "markDeleted": true, "markDeletedAt": "2025-06-14T22:07:49.908+02:00", "markDeletedBy": "root"}`,
		`{"id": "1", "markDeleted": "true", "markDeletedAt": 1749938869908}`,
		`{"id": "1", "markDeletedAt": "9223372036854775807", "creationDate": "0000-01-01T00:00:00+23:59"}`,
		`{"id": 17, "smsNumber": {"country": 1}, "voiceNumber": ["1"], "highRiskUser": "maybe", "globalGroups": {"a": 1}}`,
		`{"id": "1", "identitySourceSpecificGroups": ["a\u0007", 7, null, {"name": "b"}], "globalGroups": []}`,
		`{"id": "1", "firstName": "A\u001b[31mda\r\n\u0000", "lastName": "\u202e\u2028\u009b\ud800"}`,
		`{"id": "1", "globalGroups": ["a"], "globalGroups": ["b"], "markDeleted": true, "markDeleted": null}`,
		`{"id": "1", "lastName": "` + strings.Repeat("é", 5*maxText) + `"}`,
		`{"id": "1"`, `[]`, `null`, `{}`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var user User
		if json.Unmarshal(data, &user) != nil {
			return
		}
		// The previous content of a variable must not show through.
		again := User{ID: "stale", HighRiskUser: Flag{new(true)}, MarkDeleted: Flag{new(true)}, GlobalGroups: []string{"stale"}}
		must(t, json.Unmarshal(data, &again))
		if diff := cmp.Diff(user, again); diff != "" {
			t.Errorf("the same bytes give another user (-first +second):\n%s", diff)
		}
		user.ID = "" // It is kept as it was sent.
		for _, text := range textsOf(user) {
			wantOneLine(t, text)
			if n := utf8.RuneCountInString(text); n > maxText+1 {
				t.Errorf("%q has %d characters", text, n)
			}
		}
		for _, timestamp := range []Timestamp{user.MarkDeletedAt, user.CreationDate, user.LastSyncTime, user.LastSuccessfulAuthenticationDate} {
			at, ok := timestamp.Time()
			if at.Location() != time.UTC || ok == at.IsZero() && timestamp != "0001-01-01T00:00:00Z" {
				t.Errorf("%q is %s, %t", timestamp, at, ok)
			}
		}
	})
}

func FuzzSearchPage(f *testing.F) {
	for _, seed := range []string{
		`{"totalPages": 1, "totalElements": 2, "elements": [` + adaDetails + `, {"id": "2", "emailAddress": "ben@example.com"}]}`,
		`{"totalPages": 2, "totalElements": 26, "elements": [{"userStatus": "Enabled"}, null, {"id": ""}, {"id": 17, "firstName": "A\u001b[31m"}]}`,
		`{"totalPages": 0, "totalElements": 0, "elements": []}`,
		`{"totalPages": 1, "totalElements": 1, "elements": [{"emailAddress": "ada@example.com", "userStatus": "Enabled", "markDeleted": false}]}`,
		`{"totalPages": -1, "totalElements": 1, "elements": []}`,
		`{"totalPages": 1, "totalElements": 1, "elements": [[]]}`,
		`{"totalPages": 1, "totalElements": 26, "elements": [` + strings.Repeat(`{"id": "1"},`, LargestPage) + `{"id": "1"}]}`,
		`{"totalElements": 1e3, "elements": {}}`, `{"totalElements": "1"}`, `{"content": []}`, `{}`, `[]`, `null`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		client := &Client{send: func(context.Context, request) (answer, error) { return answer{body: data}, nil }}
		page, err := Users{client}.Search(t.Context(), "@example.com", 0)
		var unexpected *UnexpectedAnswerError
		if err != nil {
			if !errors.As(err, &unexpected) || page != nil {
				t.Errorf("got %+v, %v", page, err)
			}
			return
		}
		if page.TotalPages < 0 || len(page.Users) > LargestPage {
			t.Errorf("%d pages, %d users on this one", page.TotalPages, len(page.Users))
		}
		for _, user := range page.Users {
			if user == nil || user.ID == "" && (user.EmailAddress == "" || !user.Incomplete()) {
				t.Fatalf("a user without id and address: %+v", user)
			}
			for _, text := range textsOf(*user) {
				wantOneLine(t, text)
			}
		}
	})
}

// An answer of success confirms the mark, or the result is an error.
func FuzzMarkDeletedAnswer(f *testing.F) {
	for _, seed := range []string{``, `{}`, `[]`, `null`, `{"id": "1", "markDeleted": true}`, `{"id": 1, "markDeleted": "true"}`, `{"id": "2"}`, `{"markDeleted": false}`, `{"id": {}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		client := &Client{send: func(context.Context, request) (answer, error) { return answer{body: data}, nil }}
		err := Users{client}.MarkDeleted(t.Context(), "1", true)
		var unexpected *UnexpectedAnswerError
		if err != nil && !errors.As(err, &unexpected) {
			t.Errorf("got %v", err)
		}
		if err != nil {
			wantOneLine(t, err.Error())
		}
	})
}

// textsOf returns all texts of a user.
func textsOf(user User) []string {
	var texts []string
	for _, field := range reflect.ValueOf(user).Fields() {
		switch field.Kind() {
		case reflect.String:
			texts = append(texts, field.String())
		case reflect.Slice:
			for i := range field.Len() {
				texts = append(texts, field.Index(i).String())
			}
		default: // a flag
		}
	}
	return texts
}

// longRun matches what may be a token that a server repeats.
var longRun = regexp.MustCompile(`[A-Za-z0-9_+/=-]{40,}`)

func FuzzErrorFrom(f *testing.F) {
	const jwt = "eyJhbGciOiJSUzI1NiJ9abc.eyJzdWIiOiJhYmMifQabc.c2lnbmF0dXJl"
	for _, seed := range []struct {
		status int
		body   string
	}{
		{404, `{"code": "404 NOT_FOUND", "description": "User ada@example.com not found"}`},
		{409, `{"code": "409 CONFLICT", "description": null}`},
		{405, `{"code": 405, "description": "Not for SCIM."}`},
		{404, `{"code": "", "description": {}, "message": "No."}`},
		{404, `{"CODE": [], "code": null}`},
		{403, `{"timestamp": 1749938869908, "status": 403, "error": "Forbidden", "message": "Server failed to process provided access token", "path": "/AdminInterface/restapi/v1/users/lookup"}`},
		{404, `{"type": "about:blank", "title": "Not Found", "status": 404}`},
		{401, `{"error": "invalid_client", "error_description": "The client is not known."}`},
		{400, `{"code": "400", "description": "bad token ` + jwt + `, sorry"}`},
		{401, `{"error": "` + jwt + `"}`},
		{404, `{"message": "no route"}`},
		{404, "<!DOCTYPE html><HTML><head><TITLE>\n 404 | Not\there </TITLE></head><body>secret</body></HTML>"},
		{503, "<html><body>Maintenance</body></html>"},
		{502, "<html><title>Bad Gateway"},
		{502, "<html lang='tr'>İstek <title class=\"a\">\"Hatalı\" \xfd\xfe</title>"},
		{502, "a\x1b]0;owned\x07\x1b[31m\r\nb\u009b2J\x00c\u202ed\u2028e\u200bf\x7f\xff"},
		{502, "<html><title>" + strings.Repeat("\ue000", maxText) + "</title>"},
		{500, strings.Repeat("x ", 2*maxText)},
		{429, ""}, {504, " \n"}, {404, "null"}, {404, `"code"`}, {404, "[]"}, {299, "{"}, {-1, "0"},
	} {
		f.Add(seed.status, []byte(seed.body))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		err := refusalOf(request{method: http.MethodPost, pattern: lookupPath}, &http.Response{StatusCode: status}, nil, body)
		text := err.Error()
		wantOneLine(t, text)
		wantOneLine(t, err.Code)
		if n := utf8.RuneCountInString(text); n > maxText+120 {
			t.Errorf("%d characters: %s", n, text)
		}
		if run := longRun.FindString(err.Code + " " + err.Description); run != "" {
			t.Errorf("it repeats what may be a token: %s", run)
		}
		if IsNotFound(err) && (status != http.StatusNotFound || !hasCodeOrDescription(body)) {
			t.Errorf("%d with %q counts as the API's answer that there is no such user", status, body)
		}
	})
}

// hasCodeOrDescription reports whether a body has the API's form, ignoring the case of names.
func hasCodeOrDescription(body []byte) bool {
	var object map[string]json.RawMessage
	if json.Unmarshal(body, &object) != nil {
		return false
	}
	for name := range object {
		if strings.EqualFold(name, "code") || strings.EqualFold(name, "description") {
			return true
		}
	}
	return false
}

func FuzzParseRetryAfter(f *testing.F) {
	now := time.Date(2025, 6, 14, 22, 7, 49, 0, time.UTC).Unix()
	for _, seed := range []string{
		"0", "1", "60", "61", " 7\t", "86400", "18446744073709551615", "18446744073709551616", "-1", "+1", "1.5", "1e3", "0x10", "", "soon",
		"Sat, 14 Jun 2025 22:08:00 GMT", "Saturday, 14-Jun-25 22:08:00 GMT", "Sat Jun 14 22:08:00 2025",
		"Sat, 14 Jun 2025 22:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0000 00:00:00 GMT",
	} {
		f.Add(seed, now)
	}
	f.Add("Sat, 14 Jun 2025 22:08:00 GMT", int64(math.MinInt64))
	f.Add("Sat, 14 Jun 2025 22:08:00 GMT", int64(math.MaxInt64))
	f.Fuzz(func(t *testing.T, value string, seconds int64) {
		now := time.Unix(seconds, 0)
		wait, ok := parseRetryAfter(value, now)
		if wait < 0 || !ok && wait != 0 {
			t.Errorf("%q, read at %s, is %s, %t", value, now, wait, ok)
		}
		capped, found := retryAfter(&Error{retryAfter: value}, now)
		if capped < 0 || capped > time.Minute || capped > wait || found != ok {
			t.Errorf("%q, read at %s, makes a request wait for %s, %t", value, now, capped, found)
		}
	})
}

func FuzzTokenAnswer(f *testing.F) {
	for _, seed := range []string{
		`{"access_token": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln", "token_type": "Bearer", "expires_in": 3600, "scope": "rsa.user.read"}`,
		`{"access_token": "a", "expires_in": "3600"}`, `{"access_token": "a", "expires_in": 1e3}`,
		`{"access_token": "a", "expires_in": -1}`, `{"access_token": "a", "expires_in": 2147483647}`,
		`{"access_token": "a", "expires_in": 9223372036854775807}`, `{"access_token": "a", "expires_in": null}`,
		`{"access_token": "a"}`, `{"access_token": ""}`, `{"access_token": 1}`, `{"error": "invalid_client"}`,
		`["eyJhbGciOiJSUzI1NiJ9"]`, `null`, ``,
	} {
		f.Add([]byte(seed))
	}
	client := OAuthClient{TokenURL: "https://acme.auth.securid.com/oauth/token", ClientID: "client"}
	f.Fuzz(func(t *testing.T, body []byte) {
		before := time.Now()
		fetched, err := client.fetchToken(t.Context(), func(context.Context, request) (answer, error) { return answer{status: 200, body: body}, nil })
		var refusal *Error
		var unexpected *UnexpectedAnswerError
		switch {
		case errors.As(err, &unexpected):
			if unexpected.Problem != "the answer has no access token" || fetched != (token{}) {
				t.Errorf("got %+v, %v", fetched, err)
			}
		case errors.As(err, &refusal):
			if refusal.Code == "" || fetched != (token{}) {
				t.Errorf("got %+v, %v", fetched, err)
			}
			wantOneLine(t, err.Error())
		case err != nil:
			t.Errorf("got %v", err)
		case fetched.value == "" || fetched.issued.Before(before):
			t.Errorf("got %+v", fetched)
		case !fetched.expiry.IsZero() && (!fetched.expiry.After(fetched.issued) || fetched.expiry.Sub(fetched.issued) > math.MaxInt32*time.Second):
			t.Errorf("it expires at %s", fetched.expiry)
		}
	})
}
