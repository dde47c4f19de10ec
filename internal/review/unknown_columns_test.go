// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"fmt"
	"testing"
)

// A decision in a column that is not read would be lost.
func TestAnUnknownColumnOfAnswersIsRefused(t *testing.T) {
	t.Parallel()
	for column, cells := range map[string][3]string{
		"decision2": {"remove", "", "keep"}, "final_decision": {"Removed", "Keep!", "restore"}, "Entscheidung": {"-", "n/a", "KEEP"},
	} {
		text := fmt.Sprintf("id,email,decision,reason,reviewer,expires,%s\n1001,ada@example.com,keep,,Grace,,%s\n1002,ben@example.com,,,,,%s\n1003,cleo@example.com,,,,,%s\n", column, cells[0], cells[1], cells[2])
		want := fmt.Sprintf("a.csv:1: the column %q contains only values of the column decision, but is not read. Move them to decision, or remove the column", column)
		if _, err := Read(roster, []File{{"a.csv", text}}, noonOn10December); err == nil || err.Error() != want {
			t.Errorf("%s: %v", column, err)
		}
	}
	for column, cell := range map[string]string{"status2": "Disabled", "new status": "disabled", "wanted": "ENABLED"} {
		want := fmt.Sprintf("line 1: the column %q contains only values of the column status, but is not read. Move them to status, or remove the column", column)
		if _, err := Statuses("email,status,"+column+"\nada@example.com,Enabled,"+cell+"\nben@example.com,Enabled,\n", lateOn31December); err == nil || err.Error() != want {
			t.Errorf("%s: %v", column, err)
		}
	}
}

func TestAColumnOfOtherWordsIsForPeople(t *testing.T) {
	t.Parallel()
	for column, cell := range map[string]string{"note": "keep an eye on", "wanted": "Enabled, as agreed", "team": "Removals", "decision2": "", "status2": "-", "state": "Enabled"} {
		text := fmt.Sprintf("id,email,decision,reason,reviewer,expires,%s\n1001,ada@example.com,keep,,Grace,,%q\n1002,ben@example.com,,,,,\n1003,cleo@example.com,,,,,\n", column, cell)
		if _, err := Read(roster, []File{{"a.csv", text}}, noonOn10December); err != nil {
			t.Errorf("%s: %v", column, err)
		}
	}
	if _, err := Statuses("email,status,decision2\nada@example.com,Enabled,keep\n", lateOn31December); err != nil {
		t.Error(err)
	}
}
