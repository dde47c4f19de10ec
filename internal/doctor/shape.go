// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// shape is the form of a body, without its values.
type shape struct {
	length int
	// form is "empty", "HTML", "text", "a JSON list", "JSON" or "a JSON object".
	form          string
	byteOrderMark bool
	// names are the properties that are not null, of the object or of the elements of a page.
	names []string
	// otherCase are names that are written in another case than documented, or in two.
	otherCase []string

	// elements is how many elements a page has, and people how many of them have an id or
	// an address.
	elements, people int
	inElements       map[string]int
	totalPages       *int
	totalUsers       *int
	hasElements      bool
	// totalsAre is what a total is instead of a readable number; empty if it is one.
	totalsAre string

	// code is the error code of a token endpoint, if it is one of RFC 6749.
	code string
	// granted is what a token endpoint granted.
	granted *grant
	// status is the user's status in the answer to a change, as a report may contain it.
	status string
	// says is the topic of a refusal's text, if it is known.
	says string
}

// grant is what an answer of the token endpoint contains beside the token.
type grant struct {
	scopes    []string
	hasScopes bool
	expiresIn int
	tokenType string
}

// has reports whether a scope was granted, in whatever case.
func (g *grant) has(scope string) bool {
	return slices.ContainsFunc(g.scopes, func(other string) bool { return strings.EqualFold(other, scope) })
}

var byteOrderMark = []byte("\ufeff")

// properName matches a name that a property of the API may have. Any other may be anything,
// such as an address.
var propertyName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,63}$`)

// tokenErrors are the codes of RFC 6749, 5.2, and common additions.
var tokenErrors = []string{
	"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client", "unsupported_grant_type",
	"invalid_scope", "access_denied", "server_error", "temporarily_unavailable",
}

func shapeOf(k kind, body []byte) shape {
	s := shape{length: len(body), byteOrderMark: bytes.HasPrefix(body, byteOrderMark)}
	body = bytes.TrimSpace(bytes.TrimPrefix(body, byteOrderMark))
	var object map[string]json.RawMessage
	lower := bytes.ToLower(body[:min(len(body), 2000)])
	switch {
	case len(body) == 0:
		s.form = "empty"
	case json.Unmarshal(body, &object) == nil && object != nil:
		s.form = "a JSON object"
	case json.Valid(body) && body[0] == '[':
		s.form = "a JSON list"
	case json.Valid(body):
		s.form = "JSON"
	case bytes.Contains(lower, []byte("<html")) || bytes.Contains(lower, []byte("<!doctype")):
		s.form = "HTML"
	default:
		s.form = "text"
	}
	s.names = s.namesOf(object)
	if k == token {
		s.readGrant(object)
	}
	if k == search {
		s.readPage(object)
	}
	if k == put {
		var status cloudadmin.Status
		if json.Unmarshal(object["userStatus"], &status) == nil {
			s.status = statusWord(status)
		}
	}
	s.says = saying(object)
	return s
}

// namesOf returns the names that are not null, sorted, and records those in another case.
func (s *shape) namesOf(object map[string]json.RawMessage) []string {
	var names []string
	lower := map[string]int{}
	for name := range object {
		lower[strings.ToLower(name)]++
	}
	for name, value := range object {
		shown := name
		if !propertyName.MatchString(name) {
			shown = "(another)"
		}
		if documented, known := documentedNames[strings.ToLower(name)]; lower[strings.ToLower(name)] > 1 && name != documented || known && name != documented {
			s.otherCase = append(s.otherCase, shown)
		}
		if !bytes.Equal(value, []byte("null")) {
			names = append(names, shown)
		}
	}
	slices.Sort(names)
	slices.Sort(s.otherCase)
	s.otherCase = slices.Compact(s.otherCase)
	return slices.Compact(names)
}

// documentedNames are the properties that matter, by their names in lower case.
var documentedNames = func() map[string]string {
	names := map[string]string{}
	for _, name := range []string{
		"id", "emailAddress", "principalUsername", "alternateUsername", "userStatus", "markDeleted",
		"totalPages", "totalElements", "elements", "code", "description",
	} {
		names[strings.ToLower(name)] = name
	}
	return names
}()

// knownNames are all properties in RSA's documentation, and those of refusals.
var knownNames = func() []string {
	names := []string{"totalPages", "totalElements", "elements", "code", "description", "access_token", "token_type", "expires_in", "scope"}
	names = append(names, "error", "error_description", "error_uri", "errorCode", "errorSummary", "message", "path", "status", "timestamp", "(another)")
	of := reflect.TypeFor[cloudadmin.User]()
	for i := range of.NumField() {
		names = append(names, of.Field(i).Tag.Get("json"))
	}
	return names
}()

// propertyNames lists names; an unknown one may be the tenant's own text.
func propertyNames(names []string) string {
	shown := make([]string, len(names))
	for i, name := range names {
		shown[i] = name
		if !slices.ContainsFunc(knownNames, func(known string) bool { return strings.EqualFold(known, name) }) {
			shown[i] = foreign(name)
		}
	}
	return strings.Join(shown, ", ")
}

func (s *shape) readPage(object map[string]json.RawMessage) {
	s.totalPages, s.totalUsers = count(object["totalPages"]), count(object["totalElements"])
	s.totalsAre = cmp.Or(oddCount(object["totalElements"]), oddCount(object["totalPages"]))
	var elements []map[string]json.RawMessage
	s.hasElements = json.Unmarshal(object["elements"], &elements) == nil && object["elements"] != nil
	s.elements, s.inElements = len(elements), map[string]int{}
	for _, element := range elements {
		names := s.namesOf(element)
		for _, name := range names {
			s.inElements[name]++
		}
		if slices.Contains(names, "id") || slices.Contains(names, "emailAddress") {
			s.people++
		}
	}
}

// oddCount returns what a total is that is not a whole number; it is empty for a whole
// number, and for no total.
func oddCount(raw json.RawMessage) string {
	text := string(raw)
	if text == "" || text == "null" {
		return ""
	}
	if _, err := strconv.Atoi(text); err == nil {
		return ""
	}
	_, err := strconv.ParseFloat(text, 64)
	switch {
	case text[0] == '"':
		return isText
	case err != nil:
		return "no number"
	case strings.ContainsAny(text, "eE"):
		return "an exponent"
	case strings.Contains(text, "."):
		return "a fraction"
	}
	return "a number that is too large"
}

const isText = "text"

func count(raw json.RawMessage) *int {
	if n, err := strconv.Atoi(string(bytes.Trim(raw, `"`))); err == nil {
		return &n
	}
	return nil
}

func (s *shape) readGrant(object map[string]json.RawMessage) {
	text := func(name string) string {
		var value string
		_ = json.Unmarshal(object[name], &value) // A value that is not text is ignored.
		return value
	}
	if code := text("error"); slices.Contains(tokenErrors, code) {
		s.code = code
	}
	if text("access_token") == "" {
		return
	}
	s.granted = &grant{scopes: scopesIn(object["scope"]), tokenType: text("token_type")}
	s.granted.hasScopes = len(s.granted.scopes) > 0
	if seconds := count(object["expires_in"]); seconds != nil {
		s.granted.expiresIn = *seconds
	}
}

// scopesIn parses scopes: a text separated by blanks (RFC 6749, 3.3) or commas, or a list.
// Without any it returns false.
func scopesIn(raw json.RawMessage) (scopes []string) {
	var text string
	var entries []any
	if json.Unmarshal(raw, &text) != nil && json.Unmarshal(raw, &entries) == nil {
		for _, entry := range entries {
			if scope, is := entry.(string); is {
				text += " " + scope
			}
		}
	}
	for scope := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		if !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}

// saying recognizes recorded texts of refusals; no other text is kept.
func saying(object map[string]json.RawMessage) string {
	var text string
	for _, name := range []string{"message", "description", "error_description"} {
		text += strings.ToLower(string(object[name]))
	}
	for _, known := range []string{"invalid audience", "access id", "expired", "not published"} {
		if strings.Contains(text, known) {
			return known
		}
	}
	return ""
}

// refusal returns in which of the known forms a refusal was written.
func (s shape) refusal() string {
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(s.names, name) })
	}
	switch {
	case s.form == "empty":
		return "an empty body"
	case has("code", "description"):
		return "the API's form (code, description)"
	case has("timestamp", "status"):
		return "the web server's form (" + propertyNames(s.names) + ")"
	case has("error") && s.code != "":
		return fmt.Sprintf("RFC 6749's form (%s): %s", propertyNames(s.names), s.code)
	case s.form == "a JSON object":
		if len(s.names) == 0 {
			return "an empty JSON object"
		}
		return "a JSON object (" + propertyNames(s.names) + ")"
	}
	return s.form
}

// isOfUser reports whether a body is about a user, by the names of its properties.
func (s shape) isOfUser() bool {
	return slices.ContainsFunc(s.names, func(name string) bool {
		return name == "userStatus" || name == "emailAddress" || name == "markDeleted"
	})
}

// lacking returns the properties that some elements of pages have and others lack.
func lacking(pages []shape, wanted ...string) (lack []string) {
	elements, have := 0, map[string]int{}
	for _, page := range pages {
		elements += page.people
		for name, n := range page.inElements {
			have[name] += n
		}
	}
	for _, name := range wanted {
		if have[name] < elements {
			lack = append(lack, name)
		}
	}
	return lack
}

// properties returns all names that elements of pages have.
func properties(pages []shape) []string {
	all := map[string]bool{}
	for _, page := range pages {
		for name := range page.inElements {
			all[name] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}
