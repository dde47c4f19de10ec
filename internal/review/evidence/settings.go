// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"time"
)

// settings are the content of review.json, which people edit.
type settings struct {
	Title string `json:"title"`
	// Deadline is the last day for decisions.
	Deadline string `json:"deadline"`
	// RosterMaxAgeDays is the number of days after which a roster is old; 0 for never.
	RosterMaxAgeDays int `json:"roster_max_age_days"`
	// Facts are shown unchanged: a commit, a pull request, who approved.
	Facts []Fact `json:"facts"`
}

// readSettings reads review.json, which may be missing. It refuses unknown properties: a
// deadline under another name would be ignored.
func readSettings(files Files) (settings, error) {
	s := settings{Title: files.Folder}
	f := files.Settings
	if !f.given() {
		return s, nil
	}
	text, err := f.text()
	if err != nil {
		return s, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&s); err != nil {
		return s, f.errorf("%w. It has title, deadline, roster_max_age_days and facts: [{\"name\": …, \"value\": …}]", damaged(err))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return s, f.errorf("there is text after the end of the JSON: remove it")
	}
	if s.Title == "" {
		s.Title = files.Folder
	}
	if _, err := time.Parse(time.DateOnly, s.Deadline); err != nil && s.Deadline != "" {
		return s, f.errorf("deadline is not a day, such as 2026-12-31")
	}
	if s.RosterMaxAgeDays < 0 {
		return s, f.errorf("roster_max_age_days is less than 0")
	}
	for _, fact := range s.Facts {
		if fact.Name == "" {
			return s, f.errorf("a fact has no name")
		}
	}
	return s, nil
}

// damaged words an error of the JSON reader for users who made the file with a command.
func damaged(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || err.Error() == "unexpected end of JSON input" {
		return errors.New("the file is cut off: the JSON has no end")
	}
	return err
}
