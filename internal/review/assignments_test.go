// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"strings"
	"testing"
)

func TestAssignmentsFindTheReviewerOfAUser(t *testing.T) {
	t.Parallel()
	ada := User{Email: "Ada@example.com", IdentitySource: "Corporate AD"}
	for name, tc := range map[string]struct{ text, reviewer string }{
		"by identity source":                  {"identity_source,reviewer\nCorporate AD,ben@example.com\nLocal,carla@example.com\n", "ben@example.com"},
		"by address, whatever its case":       {"email,reviewer\nada@EXAMPLE.com,ben@example.com\n", "ben@example.com"},
		"as a spreadsheet of Europe saves it": {"\ufeffReviewer;Identity Source\r\nben@example.com;Corporate AD\r\n", "ben@example.com"},
		"with a formula that was guarded":     {"identity_source,reviewer\nCorporate AD,'@ben\n", "@ben"},
		"in another case of the source":       {"identity_source,reviewer\ncorporate ad,ben@example.com\n", ""},
		"no line has the user":                {"email,reviewer\nzoe@example.com,ben@example.com\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := ReadAssignments(File{Name: "reviewers.csv", Text: tc.text})
			if err != nil {
				t.Fatal(err)
			}
			if line, is := a.Of(ada); line.Reviewer != tc.reviewer || is != (tc.reviewer != "") {
				t.Errorf("got %+v, %t", line, is)
			}
		})
	}
}

func TestAssignmentsNameEachBadLine(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ text, want string }{
		"neither column":            {"source,reviewer\nLocal,ben\n", "reviewers.csv:1: the header must be identity_source,reviewer or email,reviewer"},
		"both columns":              {"email,identity_source,reviewer\na@b.c,Local,ben\n", "reviewers.csv:1: the header must be"},
		"no column of the reviewer": {"email,approver\na@b.c,ben\n", "a column is missing: reviewer"},
		"no reviewer":               {"email,reviewer\na@b.c,\n", "reviewers.csv:2: there is no reviewer"},
		"no user":                   {"email,reviewer\n,ben\n", "reviewers.csv:2: there is no email"},
		"an address twice":          {"email,reviewer\na@b.c,ben\nA@b.c,eva\n", `reviewers.csv:3: "A@b.c" is already on line 2`},
		"no line":                   {"email,reviewer\n", "there is no line about a reviewer"},
		"a last line without end":   {"email,reviewer\na@b.c,ben", "the last line has no line break"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if a, err := ReadAssignments(File{Name: "reviewers.csv", Text: tc.text}); err == nil || a != nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v and %v", a, err)
			}
		})
	}
}
