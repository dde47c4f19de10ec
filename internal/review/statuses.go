// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"fmt"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/spelling"
)

// Statuses returns the status of each user of a review that is one CSV text, by email
// address as written. Enabled becomes Disabled where access has ended at that time. Its
// error is a ProblemsError with each line that cannot be used.
func Statuses(text string, at time.Time) (map[string]string, error) {
	var found problems
	t := readTable(File{Text: text}, statusList, &found)
	if t == nil {
		return nil, found.err()
	}
	statuses := make(map[string]string, len(t.rows))
	lines := make(map[string]int, len(t.rows))
	for _, r := range t.rows {
		var wrong faults
		email, status := r.cell(columnEmail), r.cell(columnStatus)
		if problem := address.EmailProblem(email); problem != "" {
			wrong.addValue("email "+problem, email, "the email %q %s", shown(email), problem)
		}
		if meant := meantBy(email); meant != "" {
			wrong.addValue("encoding", email, "the email %q is not valid%s", shown(email), encodingHint(email))
		}
		wrong.addIf(statusFault(status))
		ended := false
		if expires := r.cell(columnExpires); expires != "" {
			end, endWrong := readExpires(expires)
			wrong.addIf(endWrong)
			ended = end.hasPassed(at)
		}
		key := cloudadmin.Fold(email)
		if first, twice := lines[key]; twice && email != "" {
			wrong.add("%s is already on line %d", email, first)
		} else {
			lines[key] = r.line
		}
		found.addRow(r, wrong)
		if ended {
			status = string(cloudadmin.Disabled)
		}
		statuses[email] = status
	}
	if err := found.err(); err != nil {
		return nil, err
	}
	return statuses, nil
}

// statusFault returns what is wrong with a status.
func statusFault(word string) *fault {
	switch status := cloudadmin.Status(word); {
	case word == "":
		return &fault{kind: "no status", text: "the row has no status: write Enabled or Disabled"}
	case status == cloudadmin.Enabled, status == cloudadmin.Disabled:
		return nil
	}
	wrong := &fault{kind: columnStatus, value: shown(word)}
	if meant := nearestStatus(word); meant != "" {
		// A question at the end of an error would get Terraform's full stop.
		wrong.text = fmt.Sprintf("the status is %q. Did you mean %q? Write Enabled or Disabled", shown(word), meant)
	} else {
		wrong.text = fmt.Sprintf("the status %q is neither Enabled nor Disabled", shown(word))
	}
	return wrong
}

// nearestStatus returns the status that a word probably means, or none.
func nearestStatus(word string) cloudadmin.Status {
	word = strings.ToLower(word)
	for _, status := range []cloudadmin.Status{cloudadmin.Enabled, cloudadmin.Disabled} {
		if spelling.Slips(word, strings.ToLower(string(status)), 2) <= 2 {
			return status
		}
	}
	return ""
}
