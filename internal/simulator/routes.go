// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

const (
	adminAPIPath  = "/AdminInterface/restapi"
	issuerPath    = "/oauth"
	tokenPath     = issuerPath + "/token"
	maxBodyLength = 64 << 10
)

// endpoint is one call of the API, with what is required of every request to it.
type endpoint struct {
	kind        Kind
	method      string
	contentType string   // required of the request unless empty
	scopes      []string // one of these is sufficient; none: no authorization
	serve       func(exchange) answer
}

// exchange is one request to an endpoint.
type exchange struct {
	request *http.Request
	body    []byte
	userID  string // from the path
	caller  caller
}

// Handler serves the tenant: the API, the token endpoint, and the control surface. It
// refuses requests for a host that is not loopback, and requests from a web page of another
// origin.
func (t *Tenant) Handler() http.Handler {
	control := t.controlSurface()
	served := fromHere(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, controlPath+"/") {
			control.ServeHTTP(w, r)
			return
		}
		t.serveTenant(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.ServeHTTP(&datedWriter{w, t}, r)
	})
}

func (t *Tenant) serveTenant(w http.ResponseWriter, r *http.Request) {
	e, userID, found := t.endpoint(r.URL.EscapedPath())
	kind := KindOther
	if found && r.Method == e.method {
		kind = e.kind
	}
	log := t.traffic.arrived(Request{
		Kind: kind, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, UserID: userID, At: t.Now(),
	})
	w = &loggingWriter{ResponseWriter: w, log: log}
	if t.traffic.marksBytes() {
		w = &markingWriter{ResponseWriter: w}
	}
	delay := t.traffic.delay()

	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBodyLength))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		refuse(http.StatusRequestEntityTooLarge, "The request body is too large.").writeTo(w)
		return
	} else if err != nil {
		return // the client went
	}
	log.setBody(kind, body)

	if !t.traffic.linger(r.Context()) {
		return // the client went
	}
	if delay > 0 {
		tooManyRequests(t.retryAfter(delay)).writeTo(w)
		return
	}

	work := func() answer {
		if !found {
			return t.refuseInFront(http.StatusNotFound, "", r.URL.Path)
		}
		return t.serveEndpoint(e, exchange{request: r, body: body, userID: userID})
	}
	fault := t.traffic.claimFault(kind, r, body)
	if fault == nil {
		work().writeTo(w)
		return
	}
	if fault.After {
		work()
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	fault.Respond(w, r)
}

// serveEndpoint checks what every endpoint requires, in the order in which filter,
// authorization and API see a request, and calls the endpoint.
func (t *Tenant) serveEndpoint(e endpoint, x exchange) answer {
	r := x.request
	if r.Method != e.method {
		a := t.refuseInFront(http.StatusMethodNotAllowed, "", r.URL.Path)
		a.header = map[string]string{"Allow": e.method}
		return a
	}
	if len(e.scopes) > 0 {
		c, refusal := t.authorize(r)
		if refusal != nil {
			return *refusal
		}
		if !c.mayDo(e.scopes) {
			return t.refuseScopes(r)
		}
		x.caller = c
	}
	if e.contentType != "" {
		mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err != nil || mediaType != e.contentType {
			return refuse(http.StatusUnsupportedMediaType, "The request must be of type %s.", e.contentType)
		}
	}
	return e.serve(x)
}

// endpoint finds the endpoint of a path, and the user's id in it. The path is compared as
// it came: cleaning it would hide a client that builds wrong ones.
func (t *Tenant) endpoint(escapedPath string) (e endpoint, userID string, found bool) {
	if escapedPath == tokenPath {
		// Checks its content type itself, because its refusals have another form.
		return endpoint{kind: KindToken, method: http.MethodPost, serve: t.issueToken}, "", true
	}
	path, below := strings.CutPrefix(escapedPath, adminAPIPath)
	if !below {
		return endpoint{}, "", false
	}
	const jsonType = "application/json"
	switch path {
	case "/v1/users/lookup":
		return endpoint{KindLookup, http.MethodPost, jsonType, []string{ScopeRead}, t.lookUp}, "", true
	case "/v2/users/search":
		return endpoint{KindSearch, http.MethodPost, jsonType, []string{ScopeRead}, t.search}, "", true
	}

	rest, below := strings.CutPrefix(path, "/v1/users/")
	escapedID, call, deeper := strings.Cut(rest, "/")
	userID, err := url.PathUnescape(escapedID)
	if !below || !deeper || err != nil {
		return endpoint{}, "", false
	}
	switch call {
	case "userStatus":
		e = endpoint{KindStatus, http.MethodPut, jsonType, []string{ScopeManage}, t.changeStatus}
	case "sync":
		e = endpoint{KindSync, http.MethodPost, "", []string{ScopeManage, ScopeSync}, t.synchronizeUser}
	case "markDeleted":
		e = endpoint{KindMarkDeleted, http.MethodPut, jsonType, []string{ScopeDeleteSoft}, t.changeMark}
	default:
		return endpoint{}, "", false
	}
	return e, userID, true
}
