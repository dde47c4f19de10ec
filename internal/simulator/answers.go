// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// answer is the tenant's answer to one request. It is a value, so that a fault can discard
// it after the work is done.
type answer struct {
	status int
	header map[string]string
	body   any // nil: none
}

// encoded is the body of an answer that is already JSON.
type encoded []byte

func (a answer) writeTo(w http.ResponseWriter) {
	if a.body != nil {
		w.Header().Set("Content-Type", "application/json")
	}
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.status)
	if a.body == nil {
		return
	}
	if body, done := a.body.(encoded); done {
		_, _ = w.Write(body) // the client may have gone
		return
	}
	_ = json.NewEncoder(w).Encode(a.body) // likewise
}

func ok(body any) answer {
	return answer{status: http.StatusOK, body: body}
}

// apiError is the form in which the API itself refuses.
type apiError struct {
	Code        string `json:"code"`
	Description string `json:"description"`
}

func refuse(status int, format string, args ...any) answer {
	name := strings.ToUpper(strings.ReplaceAll(http.StatusText(status), " ", "_"))
	return answer{status: status, body: apiError{
		Code:        fmt.Sprintf("%d %s", status, name),
		Description: fmt.Sprintf(format, args...),
	}}
}

// filterError is the form in which the framework around the API refuses: its token filter
// (with a message) and its router (without one).
type filterError struct {
	Timestamp int64  `json:"timestamp"`
	Status    int    `json:"status"`
	Error     string `json:"error"`
	Message   string `json:"message,omitempty"`
	Path      string `json:"path"`
}

func (t *Tenant) refuseInFront(status int, message, path string) answer {
	return inFront(t.clockTime(), status, message, path)
}

func inFront(at time.Time, status int, message, path string) answer {
	return answer{status: status, body: filterError{
		Timestamp: at.UnixMilli(),
		Status:    status,
		Error:     http.StatusText(status),
		Message:   message,
		Path:      path,
	}}
}

// AnswerAPIError answers a [Fault] in the API's own form, {"code", "description"}.
func AnswerAPIError(status int, description string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		refuse(status, "%s", description).writeTo(w)
	}
}

// AnswerFilterError answers a [Fault] in the token filter's form, {"timestamp", "status",
// "error", "message", "path"}.
func AnswerFilterError(status int, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		inFront(time.Now(), status, message, r.URL.Path).writeTo(w)
	}
}

// AnswerRaw answers a [Fault] with a body of any content type, as a gateway
// in between would.
func AnswerRaw(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // the client may have gone
	}
}

// AnswerEmpty answers a [Fault] with a status and no body, such as an empty 200 or a 204.
func AnswerEmpty(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		answer{status: status}.writeTo(w)
	}
}

// AnswerTooManyRequests answers a [Fault] with 429 and, unless it is empty,
// with that Retry-After.
func AnswerTooManyRequests(retryAfter string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		tooManyRequests(retryAfter).writeTo(w)
	}
}

// CutConnection closes the connection without an answer to a [Fault], like a failing network.
func CutConnection(w http.ResponseWriter, _ *http.Request) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close()
	}
}

// HoldAnswer never answers a [Fault]: it waits until the client goes, or the server closes.
func HoldAnswer(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func tooManyRequests(retryAfter string) answer {
	a := refuse(http.StatusTooManyRequests, "Too many requests.")
	if retryAfter != "" {
		a.header = map[string]string{"Retry-After": retryAfter}
	}
	return a
}
