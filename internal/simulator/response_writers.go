// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"mime"
	"net/http"
)

// datedWriter dates an answer by the tenant's clock, as late as net/http would by the
// machine's.
type datedWriter struct {
	http.ResponseWriter
	tenant *Tenant
}

func (w *datedWriter) WriteHeader(status int) {
	w.date()
	w.ResponseWriter.WriteHeader(status)
}

func (w *datedWriter) Write(b []byte) (int, error) {
	w.date()
	return w.ResponseWriter.Write(b)
}

func (w *datedWriter) date() {
	w.Header().Set("Date", w.tenant.clockTime().UTC().Format(http.TimeFormat))
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *datedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// markingWriter puts a byte order mark before JSON.
type markingWriter struct {
	http.ResponseWriter
	begun bool
}

func (w *markingWriter) Write(b []byte) (int, error) {
	mediaType, _, _ := mime.ParseMediaType(w.Header().Get("Content-Type")) // one that is malformed is not JSON
	if !w.begun && mediaType == "application/json" {
		if _, err := w.ResponseWriter.Write([]byte("\ufeff")); err != nil {
			return 0, err
		}
	}
	w.begun = true
	return w.ResponseWriter.Write(b)
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *markingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// loggingWriter records the status before the client can see it, so that a test that has
// its answer finds it in the log.
type loggingWriter struct {
	http.ResponseWriter
	log *logEntry
}

func (w *loggingWriter) WriteHeader(status int) {
	if status >= http.StatusOK {
		w.log.setStatus(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *loggingWriter) Write(b []byte) (int, error) {
	w.log.setStatus(http.StatusOK)
	return w.ResponseWriter.Write(b)
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *loggingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
