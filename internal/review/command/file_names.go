// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fileNames turns any text into a name of a file. Names are unique regardless of case, and
// valid on every system.
type fileNames struct{ taken map[string]bool }

// longestName leaves room for a number and an ending.
const longestName = 60

// newFileNames returns names without those that are used. Names that Windows reserves for
// devices are never used.
func newFileNames(used ...string) *fileNames {
	n := &fileNames{map[string]bool{"con": true, "prn": true, "aux": true, "nul": true}}
	for i := range 10 {
		n.taken["com"+strconv.Itoa(i)], n.taken["lpt"+strconv.Itoa(i)] = true, true
	}
	for _, name := range used {
		n.taken[name] = true
	}
	return n
}

// of returns a name for a text: its letters and digits, in lower case and without accents.
// If nothing is left, it uses otherwise.
func (n *fileNames) of(text, otherwise string) string {
	name := slug(text)
	if name == "" {
		name = otherwise
	}
	free := name
	for i := 2; n.taken[free]; i++ {
		free = name + "-" + strconv.Itoa(i)
	}
	n.taken[free] = true
	return free
}

func slug(text string) string {
	var name strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(text) {
		switch r = unicode.ToLower(r); {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
			if gap && name.Len() > 0 {
				name.WriteByte('-')
			}
			gap = false
			name.WriteRune(r)
		case unicode.Is(unicode.Mn, r): // An accent.
		default:
			gap = true
		}
		if name.Len() > longestName {
			break
		}
	}
	return strings.TrimRight(name.String()[:min(name.Len(), longestName)], "-")
}
