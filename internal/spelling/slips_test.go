// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package spelling

import "testing"

func TestSlips(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to   string
		most, want int
	}{
		{"enabled", "enabled", 2, 0},
		{"enabeld", "enabled", 2, 1},
		{"enabld", "enabled", 2, 1},
		{"enaabled", "enabled", 2, 1},
		{"énabled", "enabled", 2, 1},
		{"enbrad", "enabled", 2, 3},
		{"on", "enabled", 2, 3},
		{"on", "enabled", 9, 6},
		{"", "enabled", 9, 7},
	} {
		if got := Slips(c.from, c.to, c.most); got != c.want {
			t.Errorf("%q is %d slips from %q, want %d", c.from, got, c.to, c.want)
		}
		if got := Slips(c.to, c.from, c.most); got != c.want {
			t.Errorf("%q is %d slips from %q, want %d", c.to, got, c.from, c.want)
		}
	}
}
