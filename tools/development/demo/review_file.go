// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

func (s *stage) reviewFile() string { return filepath.Join(s.folder, "review.csv") }

func (s *stage) showReview() {
	content, err := os.ReadFile(s.reviewFile())
	s.fail(err)
	s.typed("cat review.csv")
	s.printAbridged(string(content))
}

// rewrite edits the CSV file as a pull request would.
func (s *stage) rewrite(edit func(csv string) string) {
	if s.failure != nil {
		return
	}
	before, err := os.ReadFile(s.reviewFile())
	s.fail(err)
	after := edit(string(before))
	if after == string(before) {
		s.fail(errors.New("the edit of review.csv changed nothing"))
	}
	s.fail(os.WriteFile(s.reviewFile(), []byte(after), 0o600))
	s.print("\nreview.csv:\n")
	s.printAbridged(difference(string(before), after))
}

// difference lists the removed rows, then the added ones.
func difference(before, after string) string {
	var text strings.Builder
	kept := map[string]bool{}
	for row := range strings.Lines(after) {
		kept[row] = true
	}
	for row := range strings.Lines(before) {
		if !kept[row] {
			text.WriteString("- " + row)
		}
		delete(kept, row)
	}
	for row := range strings.Lines(after) {
		if kept[row] {
			text.WriteString("+ " + row)
		}
	}
	return text.String()
}

func (s *stage) decide(status string, emails ...string) {
	s.rewrite(func(csv string) string {
		for _, email := range emails {
			row := regexp.MustCompile(`(?m)^(` + regexp.QuoteMeta(email) + `),\w+,`)
			csv = row.ReplaceAllString(csv, "${1},"+status+",")
		}
		return csv
	})
}

func (s *stage) dropRow(email string) {
	row := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(email) + `,.*\n`)
	s.rewrite(func(csv string) string { return row.ReplaceAllString(csv, "") })
}
