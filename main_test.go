// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		args           string
		served         string
		stdout, stderr string
		code           int
	}{
		{args: "", served: "[false]"},
		{args: "-debug", served: "[true]"},
		{args: "--debug=true", served: "[true]"},
		{args: "-version", served: "[]", stdout: "terraform-provider-idplus dev\n"},
		{args: "version", served: "[]", stdout: "terraform-provider-idplus dev\n"},
		{args: "-help", served: "[]", stdout: usage},
		{args: "docter", served: "[]", stderr: usage, code: 2},
		{args: "-debug -json", served: "[]", stderr: usage, code: 2},
	} {
		var stdout, stderr bytes.Buffer
		served := []bool{}
		code := run(strings.Fields(tc.args), &stdout, &stderr, func(debug bool) { served = append(served, debug) })
		if got := fmt.Sprint(served); got != tc.served || code != tc.code || stdout.String() != tc.stdout || stderr.String() != tc.stderr {
			t.Errorf("%q: served %s, exit code %d, printed %s and %s", tc.args, got, code, &stdout, &stderr)
		}
	}
}

func TestUsageNamesEachCommand(t *testing.T) {
	t.Parallel()
	for name := range commands {
		if !strings.Contains(usage, "terraform-provider-idplus "+name+" ") {
			t.Errorf("%s is missing in\n%s", name, usage)
		}
	}
}
