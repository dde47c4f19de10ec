// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"bytes"
	"testing"
	"time"
)

func TestProgressOfALongReading(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		terminal bool
		every    time.Duration
		want     string
	}{
		"a short one on a terminal": {true, 100 * time.Millisecond, "waits 5s to ask again\n"},
		"a long one on a terminal": {
			true, 600 * time.Millisecond,
			"\r30 of 1000 users are read\r40 of 1000 users are read\r50 of 1000 users are read\r                         \rwaits 5s to ask again\n\r60 of 1000 users are read\r                         \r",
		},
		"a short one elsewhere": {false, time.Second, "waits 5s to ask again\n"},
		"a long one elsewhere":  {false, 6 * time.Second, "30 of 1000 users are read\n50 of 1000 users are read\nwaits 5s to ask again\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			var now time.Time
			p := &progress{out: &out, terminal: tc.terminal, now: func() time.Time { return now.Add(time.Hour) }}
			for users := 10; users <= 60; users += 10 {
				if users == 60 {
					p.say("waits 5s to ask again")
				}
				p.read(users, 1000, "read")
				now = now.Add(tc.every)
			}
			p.done()
			if out.String() != tc.want {
				t.Errorf("printed %q, want %q", out.String(), tc.want)
			}
		})
	}
	var out bytes.Buffer
	p := &progress{out: &out, now: time.Now, next: time.Now().Add(-time.Hour)}
	p.read(25, -1, "confirmed")
	if out.String() != "25 users are confirmed\n" {
		t.Errorf("without a total: %q", out.String())
	}
}
