// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package phrase

import (
	"testing"
	"time"
)

func TestListsCountWhatTheyDoNotName(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		names            []string
		joined, bulleted string
	}{
		{nil, "", ""},
		{[]string{"a"}, "a", "  - a"},
		{[]string{"a", "b"}, "a and b", "  - a\n  - b"},
		{[]string{"a", "b", "c"}, "a, b and 1 more", "  - a\n  - b\n  and 1 more"},
	} {
		if got := Joined(tc.names, 2); got != tc.joined {
			t.Errorf("joined: %q, want %q", got, tc.joined)
		}
		if got := Bulleted(tc.names, 2); got != tc.bulleted {
			t.Errorf("bulleted: %q, want %q", got, tc.bulleted)
		}
	}
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration]string{
		time.Hour: "1h", 90 * time.Minute: "1h30m", 5 * time.Minute: "5m", 61 * time.Second: "1m1s", 0: "0s",
	} {
		if got := Duration(d); got != want {
			t.Errorf("%d: %q, want %q", d, got, want)
		}
	}
}
