// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/settings"
)

const prefix = "IDPLUS_"

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

// variables are the provider's variables, one for each attribute of its configuration.
var variables = variablesOf(prefix, reflect.TypeFor[settings.Model]())

func variablesOf(prefix string, model reflect.Type) []string {
	var names []string
	for i := range model.NumField() {
		name := prefix + strings.ToUpper(model.Field(i).Tag.Get("tfsdk"))
		if name == prefix+"OAUTH" {
			names = append(names, variablesOf(name+"_", reflect.TypeFor[settings.OAuthModel]())...)
			continue
		}
		names = append(names, name)
	}
	return names
}

// others are variables with the prefix that are not the provider's own.
var others = []string{"IDPLUS_TEST_USER"}

// sorted returns the names of the variables with the provider's prefix, whatever its case:
// those that the provider reads, those that are empty, and those that are unknown.
func (e environment) sorted() (read, empty, unread []string) {
	for name, value := range e.values {
		switch {
		case !strings.HasPrefix(strings.ToUpper(name), prefix) || slices.Contains(others, name):
		case !slices.Contains(variables, name):
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

// meant guesses which variable an unknown name was meant to be.
func meant(name string) string {
	name = strings.ToUpper(name)
	words := strings.Split(strings.TrimPrefix(name, prefix), "_")
	best, bestShare, bestDistance := "", 0.0, 0
	for _, candidate := range variables {
		distance := editDistance(name, candidate)
		if distance <= 2 {
			return candidate
		}
		shared := 0
		parts := strings.Split(strings.TrimPrefix(candidate, prefix), "_")
		for _, word := range words {
			if slices.Contains(parts, word) {
				shared++
			}
		}
		share := float64(shared) / float64(len(words)+len(parts)-shared)
		if share > bestShare || share == bestShare && share > 0 && distance < bestDistance {
			best, bestShare, bestDistance = candidate, share, distance
		}
	}
	return best
}

// editDistance returns the number of letters to insert, remove or replace.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
		}
	}
	return row[len(b)]
}
