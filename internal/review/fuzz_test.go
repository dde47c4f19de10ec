// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// A review decides for each line, or says what is wrong; it enables only users whose line
// says so.
func FuzzStatuses(f *testing.F) {
	for _, csv := range []string{
		"email,status,expires\nada@example.com,Enabled,2026-12-31\n", "\ufeffemail;status\r\n\"ada@example.com\";Disabled\r\n", "email\tstatus\tvalid until\n\t\t\n",
		"email,status\nada@example.com,\"En\nabled\"\n", "email,status,,x\nada@example.com,Enabled,,31.12.2026\n", "review.csv", "sep=,\n", "email,email\n", "\xff\xfe", "email,status\n<<<<<<< HEAD\n",
	} {
		f.Add(csv)
	}
	f.Fuzz(func(t *testing.T, csv string) {
		statuses, err := Statuses(csv, time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC))
		if err != nil {
			if strings.ContainsFunc(strings.ReplaceAll(err.Error(), "\n", ""), isUnseen) {
				t.Errorf("the error has characters that are not seen: %q", err)
			}
			if statuses != nil {
				t.Errorf("%v beside an error", statuses)
			}
			return
		}
		for email, status := range statuses {
			if status != "Enabled" && status != "Disabled" {
				t.Errorf("%s is %q", email, status)
			}
			if !strings.Contains(csv, email) || status == "Enabled" && !strings.Contains(csv, "Enabled") {
				t.Errorf("%s is %s by %q", email, status, csv)
			}
		}
	})
}

// Whatever a worksheet contains, a review that is read has, for each user of the roster
// and no other, no decision or one that its reviewer may make.
func FuzzReadWorksheet(f *testing.F) {
	worksheet := worksheetHeader + keepsAda + keepsBen + removesCleo
	f.Add(worksheet)
	f.Add("\ufeff" + strings.ReplaceAll(worksheet, "\n", "\r\n"))
	f.Add(strings.ReplaceAll(worksheetHeader, ",", ";") + "1001;ada@example.com;;;;;keep;x;Grace;2026-12-01;2026-12-01;\n1002;ben@example.com;;;;;restore;x;Grace;;;\n1003;cleo@example.com;;;;;;;;;;\n")
	f.Add(strings.ReplaceAll(worksheet, "keep", "restore"))
	f.Add(strings.ReplaceAll(worksheet, "Grace Hopper", "Ada Byron"))
	f.Fuzz(func(t *testing.T, text string) {
		read, err := Read(roster, []File{{"a.csv", text}}, noonOn10December)
		if err != nil {
			if strings.ContainsFunc(strings.ReplaceAll(err.Error(), "\n", ""), isUnseen) {
				t.Errorf("the error has characters that are not seen: %q", err)
			}
			return
		}
		for i, user := range []User{ada, ben, cleo} {
			e := &read.Entries[i]
			if e.User != user || e.ID != user.ID || e.Email != user.Email || e.RosterStatus != user.Status || e.File != "a.csv" || e.Line < 2 {
				t.Errorf("the row of %s is %+v", user.Email, e)
			}
			ended, err := Ended(e.Expires, noonOn10December)
			switch {
			case err != nil || ended != e.Ended:
				t.Errorf("%+v: ended: %v, %v", e, ended, err)
			case e.Decision == Undecided && (e.Reason+e.DecidedOn+e.Expires) != "":
				t.Errorf("not decided, and yet: %+v", e)
			case e.Decision == Restore && user.Status != cloudadmin.Disabled:
				t.Errorf("restored: %+v", e)
			case (e.Decision == Remove || e.Decision == Restore || e.Expires != "") && e.Reason == "":
				t.Errorf("no reason: %+v", e)
			case e.Decision != Undecided && (e.Reviewer == "" || cloudadmin.SameName(e.Reviewer, e.Email)):
				t.Errorf("no reviewer: %+v", e)
			}
		}
	})
}
