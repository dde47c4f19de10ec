// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// properties are the members of a JSON object, by their exact names: encoding/json would
// also accept a struct's members in another case.
type properties map[string]json.RawMessage

// parseObject parses a request body that must be one JSON object and nothing else.
func parseObject(body []byte) (properties, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	var p properties
	if err := decoder.Decode(&p); err != nil {
		return nil, err
	}
	if p == nil {
		return nil, errors.New("null is not an object")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the object")
	}
	return p, nil
}

// only reports whether there are no properties but the named ones.
func (p properties) only(names ...string) bool {
	known := 0
	for _, name := range names {
		if _, ok := p[name]; ok {
			known++
		}
	}
	return known == len(p)
}

// text returns a property that is a string; present is false if it is absent or null.
func (p properties) text(name string) (value string, present bool, err error) {
	var s *string
	err = p.read(name, &s)
	if err != nil || s == nil {
		return "", false, err
	}
	return *s, true, nil
}

// flag returns a property that is a boolean; present is false if it is absent or null.
func (p properties) flag(name string) (value, present bool, err error) {
	var b *bool
	err = p.read(name, &b)
	if err != nil || b == nil {
		return false, false, err
	}
	return *b, true, nil
}

// integer returns a property that is a whole number, written without a
// fraction, an exponent or quotes.
func (p properties) integer(name string) (value int64, present bool, err error) {
	var n *int64
	err = p.read(name, &n)
	if err != nil || n == nil {
		return 0, false, err
	}
	return *n, true, nil
}

func (p properties) read(name string, into any) error {
	raw, ok := p[name]
	if !ok {
		return nil
	}
	return json.Unmarshal(raw, into)
}
