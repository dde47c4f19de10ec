// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// predicate returns the name of the predicate that is true for an error, if any.
func predicate(err error) string {
	var holds []string
	for _, p := range []struct {
		name string
		is   func(error) bool
	}{
		{"NotFound", cloudadmin.IsNotFound},
		{"Conflict", cloudadmin.IsConflict},
		{"MethodNotAllowed", cloudadmin.IsMethodNotAllowed},
		{"Unauthorized", cloudadmin.IsUnauthorized},
		{"Throttled", cloudadmin.IsThrottled},
		{"NotModified", cloudadmin.IsNotModified},
	} {
		if p.is(err) {
			holds = append(holds, p.name)
		}
	}
	return strings.Join(holds, " ")
}

func TestErrorsOnTheWire(t *testing.T) {
	t.Parallel()
	const (
		api     = cloudadmin.OriginAPI
		filter  = cloudadmin.OriginFilter
		gateway = cloudadmin.OriginGateway
		unknown = cloudadmin.OriginUnknown
		text    = cloudadmin.OriginText
	)
	for _, tc := range []struct {
		name        string
		status      int
		body        string
		origin      cloudadmin.Origin
		code        string
		description string
		text        string
		predicate   string
	}{
		{
			"API, 404", 404, `{"code": "404 NOT_FOUND", "description": "User ada@example.com not found"}`,
			api, "404 NOT_FOUND", "User ada@example.com not found", "404 Not Found: User ada@example.com not found", "NotFound",
		},
		{
			"API, 400", 400, `{"code": "400 BAD_REQUEST", "description": "Wrong number of properties in the request body."}`,
			api, "400 BAD_REQUEST", "Wrong number of properties in the request body.", "400 Bad Request: Wrong number of properties in the request body.", "",
		},
		{
			"API, 500", 500, `{"code": "500 INTERNAL_SERVER_ERROR", "description": "An internal error occurred."}`,
			api, "500 INTERNAL_SERVER_ERROR", "An internal error occurred.", "500 Internal Server Error: An internal error occurred.", "",
		},
		{
			"API, 409", 409, `{"code": "409 CONFLICT", "description": null}`,
			api, "409 CONFLICT", "", "409 Conflict: 409 CONFLICT", "Conflict",
		},
		{
			"API, 429", 429, `{"code": "429 TOO_MANY_REQUESTS"}`,
			api, "429 TOO_MANY_REQUESTS", "", "429 Too Many Requests: 429 TOO_MANY_REQUESTS", "Throttled",
		},
		{
			"API, code a number", 405, `{"code": 405, "description": "Not for SCIM."}`,
			api, "405", "Not for SCIM.", "405 Method Not Allowed: Not for SCIM.", "MethodNotAllowed",
		},
		{
			"API, message for a description, and new properties", 400, `{"code": "400 BAD_REQUEST", "message": "No.", "correlationId": "1"}`,
			api, "400 BAD_REQUEST", "No.", "400 Bad Request: No.", "",
		},
		{
			"API, an unknown status", 499, `{"code": "499", "description": "Gone away."}`,
			api, "499", "Gone away.", "499: Gone away.", "",
		},
		{
			"filter, 403", 403, `{"timestamp": 1749938869908, "status": 403, "error": "Forbidden", "message": "Server failed to process provided access token", "path": "/AdminInterface/restapi/v1/users/lookup"}`,
			filter, "Forbidden", "Server failed to process provided access token", "403 Forbidden: Server failed to process provided access token", "Unauthorized",
		},
		{
			"filter, 401 without a message", 401, `{"timestamp": "2025-06-14T22:07:49.908+00:00", "status": 401, "error": "Unauthorized", "path": "/"}`,
			filter, "Unauthorized", "", "401 Unauthorized: Unauthorized", "Unauthorized",
		},
		{
			"filter, 404", 404, `{"timestamp": 1749938869908, "status": 404, "error": "Not Found", "path": "/AdminInterface/restapi/v1/users/lookup"}`,
			filter, "Not Found", "", "404 Not Found: Not Found", "",
		},
		{
			"filter, 404 without a timestamp", 404, `{"status": 404, "error": "Not Found", "message": "No message available"}`,
			filter, "Not Found", "No message available", "404 Not Found: No message available", "",
		},
		{
			"RFC 9457, 404", 404, `{"type": "about:blank", "title": "Not Found", "status": 404}`,
			filter, "", "", "404 Not Found without an explanation", "",
		},
		{
			"RFC 6749", 401, `{"error": "invalid_client", "error_description": "The client is not known."}`,
			filter, "invalid_client", "The client is not known.", "401 Unauthorized: invalid_client: The client is not known.", "Unauthorized",
		},
		{
			"RFC 6749 without a description", 400, `{"error": "invalid_request"}`,
			filter, "invalid_request", "", "400 Bad Request: invalid_request", "",
		},
		{
			"HTML with a title, 404", 404, "<!DOCTYPE html><HTML><head><TITLE>\n 404 | Not\there </TITLE></head><body>secret</body></HTML>",
			gateway, "", `an HTML page titled "404 | Not here", not the API`, `404 Not Found: an HTML page titled "404 | Not here", not the API`, "",
		},
		{
			"HTML without a title", 503, "<html><body>Maintenance</body></html>",
			gateway, "", "an HTML page, not the API", "503 Service Unavailable: an HTML page, not the API", "",
		},
		{
			"HTML with an open title", 502, "<html><title>Bad Gateway",
			gateway, "", "an HTML page, not the API", "502 Bad Gateway: an HTML page, not the API", "",
		},
		{
			"plain text, 404", 404, "404 page not found\n",
			text, "", "not JSON: 404 page not found", "404 Not Found: not JSON: 404 page not found", "",
		},
		{
			"JSON cut, 404", 404, `{"code": "404 NOT_FOUND", "descr`,
			text, "", `not JSON: {"code": "404 NOT_FOUND", "descr`, `404 Not Found: not JSON: {"code": "404 NOT_FOUND", "descr`, "",
		},
		{"empty, 404", 404, "", unknown, "", "", "404 Not Found without an explanation", ""},
		{"null, 404", 404, "null", unknown, "", "", "404 Not Found without an explanation", ""},
		{"JSON of another form, 404", 404, `{"message": "no route"}`, unknown, "", "no route", "404 Not Found: no route", ""},
		{"API, 404, an odd description", 404, `{"code": "404 NOT_FOUND", "description": {}}`, api, "404 NOT_FOUND", "{}", "404 Not Found: {}", "NotFound"},
		{
			"a credential that is repeated", 400, `{"code": "400", "description": "bad token eyJhbGciOiJSUzI1NiJ9abc.eyJzdWIiOiJhYmMifQabc.c2lnbmF0dXJl, sorry"}`,
			api, "400", "bad token [removed], sorry", "400 Bad Request: bad token [removed], sorry", "",
		},
		{"empty, 403", 403, "", unknown, "", "", "403 Forbidden without an explanation", "Unauthorized"},
		{"blank, 504", 504, " \n", unknown, "", "", "504 Gateway Timeout without an explanation", ""},
		// The API's own 409 and 405 may have no body; a proxy's have a page.
		{"empty, 409", 409, "", unknown, "", "", "409 Conflict without an explanation", "Conflict"},
		{"empty, 405", 405, "", unknown, "", "", "405 Method Not Allowed without an explanation", "MethodNotAllowed"},
		{"a byte order mark alone, 409", 409, "\ufeff", unknown, "", "", "409 Conflict without an explanation", "Conflict"},
		{"HTML, 409", 409, "<html>", gateway, "", "an HTML page, not the API", "409 Conflict: an HTML page, not the API", ""},
		{"HTML, 405", 405, "<html>", gateway, "", "an HTML page, not the API", "405 Method Not Allowed: an HTML page, not the API", ""},
		{"plain text, 403", 403, "Access denied", text, "", "not JSON: Access denied", "403 Forbidden: not JSON: Access denied", ""},
		{"plain text, 405", 405, "Method PUT blocked", text, "", "not JSON: Method PUT blocked", "405 Method Not Allowed: not JSON: Method PUT blocked", ""},
		{"JSON of another form, 409", 409, `{"message": "busy"}`, unknown, "", "busy", "409 Conflict: busy", "Conflict"},
		{"another vendor's JSON, 400", 400, `{"errorCode": "E1", "errorSummary": "No."}`, unknown, "", `{"errorCode": "E1", "errorSummary": "No."}`, `400 Bad Request: {"errorCode": "E1", "errorSummary": "No."}`, ""},
		{"HTML, 403", 403, "<html>", gateway, "", "an HTML page, not the API", "403 Forbidden: an HTML page, not the API", ""},
		{"JSON of another form, 403", 403, `{"message": "No."}`, unknown, "", "No.", "403 Forbidden: No.", "Unauthorized"},
		{
			"filter, 405", 405, `{"timestamp": 1, "status": 405, "error": "Method Not Allowed", "message": "Request method 'PUT' is not supported"}`,
			filter, "Method Not Allowed", "Request method 'PUT' is not supported", "405 Method Not Allowed: Request method 'PUT' is not supported", "",
		},
		{
			"API, 404, after a byte order mark", 404, "\ufeff" + `{"code": "404 NOT_FOUND", "description": "No."}`,
			api, "404 NOT_FOUND", "No.", "404 Not Found: No.", "NotFound",
		},
		{"not modified", 304, "", unknown, "", "nothing was changed", "304 Not Modified: nothing was changed", "NotModified"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := lookUpAda(t, newClientOf(t, simulator.AnswerRaw(tc.status, "application/json", tc.body)))
			var got *cloudadmin.Error
			if !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			want := &cloudadmin.Error{
				Status: tc.status, Code: tc.code, Description: tc.description, Origin: tc.origin,
				Method: "POST", Path: "/v1/users/lookup",
			}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(cloudadmin.Error{}), cmpopts.IgnoreFields(cloudadmin.Error{}, "URL", "ClockAhead")); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			// The text continues after this.
			sent := "POST /v1/users/lookup answered "
			if tc.origin == gateway || tc.origin == text || tc.status == 404 && tc.origin != api {
				sent = "POST " + got.URL + " answered " // The URL may be the wrong one.
			}
			if err.Error() != sent+strings.TrimRight(tc.text, ".") {
				t.Errorf("got  %s\nwant %s", err, sent+tc.text)
			}
			if !strings.HasPrefix(got.URL, "http://127.0.0.1:") || !strings.HasSuffix(got.URL, "/v1/users/lookup") {
				t.Errorf("the URL is %s", got.URL)
			}
			for _, err := range []error{err, fmt.Errorf("ada: %w", err)} {
				if got := predicate(err); got != tc.predicate {
					t.Errorf("%q is true for %v, want %q", got, err, tc.predicate)
				}
			}
		})
	}
}

func TestPredicatesOfOtherErrors(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"none":       nil,
		"foreign":    errors.New("404 Not Found"),
		"unexpected": &cloudadmin.UnexpectedAnswerError{Method: "PUT", Path: "/", Problem: "no id"},
		"404 of the token endpoint": &cloudadmin.SignInError{Err: &cloudadmin.Error{
			Status: http.StatusNotFound, Origin: cloudadmin.OriginGateway,
		}},
		"no answer": lookUpAda(t, newClientOf(t, simulator.CutConnection)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := predicate(err); got != "" {
				t.Errorf("%q is true", got)
			}
		})
	}
}

// hostile is text that would take over a terminal: escape sequences in both encodings, a
// bell, line breaks, and characters that change the direction of text.
const hostile = "a\x1b]0;owned\x07\x1b[31m\r\nb\u009b2J\x00c\u202ed\u2028e\u200bf\x7f"

func wantFitForTerminal(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	text := err.Error()
	if !utf8.ValidString(text) {
		t.Errorf("%q is not UTF-8", text)
	}
	if i := strings.IndexFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp)
	}); i >= 0 {
		t.Errorf("%q has a control character at %d", text, i)
	}
	if !strings.Contains(text, "owned") {
		t.Errorf("%q does not contain what the test is about", text)
	}
}

func TestErrorsAreFitForATerminal(t *testing.T) {
	t.Parallel()
	object := func(properties members) string { return properties.with(nil) }
	for _, tc := range []struct {
		name   string
		status int
		body   string
	}{
		{"API's description", 400, object(members{"code": "400", "description": hostile})},
		{"API's code", 400, object(members{"code": hostile})},
		{"API's code, an object", 400, object(members{"code": members{"value": hostile}})},
		{"filter's message", 403, object(members{"timestamp": 1, "status": 403, "message": hostile})},
		{"filter's error", 403, object(members{"timestamp": 1, "status": 403, "error": hostile})},
		{"token endpoint's description", 401, object(members{"error": "invalid_client", "error_description": hostile})},
		{"token endpoint's error", 401, object(members{"error": hostile})},
		{"plain text", 502, hostile},
		{"text that is not UTF-8", 502, hostile + "\xff\xfe"},
		{"title", 502, "<html><title>" + hostile + "</title></html>"},
		{"another user's address", 200, object(members{"id": "1", "emailAddress": hostile})},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			wantFitForTerminal(t, lookUpAda(t, newClientOf(t, simulator.AnswerRaw(tc.status, "application/json", tc.body))))
		})
	}
	t.Run("address that was asked for", func(t *testing.T) {
		t.Parallel()
		client := newClientOf(t, simulator.AnswerRaw(200, "application/json", `{"emailAddress": "ada@example.com"}`))
		_, err := client.Users.Lookup(t.Context(), cloudadmin.Email(hostile), cloudadmin.LookupOptions{})
		wantFitForTerminal(t, err)
	})
	t.Run("id that was asked for", func(t *testing.T) {
		t.Parallel()
		client := newClientOf(t, simulator.AnswerRaw(200, "application/json", `{"id": "1", "userStatus": "Enabled"}`))
		wantFitForTerminal(t, client.Users.SetStatus(t.Context(), hostile, cloudadmin.Enabled))
	})
	for name, answer := range map[string]members{
		"id that was answered":     {"id": hostile, "userStatus": "Enabled"},
		"status that was answered": {"id": "1", "userStatus": hostile},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := newClientOf(t, simulator.AnswerRaw(200, "application/json", object(answer)))
			wantFitForTerminal(t, client.Users.SetStatus(t.Context(), "1", cloudadmin.Enabled))
		})
	}
}

func TestLongTextIsCut(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"ASCII":                  strings.Repeat("a", 100_000),
		"four bytes a character": "aa" + strings.Repeat("😀", 100_000),
		"off the boundary":       "é" + strings.Repeat("世", 100_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			description, err := json.Marshal(text)
			must(t, err)
			for _, body := range []string{
				`{"code": "400 BAD_REQUEST", "description": ` + string(description) + `}`,
				text,
				"<html><title>" + text + "</title></html>",
			} {
				err := lookUpAda(t, newClientOf(t, simulator.AnswerRaw(400, "application/json", body)))
				if err == nil {
					t.Fatal("no error")
				}
				if n := utf8.RuneCountInString(err.Error()); n > 420 || !strings.Contains(err.Error(), "…") || !utf8.ValidString(err.Error()) {
					t.Errorf("%d characters: %s", n, err)
				}
			}
		})
	}
}
