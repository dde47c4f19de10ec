// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// ParseBaseURL reads the base URL of the Cloud Administration API as consoles
// and key files spell it: with or without the version segment, with or without
// a slash at the end. The result has neither.
func ParseBaseURL(raw string) (*url.URL, error) {
	u, err := parseURL(raw)
	if err != nil {
		return nil, err
	}
	u.RawPath = withoutVersion(u.EscapedPath())
	u.Path, err = url.PathUnescape(u.RawPath)
	return u, err
}

// withoutVersion takes the version segment off, or several: the result must not
// have another one to take.
func withoutVersion(path string) string {
	path = strings.TrimRight(path, "/")
	for _, version := range []string{"/v1", "/v2"} {
		if shorter, found := strings.CutSuffix(path, version); found {
			return withoutVersion(shorter)
		}
	}
	return path
}

// parseURL accepts https anywhere and http on this machine alone: whatever is
// sent carries a credential.
func parseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err == nil {
		// What is sent to is the text of u, which a zone can keep from being a URL.
		_, err = url.Parse(u.String())
	}
	if err != nil {
		// url.Error repeats the input, which may hold a password.
		return nil, errors.New("it is not a URL")
	}
	switch {
	case u.Scheme == "":
		return nil, errors.New("it has no scheme: write it with https:// in front")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, fmt.Errorf("its scheme is %q: only https is accepted", label(u.Scheme))
	case u.Hostname() == "":
		return nil, errors.New("it has no host name")
	case u.User != nil:
		return nil, errors.New("it holds a user name or password: remove what stands before the @")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, errors.New("it has a query or fragment: remove what follows the ? or #")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("it is an http URL, which would send the credentials unencrypted: use https (http is accepted for this machine alone, such as http://127.0.0.1:8480)")
	}
	return u, nil
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
