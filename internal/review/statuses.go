// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"fmt"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
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
			wrong = append(wrong, fault{"email " + problem, fmt.Sprintf("the email %q %s", shown(email), problem)})
		}
		if meant := meantBy(email); meant != "" {
			wrong = append(wrong, fault{"encoding", fmt.Sprintf("the email %q is not valid%s", shown(email), encodingHint(email))})
		}
		switch meant := cloudadmin.StatusMeant(status); {
		case meant == "":
			wrong.add("the status %q is neither Enabled nor Disabled", shown(status))
		case string(meant) != status:
			wrong.add("the status %q is neither Enabled nor Disabled. Did you mean %q?", status, meant)
		}
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
