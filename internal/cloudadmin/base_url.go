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

// ParseBaseURL parses the base URL of the Cloud Administration API as consoles and key
// files write it: with or without the version segment, with or without a slash at the end.
// The result has neither.
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
		return nil, errors.New("it continues after /AdminInterface/restapi: remove what follows")
	case strings.Contains(path, "/v1/users"):
		return nil, errors.New("it continues after the base URL of the API: remove /v1/users and what follows")
	case strings.HasSuffix(path, "/admininterface/restapi"):
		return u, nil
	case strings.Contains(path+"/", "/admininterface/"), isTenantHost(u) && strings.Trim(path, "/") == "":
		return nil, errors.New("it is not the URL of the API, which ends in /AdminInterface/restapi")
	}
	return u, nil
}

// parseIssuerURL parses the URL of the issuer of a client's tokens. It refuses the other
// URLs that the console shows next to it.
func parseIssuerURL(raw string) (*url.URL, error) {
	u, err := parseURL(raw)
	if err != nil {
		return nil, err
	}
	switch path := strings.ToLower(u.Path); {
	case isTokenEndpoint(path):
		return nil, errors.New("it is the URL of the token endpoint: remove /token at its end, or set token_url instead")
	case strings.Contains(path, "/.well-known/"):
		return nil, errors.New("it is the URL of the issuer's metadata: remove /.well-known and what follows")
	case strings.Contains(path+"/", "/admininterface/"):
		return nil, errors.New("it is the URL of the Cloud Administration API, which belongs in admin_api_url. The issuer's URL has the form https://TENANT.auth.securid.com/oauth")
	}
	return u, nil
}

// IsIssuerURL reports whether a URL is certainly an issuer's and not a token endpoint's:
// the issuer URLs of RSA end in /oauth.
func IsIssuerURL(raw string) bool {
	u, err := parseURL(raw)
	return err == nil && isTenantHost(u) && strings.HasSuffix(strings.ToLower(strings.TrimRight(u.Path, "/")), "/oauth")
}

func isTokenEndpoint(path string) bool {
	return strings.HasSuffix(strings.TrimRight(path, "/"), "/token")
}

// isTenantHost reports whether a host is one of RSA's own, where the API has only one path.
func isTenantHost(u *url.URL) bool {
	return strings.HasSuffix("."+strings.ToLower(u.Hostname()), ".securid.com")
}

// withoutVersion removes one or more version segments: parsing the result again must change
// nothing.
func withoutVersion(path string) string {
	path = strings.TrimRight(path, "/")
	for _, version := range []string{"/v1", "/v2", "/V1", "/V2"} {
		if shorter, found := strings.CutSuffix(path, version); found {
			return withoutVersion(shorter)
		}
	}
	return path
}

// parseURL accepts https for any host, and http only for this machine: every request
// carries a credential. Its errors do not repeat the URL, which may hold a password or be a
// key in the wrong place.
func parseURL(raw string) (*url.URL, error) {
	raw = strings.TrimSpace(raw)
	u, err := url.Parse(raw)
	if err == nil {
		// Requests use the text of u, which is not a URL if it has a zone.
		_, err = url.Parse(u.String())
	}
	switch {
	case placeholder.MatchString(raw):
		return nil, errors.New("it has a placeholder in it: put the name of your tenant, as in the address of its console")
	case strings.ContainsFunc(raw, func(r rune) bool { return unicode.Is(unicode.Cf, r) }):
		return nil, errors.New("it has an invisible character in it, as copied text may have: type it by hand")
	case err != nil && strings.Contains(raw, "://"):
		return nil, errors.New("it is not a URL")
	case err != nil || u.Scheme == "":
		return nil, errors.New("it has no scheme: put https:// in front of it")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("it does not begin with https://, which is required")
	case u.Hostname() == "":
		return nil, errors.New("it has no host name")
	case u.User != nil:
		return nil, errors.New("it holds a user name or password: remove what comes before the @")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, errors.New("it has a query or fragment: remove what follows the ? or #")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("it is an http URL, which would send the credentials unencrypted: use https (http is accepted only for this machine, as in http://127.0.0.1:8480)")
	}
	return u, nil
}

// placeholder matches the host of a URL copied from the documentation. In lower case, as
// browsers write hosts, it matches only the documented hosts.
var placeholder = regexp.MustCompile(`^((?i:https?)://)?TENANT\.|^(?i:https?)://[^/?#]*[<>{}$]|^(?i:https?://tenant\.(access|auth)\.securid\.com([:/?#]|$))`)

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
