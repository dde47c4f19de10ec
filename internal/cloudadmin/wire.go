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

// text is a string property. Another JSON type becomes its JSON text, null the
// empty string, and control characters never get through.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var s string
	switch {
	case len(data) > 2 && data[0] == '"' && isPlain(data[1:len(data)-1]) && !bytes.ContainsAny(data[1:len(data)-1], `\"`):
		*t = text(data[1 : len(data)-1])
		return nil
	case bytes.Equal(data, []byte("null")):
	case json.Unmarshal(data, &s) == nil:
	default:
		s = string(data)
	}
	*t = text(oneLine(s))
	return nil
}

// toldText is a string property of which an answer may say nothing at all. Null
// says something.
type toldText struct {
	text text
	told bool
}

func (t *toldText) UnmarshalJSON(data []byte) error {
	t.told = true
	return t.text.UnmarshalJSON(data)
}

// strictText is a property that decides what happens to a user: a string or a
// number, and nothing that only looks like one. Null is the empty string.
type strictText string

func (s *strictText) UnmarshalJSON(data []byte) error {
	if isNoText(data) {
		return errNoText
	}
	return (*text)(s).UnmarshalJSON(data)
}

// identifier is a strictText exactly as it was sent: a cleaned one could be
// another's.
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

// textList is a list of strings; anything but a list is an empty one.
type textList []string

func (l *textList) UnmarshalJSON(data []byte) error {
	var elements []text
	_ = json.Unmarshal(data, &elements)
	for _, element := range elements {
		*l = append(*l, string(element))
	}
	return nil
}

// flag is true, false, or neither. A quoted boolean counts: RSA's own pages
// print one.
type flag struct{ value *bool }

func (f *flag) UnmarshalJSON(data []byte) error {
	if b, err := strconv.ParseBool(string(bytes.Trim(data, `"`))); err == nil {
		f.value = &b
	}
	return nil
}

// Timestamp is a point in time as the API wrote it, usually
// "2025-02-17T21:44:09.000Z".
type Timestamp string

// Time reads the timestamp: RFC 3339, or milliseconds since 1970 as the API's
// error bodies carry them.
func (t Timestamp) Time() (time.Time, bool) {
	if at, err := time.Parse(time.RFC3339, string(t)); err == nil {
		return at.UTC(), true
	}
	if ms, err := strconv.ParseInt(string(t), 10, 64); err == nil && ms > 0 {
		return time.UnixMilli(ms).UTC(), true
	}
	return time.Time{}, false
}
