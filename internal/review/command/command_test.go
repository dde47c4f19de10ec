// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"bytes"
	"strings"
	"testing"
)

func TestCommandsOfAReview(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		args           string
		stdout, stderr string
		code           int
	}{
		{args: "", stderr: usage, code: exitUsage},
		{args: "-help", stdout: usage},
		{args: "help", stdout: usage},
		{args: "rooster -out x", stderr: usage, code: exitUsage},
		{args: "roster -help", stdout: rosterHelp},
		{args: "roster", stderr: "review roster: -out is missing: pass the folder of the review, such as -out reviews/2026-Q4\n\n" + rosterUsage, code: exitUsage},
	} {
		var stdout, stderr bytes.Buffer
		if code := run("test", strings.Fields(tc.args), &stdout, &stderr); code != tc.code || stdout.String() != tc.stdout || stderr.String() != tc.stderr {
			t.Errorf("%q: exit code %d, printed %q and %q", tc.args, code, &stdout, &stderr)
		}
	}
	for _, name := range []string{"roster", "evidence"} {
		if !strings.Contains(usage, "\n  "+name+" ") {
			t.Errorf("%s is missing in\n%s", name, usage)
		}
	}
}
