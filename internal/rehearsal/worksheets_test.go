// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package rehearsal_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The reader of worksheets accepts what Decide fills in.
func TestFilledInWorksheetsAreRead(t *testing.T) {
	t.Parallel()
	users := []review.User{
		{ID: "1", Email: "ada@example.com", Status: "Enabled", IdentitySource: "Local"},
		{ID: "2", Email: "ben@example.com", Status: "Enabled", IdentitySource: "Local"},
		{ID: "3", Email: "carla@example.com", Status: "Enabled", IdentitySource: "Local"},
	}
	folder := t.TempDir()
	file := filepath.Join(folder, "decisions", "local.csv")
	must(t, os.Mkdir(filepath.Dir(file), 0o700))
	must(t, os.WriteFile(file, []byte(review.WriteWorksheet(users, "", nil)), 0o600))

	must(t, rehearsal.FillIn(folder, func(row rehearsal.Row) {
		switch row.Cell("email") {
		case "ada@example.com":
			row.Decide(rehearsal.Decision{Decision: review.Remove, Reason: "left, in October", Ticket: "HR-1"})
		case "ben@example.com":
			row.Decide(rehearsal.Decision{Decision: review.Keep, Reason: "contractor", Expires: rehearsal.Day(40)})
		}
	}))
	must(t, rehearsal.FillIn(folder, func(row rehearsal.Row) { row.MoveEnd(rehearsal.Day(40), "2020-12-31") }))

	content, err := os.ReadFile(file)
	must(t, err)
	day := rehearsal.Day(0)
	for _, row := range []string{
		`ada@example.com,,Local,Enabled,,false,false,remove,ada@example.com,"left, in October",Head of Local,` + day + ",,HR-1,1\n",
		"ben@example.com,,Local,Enabled,,false,false,keep,ben@example.com,contractor,Head of Local,,2020-12-31,,2\n",
		"carla@example.com,,Local,Enabled,,false,false,,carla@example.com,,,,,,3\n",
	} {
		if !strings.Contains(string(content), row) {
			t.Errorf("the worksheet is\n%s\nwithout\n%s", content, row)
		}
	}
}

func TestFillInNeedsWorksheets(t *testing.T) {
	t.Parallel()
	if err := rehearsal.FillIn(t.TempDir(), func(rehearsal.Row) {}); err == nil {
		t.Error("a folder without worksheets was filled in")
	}
}
