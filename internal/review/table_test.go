// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"
)

// A text that cannot be read is reported once, on its line, with the way out.
func TestReaderRefusesATextThatIsNotATable(t *testing.T) {
	t.Parallel()
	const columns = "The columns of a review are email, status and, if you like, expires"
	units := []byte("\xff\xfe")
	for _, unit := range utf16.Encode([]rune("email\tstatus\n")) {
		units = binary.LittleEndian.AppendUint16(units, unit)
	}
	utf16le := string(units)
	for _, tc := range []struct{ name, text, want string }{
		{"nothing", "", "the file is empty"},
		{"white space", "\ufeff \r\n\n", "the file is empty"},
		{"its path", "./reviews/q4/review", `"./reviews/q4/review" is not CSV. Pass the text of the file: file("./reviews/q4/review")`},
		{"its name", "review.csv\n", `"review.csv" is not CSV. Pass the text of the file: file("review.csv")`},
		{"UTF-16", utf16le, "the file is UTF-16. Save it as CSV in UTF-8"},
		{"UTF-16 without its mark", utf16le[2:], "line 1: it contains a NUL byte, as UTF-16 and damaged files do. Save it as CSV in UTF-8"},
		{"a workbook", "PK\x03\x04\x14\x00", "the file is a workbook or another archive, not CSV. Save it as CSV in UTF-8"},
		{"Latin-1", "email,status,name\nada@example.com,Enabled,\ufffd\nj\xfcrgen@example.com,Enabled,\n", "line 3: it is not UTF-8. Spreadsheets write other encodings too: save the file as CSV in UTF-8"},
		{"a NUL", "email,status\nada@example.com,Enab\x00led\n", "line 2: it contains a NUL byte, as UTF-16 and damaged files do. Save it as CSV in UTF-8"},
		{"semicolons under commas", "email,status\nada@example.com;Enabled\n", "line 2: its cells are separated by semicolons, those of the header by commas. Use the same separator in all lines"},
		{"commas under semicolons", "email;status\nada@example.com,Enabled\n", "line 2: its cells are separated by commas, those of the header by semicolons. Use the same separator in all lines"},
		{"commas under tabs", "email\tstatus\nada@example.com,Enabled\n", "line 2: its cells are separated by commas, those of the header by tabs. Use the same separator in all lines"},
		{"base64", "ZW1haWwsc3RhdHVzCmFkYUBleGFtcGxlLmNvbSxFbmFibGVkCg==", "it is base64, not CSV. Use file(), not filebase64(). If Terraform then reports that the file is not valid UTF-8: save it as CSV in UTF-8"},
		{"carriage returns alone", "email,status\rada@example.com,Enabled\r", "line 1: the lines end with carriage returns only. Save it as CSV in UTF-8"},
		{"a line for Excel", "sep=;\nemail;status\n", `line 1: "sep=;" is a line for spreadsheets. Remove it: the separator is recognized from the header`},
		{"a last line that is cut off", "email,status,expires\nada@example.com,Enabled,2026-12-31", "line 2: the last line has no line break: the file may be cut off. If it is complete (some programs leave the last line break out), add one"},
		{"a line end that is cut off", "email,status\r\nada@example.com,Enabled\r", "line 2: the last line has no line break: the file may be cut off. If it is complete (some programs leave the last line break out), add one"},
		{"another separator", "email|status|expires\nada@example.com|Enabled|\nben@example.com|Enabled|\n",
			`line 1: columns are missing: email and status. The header is "email|status|expires". Separate the columns by commas, semicolons or tabs. ` + columns},
		{"a title above the header", "Access review\n\nemail,status\n", `line 1: columns are missing: email and status. The header is "Access review". ` + columns},
		{"no header", "\nada@example.com,Enabled\n", "line 2: it looks like a user: the header is missing. " + columns},
		{"a column under another name", "email,state\nada@example.com,Enabled\n", `line 1: a column is missing: status. Rename "state" to status`},
		{"columns under the names of another tool", "Mail;State;Abteilung\nada@example.com;Enabled;IT\n", `line 1: columns are missing: email and status. Rename "Mail" to email and "State" to status`},
		{"an address with a hyphen in its name", "E-Mail;Status;Abteilung\nada@example.com;Enabled;IT\n", `line 1: a column is missing: email. Rename "E-Mail" to email`},
		{"one name that can be guessed", "emial,grade\nada@example.com,1\n", `line 1: columns are missing: email and status. Rename "emial" to email. The header is "emial,grade". ` + columns},
		{"one column", "email\nada@example.com\n", `line 1: a column is missing: status. The header is "email". ` + columns},
		{"a worksheet", worksheetHeader + keepsAda, "line 1: it has the columns of a worksheet. Pass it to access_review, which reads decisions"},
		{"columns with one name", "email,status,Status \nada@example.com,Enabled,Disabled\n", "line 1: two columns are called status. Rename or remove one"},
		{"a cell without a column", "email,status,\nada@example.com,Enabled,\nben@example.com,Enabled,2026-12-31\n", "line 3: there is a cell under a column without a name. Name the column, or clear the cell"},
		{"a quote that is never closed", "email,status\nada@example.com,\"Enabled\nben@example.com,Enabled\n",
			`line 2: a quote is opened and not closed. Enclose a cell that contains a quote in double quotes, and write the quote twice: "say ""yes"""`},
		{"a quote that is never closed before others", "email,status,note\nada@example.com,\"Enabled,\nben@example.com,Enabled,\"x\"\n",
			`line 2: a quote is opened and not closed. Enclose a cell that contains a quote in double quotes, and write the quote twice: "say ""yes"""`},
		{"a quote that is never closed in the last line", "email,status,note\nada@example.com,Enabled,\"left\n",
			`line 2: a quote is opened and not closed. Enclose a cell that contains a quote in double quotes, and write the quote twice: "say ""yes"""`},
		{"a word after a cell in quotes", "email,status,note\nada@example.com,Enabled,\"left\" early\n",
			`line 2: a quote is in the middle of a cell. Enclose a cell that contains a quote in double quotes, and write the quote twice: "say ""yes"""`},
		{"a quote in the middle of a cell", "email,status,note\nada@example.com,Enabled,\nben@example.com,Enabled,say \"yes\"\n",
			`line 3: a quote is in the middle of a cell. Enclose a cell that contains a quote in double quotes, and write the quote twice: "say ""yes"""`},
		{"a quote in the header", "email,sta\"tus\nada@example.com,Enabled\n",
			`line 1: a quote is in the middle of a cell. Enclose a cell that contains a quote in double quotes, and write the quote twice: "say ""yes"""`},
		{"quotes that take in a row", "email,status,note\nada@example.com,Enabled,\"left\nben@example.com,Disabled,\"\ncarla@example.com,Enabled,\n", "line 2: a cell contains a whole row. A quote may be unclosed or in the wrong place"},
		{"a cell without measure", "email,status,note\nada@example.com,Enabled," + strings.Repeat("x", 1<<20+1) + "\n", "line 2: a cell is larger than 1 MiB. A quote may be unclosed"},
		{"a merge conflict", "email,status\n<<<<<<< HEAD\nada@example.com,Enabled\n=======\nada@example.com,Disabled\n>>>>>>> branch\n",
			"2 problems in the review:\n" +
				"  - lines 2,4,6: it is the mark of a merge conflict. Resolve the conflict, and remove the marks\n" +
				"  - line 5: ada@example.com is already on line 3"},
	} {
		if _, err := Statuses(tc.text, lateOn31December); err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

func TestACellOfOneMebibyteIsRead(t *testing.T) {
	t.Parallel()
	if _, err := Statuses("email,status,note\nada@example.com,Enabled,"+strings.Repeat("x", 1<<20)+"\n", lateOn31December); err != nil {
		t.Error(err)
	}
}

// A text from a file can move the words around it, or hide some.
func TestAProblemShowsWhatIsNotSeen(t *testing.T) {
	t.Parallel()
	problem := Problem{File: "a.csv", Line: 2, Text: "ada\u202e@example.com\x1b[2J"}
	if got := problem.String(); got != "a.csv:2: adaU+202E@example.comU+001B[2J" {
		t.Error(got)
	}
}
