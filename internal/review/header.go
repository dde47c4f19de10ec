// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
	"github.com/idplus-community/terraform-provider-idplus/internal/spelling"
)

// recognize reads the header and finds the separator: the one with which the header has
// the most known columns, under their own or a similar name.
func (t *table) recognize(text string) (header []string, err error) {
	most, nearest := -1, -1
	for _, candidate := range separators {
		reader := newReader(text, candidate)
		cells, failed := reader.Read()
		if failed != nil {
			err = cmp.Or(err, failed)
			continue
		}
		known, near := 0, 0
		for _, cell := range cells {
			switch column := columnNameOf(cell); {
			case isKnown(column):
				known++
			case columnMeant(column) != "":
				near++
			}
		}
		if known > most || known == most && near > nearest {
			header, t.separator, most, nearest = cells, candidate, known, near
			t.line, _ = reader.FieldPos(0)
		}
	}
	if header != nil {
		err = nil
	}
	return header, err
}

// similarNames are names that other tools give to columns.
var similarNames = map[string]string{
	"e_mail": columnEmail, "mail": columnEmail, "email_address": columnEmail, "emailaddress": columnEmail, "e_mail_address": columnEmail,
	"mail_address": columnEmail, "user_email": columnEmail, "emails": columnEmail, "e_mails": columnEmail, "e_mail_adresse": columnEmail, "mailadresse": columnEmail,
	"state": columnStatus, "user_status": columnStatus, "userstatus": columnStatus, "account_status": columnStatus, "statuses": columnStatus,
	"user_id": columnID, "userid": columnID, "decisions": columnDecision, "reasons": columnReason, "reviewers": columnReviewer, "reviewed_by": columnReviewer,
}

// columnMeant returns the column that an unknown name probably means, or none. A name of
// one slip means the column as well.
func columnMeant(name string) string {
	if column := similarNames[name]; column != "" || isKnown(name) {
		return column
	}
	for _, column := range []string{columnEmail, columnStatus, columnDecision, columnReason, columnReviewer} {
		if spelling.Slips(name, column, 1) == 1 {
			return column
		}
	}
	return ""
}

// headerProblem says why the header lacks columns, and what to do.
func (t *table) headerProblem(kind sheet, missing []string, written string) string {
	needs := fmt.Sprintf("The columns of %s are %s", kind.what, kind.listed())
	if slices.ContainsFunc(t.written, func(cell string) bool { return address.EmailProblem(strings.TrimSpace(unguarded(cell))) == "" }) {
		return "it looks like a user: the header is missing. " + needs
	}
	text := fmt.Sprintf("%s: %s. ", phrase.Plural(len(missing), "a column is missing", "columns are missing"), phrase.Joined(missing, len(missing)))
	var renames []string
	for _, column := range missing {
		if i := slices.IndexFunc(t.header, func(name string) bool { return columnMeant(name) == column }); i >= 0 {
			renames = append(renames, fmt.Sprintf("%q to %s", shown(t.written[i]), column))
		}
	}
	if len(renames) > 0 {
		text += "Rename " + phrase.Joined(renames, len(renames))
	}
	if len(renames) == len(missing) {
		return text
	}
	if len(renames) > 0 {
		text += ". "
	}
	text += fmt.Sprintf("The header is %q. ", shown(written))
	if len(t.header) == 1 && hasColumnAmongWords(written) {
		text += "Separate the columns by commas, semicolons or tabs. "
	}
	return text + needs
}

// listed returns the columns as part of a sentence.
func (s sheet) listed() string {
	if len(s.optional) == 0 {
		return phrase.Joined(s.columns, len(s.columns))
	}
	return strings.Join(s.columns, ", ") + " and, if you like, " + phrase.Joined(s.optional, len(s.optional))
}

// hasColumnAmongWords reports whether a header of one cell has the name of a column, among
// other words: its separator is one that is not read.
func hasColumnAmongWords(header string) bool {
	words := strings.FieldsFunc(header, func(r rune) bool { return !unicode.IsLetter(r) && !strings.ContainsRune("_-", r) })
	return len(words) > 1 && slices.ContainsFunc(words, func(word string) bool {
		column := columnNameOf(word)
		return isKnown(column) || columnMeant(column) != ""
	})
}
