// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

var userList = sheet{what: "a list of users", columns: []string{columnEmail}, required: []string{columnEmail}}

// Emails returns the addresses in the column email of any file of a review, without rows
// that have none. Its error is a ProblemsError.
func Emails(file File) (emails []string, err error) {
	var found problems
	if t := readTable(file, userList, &found); t != nil {
		for _, r := range t.rows {
			if email := r.cell(columnEmail); email != "" {
				emails = append(emails, email)
			}
		}
	}
	return emails, found.err()
}
