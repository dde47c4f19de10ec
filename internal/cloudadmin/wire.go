// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"time"
)

// Text is a string property. Another JSON type becomes its JSON text, null the empty
// string, and control characters are removed.
type Text string

// UnmarshalJSON never fails.
func (t *Text) UnmarshalJSON(data []byte) error {
	var s string
	switch {
	case len(data) > 2 && data[0] == '"' && isPlain(data[1:len(data)-1]) && !bytes.ContainsAny(data[1:len(data)-1], `\"`):
		*t = Text(data[1 : len(data)-1])
		return nil
	case bytes.Equal(data, []byte("null")):
	case json.Unmarshal(data, &s) == nil:
	default:
		s = string(data)
	}
	*t = Text(oneLine(s))
	return nil
}

// UnmarshalJSON accepts only a string or a number, because a status decides what happens to
// a user. Null is the empty string.
func (s *Status) UnmarshalJSON(data []byte) error {
	if isNoText(data) {
		return errNoText
	}
	return (*Text)(s).UnmarshalJSON(data)
}

// identifier is a string or a number exactly as it was sent: cleaning it could turn it into
// another user's.
type identifier string

func (i *identifier) UnmarshalJSON(data []byte) error {
	switch {
	case isNoText(data):
		return errNoText
	case data[0] == '"':
		return json.Unmarshal(data, (*string)(i))
	case !bytes.Equal(data, []byte("null")):
		*i = identifier(data)
	}
	return nil
}

var errNoText = errors.New("not a string")

func isNoText(data []byte) bool { return bytes.IndexByte([]byte("{[tf"), data[0]) >= 0 }

// Texts is a list of strings; anything but a list is an empty one.
type Texts []string

// UnmarshalJSON never fails.
func (t *Texts) UnmarshalJSON(data []byte) error {
	var elements []Text
	_ = json.Unmarshal(data, &elements)
	for _, element := range elements {
		*t = append(*t, string(element))
	}
	return nil
}

// Flag is true, false, or neither (nil). A quoted boolean counts, because RSA's own pages
// print one.
type Flag struct{ Value *bool }

// IsTrue reports whether the API said true.
func (f Flag) IsTrue() bool { return f.Value != nil && *f.Value }

// UnmarshalJSON never fails.
func (f *Flag) UnmarshalJSON(data []byte) error {
	if b, err := strconv.ParseBool(string(bytes.Trim(data, `"`))); err == nil {
		f.Value = &b
	}
	return nil
}

// Timestamp is a point in time as the API wrote it, usually "2025-02-17T21:44:09.000Z".
type Timestamp string

// UnmarshalJSON works like that of Text.
func (t *Timestamp) UnmarshalJSON(data []byte) error { return (*Text)(t).UnmarshalJSON(data) }

// Time parses the timestamp: RFC 3339, or milliseconds since 1970 as in the API's error bodies.
func (t Timestamp) Time() (time.Time, bool) {
	if at, err := time.Parse(time.RFC3339, string(t)); err == nil {
		return at.UTC(), true
	}
	if ms, err := strconv.ParseInt(string(t), 10, 64); err == nil && ms > 0 {
		return time.UnixMilli(ms).UTC(), true
	}
	return time.Time{}, false
}
