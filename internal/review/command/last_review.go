// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// lastReview is what was decided in the last review, by the ids of users.
type lastReview map[string]review.Last

// readLastReview reads the folder of the last review; it returns nil without one.
func readLastReview(dir string, at time.Time) (lastReview, error) {
	if dir == "" {
		return nil, nil
	}
	last, err := decidedIn(dir, at)
	if err != nil {
		return nil, fmt.Errorf("the review of -previous cannot be read. %w. Correct its files, or leave -previous out: then the worksheets do not show the last decisions", err)
	}
	return last, nil
}

func decidedIn(dir string, at time.Time) (lastReview, error) {
	text, err := os.ReadFile(filepath.Join(dir, manifestName))
	if err != nil {
		return nil, err
	}
	manifest, err := review.ReadManifest(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", manifestName, err)
	}
	roster, err := os.ReadFile(filepath.Join(dir, rosterName))
	if err != nil {
		return nil, err
	}
	if review.SumOf(string(roster)) != manifest.SHA256 {
		return nil, fmt.Errorf("%s is not the file whose checksum is in %s", rosterName, manifestName)
	}
	files, err := readWorksheets(dir)
	if err != nil {
		return nil, err
	}
	sheets := make([]review.File, len(files))
	for i, file := range files {
		sheets[i] = review.File{Name: file.Name, Text: string(file.Data)}
	}
	read, err := review.Read(review.File{Name: rosterName, Text: string(roster)}, sheets, at)
	if err != nil {
		return nil, err
	}
	last := make(lastReview, len(read.Entries))
	for i := range read.Entries {
		e := &read.Entries[i]
		last[e.ID] = review.Last{Decision: e.Decision, Reason: e.Reason, Expires: e.Expires}
	}
	return last, nil
}

// notes returns what to check.
func (l lastReview) notes(users []review.User) []string {
	if l == nil || slices.ContainsFunc(users, func(user review.User) bool { _, is := l[user.ID]; return is }) {
		return nil
	}
	return []string{"no user of the roster is in the review of -previous: it may be from another tenant"}
}
