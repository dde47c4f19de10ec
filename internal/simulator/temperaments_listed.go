// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"io"
	"strings"
)

// lineLength is the maximum length of a line for people, in characters.
const lineLength = 78

// writeTemperaments writes the table for people, with the current answers.
func (t *Tenant) writeTemperaments(w io.Writer) error {
	var b strings.Builder
	for i, m := range temperamentTable {
		if i > 0 {
			b.WriteByte('\n')
		}
		if m.set == nil {
			change, _ := userChangeNamed(m.Name)
			fmt.Fprintf(&b, "%s, of one user\n    POST %s/users/{address}/%s\n", m.Name, controlPath, change.Call())
		} else {
			fmt.Fprintf(&b, "%s is %s\n", m.Name, quotedIfEmpty(t.Temperament(m.Name)))
		}
		writeWrapped(&b, m.Decides)
		if m.set != nil {
			writeWrapped(&b, "Answers: "+m.Choices()+".")
		}
		writeWrapped(&b, "RSA's documentation: "+m.Documented)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeWrapped writes a text in indented lines.
func writeWrapped(b *strings.Builder, text string) {
	const indent = "    "
	line := indent
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == indent:
			line += word
		case len(line)+1+len(word) > lineLength:
			b.WriteString(line + "\n")
			line = indent + word
		default:
			line += " " + word
		}
	}
	b.WriteString(line + "\n")
}
