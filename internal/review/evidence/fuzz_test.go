// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"strings"
	"testing"
)

// FuzzMake makes a record from any plan, approval and log: it has each user of the roster
// once, or an error names the wrong file.
func FuzzMake(f *testing.F) {
	files := played(f)
	f.Add(string(files.Plan.Data), "", string(files.ApplyLog.Data))
	f.Add(string(files.Verify.Data), `{"format":1,"people":[],"points":[],"inputs":[],"conclusion":"Not ready"}`, `{"@timestamp":"2026-11-27T16:16:00Z"}`)
	f.Add(`{"format_version":"1.2","timestamp":"2026-11-27T16:16:00Z","planned_values":{},"errored":true,"resource_changes":[null],"checks":[null]}`, "{}", "")
	f.Fuzz(func(t *testing.T, plan, approved, log string) {
		files := files
		files.Plan, files.Approved, files.ApplyLog, files.Verify, files.PlanLog = file("plan.json", plan), file("approved.json", approved), file("apply.jsonl", log), File{}, File{}
		if plan == "" {
			return
		}
		e, err := Make(files)
		if err != nil {
			if name, _, _ := strings.Cut(err.Error(), ": "); name != "plan.json" && name != "approved.json" && name != "apply.jsonl" {
				t.Errorf("no file is named: %v", err)
			}
			return
		}
		inRoster := 0
		for _, p := range e.People {
			if !p.Joined {
				inRoster++
			}
		}
		if inRoster != 14 {
			t.Errorf("%d users of the roster, of 14", inRoster)
		}
		if e.Phase == Verified || e.Stops() > 0 && e.Conclusion == ReadyToApprove {
			t.Errorf("concluded %q in the phase %q", e.Conclusion, e.Phase)
		}
	})
}
