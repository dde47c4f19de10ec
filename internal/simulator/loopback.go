// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// fromHere refuses requests that a web page makes a browser on this machine send, which
// listening on loopback does not prevent: requests from a page of another origin, and
// requests for a name that was made to resolve to loopback.
func fromHere(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLoopback(r.Host) {
			say(w, http.StatusForbidden, "The simulator accepts only requests for a loopback address or localhost; the Host header of this request has another host.")
			return
		}
		for _, origin := range r.Header.Values("Origin") {
			if origin != originOf(r) {
				say(w, http.StatusForbidden, "The simulator accepts no requests from web pages of another origin, as in the Origin header of this request.")
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// isLoopback reports whether a host, with or without a port, is certainly this machine,
// whatever a name server answers.
func isLoopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	if strings.EqualFold(name, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(name)
	return err == nil && address.Unmap().IsLoopback()
}

// originOf returns the server's own origin, as its client calls it.
func originOf(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
