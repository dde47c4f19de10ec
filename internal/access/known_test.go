// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
)

// States of earlier versions have these names in their private data. A name that changes
// would lose what they know: who a user is, for example.
func TestKnownKeepsItsNamesInStates(t *testing.T) {
	t.Parallel()
	for text, known := range map[string]access.Known{
		`{}`: {},
		`{"id":"1","searched":true,"gone":true,"pending":true,"stood":true,"unsure":true,"drifted":"Disabled"}`: {
			ID: "1", Searched: true, Gone: true, Pending: true, Stood: true, Unsure: true, Drifted: "Disabled",
		},
	} {
		var read access.Known
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(known, read); diff != "" {
			t.Errorf("read from %s (-want +got):\n%s", text, diff)
		}
		if written, err := json.Marshal(known); err != nil || string(written) != text {
			t.Errorf("written as %s, %v; want %s", written, err, text)
		}
	}
}
