// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"errors"
	"net"
	"net/url"
	"regexp"
	"strings"
	"unicode"
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
	if u.Path, err = url.PathUnescape(u.RawPath); err != nil {
		return nil, errors.New("it is not a URL")
	}
	path := strings.ToLower(u.Path)
	_, behind, hasBase := strings.Cut(path, "/admininterface/restapi/")
	switch {
	case isTokenEndpoint(path) || strings.HasSuffix(path, "/oauth"):
		return nil, errors.New("it is the URL of an OAuth issuer, which belongs in issuer_url")
	case hasBase && behind != "":
		return nil, errors.New("it goes on behind /AdminInterface/restapi: remove what follows")
	case strings.Contains(path, "/v1/users"):
		return nil, errors.New("it goes on behind the base of the API: remove /v1/users and what follows")
	case strings.HasSuffix(path, "/admininterface/restapi"):
		return u, nil
	case strings.Contains(path+"/", "/admininterface/"), isTenantHost(u) && strings.Trim(path, "/") == "":
		return nil, errors.New("it is not the URL of the API, which ends in /AdminInterface/restapi")
	}
	return u, nil
}

// parseIssuerURL reads the URL of the issuer of a client's tokens. It refuses the
// URL of something else that stands beside it in the console.
func parseIssuerURL(raw string) (*url.URL, error) {
	u, err := parseURL(raw)
	if err != nil {
		return nil, err
	}
	switch path := strings.ToLower(u.Path); {
	case isTokenEndpoint(path):
		return nil, errors.New("it is the URL of the token endpoint: remove /token at its end, or give it as token_url instead")
	case strings.Contains(path, "/.well-known/"):
		return nil, errors.New("it is the URL of a description of the issuer: remove /.well-known and what follows")
	case strings.Contains(path+"/", "/admininterface/"):
		return nil, errors.New("it is the URL of the Cloud Administration API, which belongs in admin_api_url. That of the issuer is such as https://TENANT.auth.securid.com/oauth")
	}
	return u, nil
}

// IsIssuerURL reports whether a URL is surely that of an issuer, and so no token
// endpoint: RSA's own end in /oauth.
func IsIssuerURL(raw string) bool {
	u, err := parseURL(raw)
	return err == nil && isTenantHost(u) && strings.HasSuffix(strings.ToLower(strings.TrimRight(u.Path, "/")), "/oauth")
}

func isTokenEndpoint(path string) bool {
	return strings.HasSuffix(strings.TrimRight(path, "/"), "/token")
}

// isTenantHost reports whether a host is one of RSA's own, on which the API has one
// path.
func isTenantHost(u *url.URL) bool {
	return strings.HasSuffix("."+strings.ToLower(u.Hostname()), ".securid.com")
}

// withoutVersion takes the version segment off, or several: the result must not
// have another one to take.
func withoutVersion(path string) string {
	path = strings.TrimRight(path, "/")
	for _, version := range []string{"/v1", "/v2", "/V1", "/V2"} {
		if shorter, found := strings.CutSuffix(path, version); found {
			return withoutVersion(shorter)
		}
	}
	return path
}

// parseURL accepts https anywhere and http on this machine alone: whatever is
// sent carries a credential. Its errors do not repeat the URL, which may hold a
// password, or be a key in the wrong place.
func parseURL(raw string) (*url.URL, error) {
	raw = strings.TrimSpace(raw)
	u, err := url.Parse(raw)
	if err == nil {
		// What is sent to is the text of u, which a zone can keep from being a URL.
		_, err = url.Parse(u.String())
	}
	switch {
	case placeholder.MatchString(raw):
		return nil, errors.New("it has a placeholder in it: put the name of your tenant, as in the address of its console")
	case strings.ContainsFunc(raw, func(r rune) bool { return unicode.Is(unicode.Cf, r) }):
		return nil, errors.New("it has an invisible character in it, such as copying brings along: type it by hand")
	case err != nil && strings.Contains(raw, "://"):
		return nil, errors.New("it is not a URL")
	case err != nil || u.Scheme == "":
		return nil, errors.New("it has no scheme: write it with https:// in front")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("it does not begin with https://, and nothing else is accepted")
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

// placeholder is the host of a URL copied from the documentation. In lower case it
// is that of the documented hosts alone: a browser writes those so.
var placeholder = regexp.MustCompile(`^((?i:https?)://)?TENANT\.|^(?i:https?)://[^/?#]*[<>{}$]|^(?i:https?://tenant\.(access|auth)\.securid\.com([:/?#]|$))`)

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
