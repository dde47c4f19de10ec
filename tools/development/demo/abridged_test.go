// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestAbridged(t *testing.T) {
	t.Parallel()
	rows := func(n int, format string) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, format+"\n", i)
		}
		return text.String()
	}
	for name, test := range map[string]struct{ text, printed string }{
		"short run":             {rows(20, "user%d@example.com,Enabled,sales"), rows(20, "user%d@example.com,Enabled,sales")},
		"long run of a file":    {"email,status\n" + rows(21, "user%d@example.com,Enabled,sales"), "email,status\n" + rows(3, "user%d@example.com,Enabled,sales") + "… 18 more rows, left out here\n"},
		"long run of a plan":    {rows(300, `    + "user%d@example.com"   = "Enabled"`) + "    }\n", rows(3, `    + "user%d@example.com"   = "Enabled"`) + "    + … 297 more rows, left out here\n    }\n"},
		"long run of a table":   {rows(21, "user%d@example.com  Enabled"), rows(3, "user%d@example.com  Enabled") + "… 18 more rows, left out here\n"},
		"two kinds are two":     {rows(15, "- user%d@example.com,Enabled,") + rows(15, "+ user%d@example.com,Disabled,"), rows(15, "- user%d@example.com,Enabled,") + rows(15, "+ user%d@example.com,Disabled,")},
		"changes in a plan":     {rows(30, `  ~ "user%d@example.com" = "Enabled" -> "Disabled"`), rows(30, `  ~ "user%d@example.com" = "Enabled" -> "Disabled"`)},
		"list in a diagnostic":  {rows(30, "  - user%d@example.com: Enabled -> Disabled"), rows(30, "  - user%d@example.com: Enabled -> Disabled")},
		"decisions in Markdown": {rows(21, "| `user%d@example.com` | `Enabled` |"), rows(3, "| `user%d@example.com` | `Enabled` |") + "| … 18 more rows, left out here\n"},
		"worksheet":             {rows(21, "4c98bd03-6d44-446f-b64e-95f9762499bf,user%d@example.com,"), rows(3, "4c98bd03-6d44-446f-b64e-95f9762499bf,user%d@example.com,") + "… 18 more rows, left out here\n"},
		"progress":              {rows(5, `idplus_user_status.review["user%d@example.com"]: Refreshing state... [id=1]`), rows(1, `idplus_user_status.review["user%d@example.com"]: Refreshing state... [id=1]`) + "… 4 more lines of progress, left out here\n"},
		"resources": {rows(4, "  # r[\"%d\"] will be created\n  + resource {\n    }\n") + "Plan: 4 to add\n",
			rows(2, "  # r[\"%d\"] will be created\n  + resource {\n    }\n") + "  … 2 more resources, left out here\n\nPlan: 4 to add\n"},
		"repeated diagnostic": {"Warning: User changes: ada\n\n  why\n\nWarning: User changes: ben\n\n  why\n\nApply complete!\n",
			"Warning: User changes: ada\n\n  why\n\nWarning: User changes: ben (as above)\n\nApply complete!\n"},
		"another diagnostic": {"Warning: User changes: ada\n\n  why\n\nError: User is gone: ben\n\n  why\n",
			"Warning: User changes: ada\n\n  why\n\nError: User is gone: ben\n\n  why\n"},
		"repeated notes": {"Ready\nnote: Held back (1): ada\nVerified\nnote: Held back (1): ada\nnote: Joined (1): ben\n",
			"Ready\nnote: Held back (1): ada\nVerified\nnote: Joined (1): ben\nnote: … 1 as above\n"},
		"no end of line": {rows(21, "user%d@example.com,Enabled,") + "end", rows(3, "user%d@example.com,Enabled,") + "… 18 more rows, left out here\nend"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var printed strings.Builder
			a := &abridged{to: &printed, said: map[string]bool{}}
			for chunk := range slices.Chunk([]byte(test.text), 7) {
				if _, err := a.Write(chunk); err != nil {
					t.Fatal(err)
				}
			}
			a.flush()
			if printed.String() != test.printed {
				t.Errorf("printed\n%s\nwant\n%s", printed.String(), test.printed)
			}
		})
	}
}
