// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestChoose(t *testing.T) {
	t.Parallel()
	three := func() []scene {
		return []scene{{number: 1, opens: true}, {number: 2}, {number: 3, opens: true}, {number: 4}}
	}
	for name, test := range map[string]struct{ chosen, plays string }{
		"all without a choice":                         {"", "1 2 3 4"},
		"a scene that opens needs no other":            {"3", "3"},
		"the scenes that a scene continues are silent": {"2", "(1) 2"},
		"scenes of another story are left out":         {"4", "(3) 4"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chosen, err := choose(three(), test.chosen)
			var plays []string
			for _, s := range chosen {
				if s.silent {
					plays = append(plays, fmt.Sprintf("(%d)", s.number))
				} else {
					plays = append(plays, fmt.Sprint(s.number))
				}
			}
			if got := strings.Join(plays, " "); err != nil || got != test.plays {
				t.Errorf("plays %s (%v), want %s", got, err, test.plays)
			}
		})
	}
	for _, unknown := range []string{"0", "5", "-1", "last"} {
		if _, err := choose(three(), unknown); err == nil {
			t.Errorf("there is a scene %s", unknown)
		}
	}
}

func TestTheFirstSceneNeedsNoOther(t *testing.T) {
	t.Parallel()
	if !allScenes()[0].opens {
		t.Error("the first scene needs one before it")
	}
}
