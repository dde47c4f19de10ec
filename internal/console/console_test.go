// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package console

import (
	"slices"
	"testing"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"a line that fits":             {"as wide as", []string{"as wide as"}},
		"a line that does not":         {"as wide as it", []string{"as wide as", "it"}},
		"a word that is wider":         {"a https://example.com/ b", []string{"a", "https://example.com/", "b"}},
		"characters count, not bytes":  {"äöü äöü äö", []string{"äöü äöü äö"}},
		"line breaks are kept":         {"one\ntwo", []string{"one", "two"}},
		"a bullet's second line joins": {"- one\n    two", []string{"- one two"}},
		"nothing":                      {"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := Wrap(test.text, 10); !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
