// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"regexp"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/settings"
)

// environment is the environment of the process.
type environment struct{ values map[string]string }

func parseEnvironment(environ []string) environment {
	e := environment{map[string]string{}}
	for _, variable := range environ {
		if name, value, is := strings.Cut(variable, "="); is {
			e.values[name] = value
		}
	}
	return e
}

func (e environment) get(name string) string { return e.values[name] }

// others are variables with the prefix that are not the provider's own.
var others = []string{"IDPLUS_TEST_USER"}

// sorted returns the names of the variables with the provider's prefix, whatever its case:
// those that the provider reads, those that are empty, and those that are unknown.
func (e environment) sorted() (read, empty, unread []string) {
	for name, value := range e.values {
		switch {
		case !strings.HasPrefix(strings.ToUpper(name), settings.VariablePrefix) || slices.Contains(others, name):
		case !slices.Contains(settings.Variables, name):
			unread = append(unread, name)
		case strings.TrimSpace(value) == "":
			empty = append(empty, name)
		default:
			read = append(read, name)
		}
	}
	for _, names := range [][]string{read, empty, unread} {
		slices.Sort(names)
	}
	return read, empty, unread
}

var (
	properNumber = regexp.MustCompile(`^[\d.]{1,12}(ms|s|m|h)?$`)
	properScopes = regexp.MustCompile(`^[a-z.,;|+\s]+$`)
	properName   = regexp.MustCompile(`^[^\s{}/:?=@]{1,40}(@[\w.-]{1,190})?$`)
)

// isProper reports whether a variable has a value of the right kind, so that it is not a
// key in the wrong place.
func (e environment) isProper(name string) bool {
	value := strings.TrimSpace(e.values[name])
	switch name {
	case "IDPLUS_MAX_CONCURRENT_REQUESTS", "IDPLUS_REQUESTS_PER_SECOND", "IDPLUS_MAX_RETRIES", "IDPLUS_REQUEST_TIMEOUT", "IDPLUS_MAX_CHANGES":
		return properNumber.MatchString(value)
	case "IDPLUS_OAUTH_SCOPES":
		return properScopes.MatchString(value)
	case "IDPLUS_PROTECTED_USERS", "IDPLUS_TEST_USER":
		for entry := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == ',' || r == ' ' }) {
			if !properName.MatchString(entry) {
				return false
			}
		}
		return true
	}
	return false
}
