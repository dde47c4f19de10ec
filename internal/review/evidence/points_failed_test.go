// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestAPlanThatFailedForTheWorksheetsIsOnePoint: the function that reads them has the same
// error.
func TestAPlanThatFailedForTheWorksheetsIsOnePoint(t *testing.T) {
	t.Parallel()
	const (
		mistake  = `decisions/anna.csv:2: the decision is "Keep?". Did you mean keep? Write keep, remove or restore`
		ofThem   = `Invalid value for "worksheets" parameter: ` + mistake + "."
		mistaken = "stop worksheets\n  " + mistake + "\n"
	)
	for name, test := range map[string]struct {
		cells, log string
		want, text string
	}{
		"for them alone":                       {"Keep?,,anna@example.com,2026-11-10,,", planLogWith(t, ofThem), mistaken, "The plan failed because of them."},
		"for something else, too":              {"Keep?,,anna@example.com,2026-11-10,,", planLogWith(t, ofThem, "403"), "stop plan_failed\n  Error: 403\n" + mistaken, "It is not known who changes. Resolve the errors"},
		"without a log":                        {"Keep?,,anna@example.com,2026-11-10,,", "", mistaken, "The plan failed. There may be other causes, since its log was not given."},
		"for something else":                   {kept, planLogWith(t, "403"), "stop plan_failed\n  Error: 403\n", "It is not known who changes. Resolve the errors"},
		"for an unknown reason, without a log": {kept, "", "stop plan_failed\n", "It is not known who changes, or why the plan failed: its log was not given. Pass it with -plan-log"},
		"for an unknown reason, with a log":    {kept, planLogWith(t), "stop plan_failed\n", "the log does not say why"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quarter()
			s.decided["ada@example.com"], s.planLog = test.cells, test.log
			s.plan = func(p object) { p["errored"] = true }
			e := s.evidence(t)
			if diff := cmp.Diff(test.want, said(e)); diff != "" || !strings.Contains(e.Points[0].Text, test.text) {
				t.Errorf("%s%q", diff, e.Points[0].Text)
			}
		})
	}
}

// planLogWith returns the log of a plan that failed with errors.
func planLogWith(t *testing.T, details ...string) string {
	t.Helper()
	lines := []string{started}
	for _, detail := range details {
		text, err := json.Marshal(detail)
		must(t, err)
		lines = append(lines, `"type":"diagnostic","diagnostic":{"severity":"error","summary":"Error","detail":`+string(text)+`}`)
	}
	return logOf("2026-11-25T10:00:00Z", lines...)
}

// TestTheSummaryDoesNotCutAMistakeBeforeItsWayOut, and counts the mistakes that do not fit.
func TestTheSummaryDoesNotCutAMistakeBeforeItsWayOut(t *testing.T) {
	t.Parallel()
	e := &Evidence{Conclusion: NotReady, PlanFailed: true}
	p := Point{Kind: kindWorksheets, Stops: true, Title: "The worksheets have mistakes"}
	for i := range 30 {
		p.Who = append(p.Who, fmt.Sprintf("decisions/anna.csv:%d: %s Correct row %d.", i+2, strings.Repeat("the cell is wrong. ", 220), i+2))
	}
	e.Points = []Point{p}
	text := Markdown(e)
	if len(text) > mostBytes || !strings.Contains(text, "Correct row 2.`") {
		t.Errorf("%d bytes, with the way out: %v", len(text), strings.Contains(text, "Correct row 2.`"))
	}
	named := strings.Count(text, "Correct row ")
	if named == 0 || named != strings.Count(text, "decisions/anna.csv:") || !strings.Contains(text, fmt.Sprintf("- and %d more, on the page\n", 30-named)) {
		t.Errorf("%d mistakes are named with their way out, of %d", named, strings.Count(text, "decisions/anna.csv:"))
	}
	page := words(section(t, parsed(t, e), "stops"))
	if !strings.Contains(page, "Correct row 31.") {
		t.Error("the page leaves out the last")
	}
}
