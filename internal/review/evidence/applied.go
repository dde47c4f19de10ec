// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import "time"

// judgeApply checks in the log of the apply whether all of the plan was carried out.
func (r *record) judgeApply() error {
	f := r.files.ApplyLog
	if !f.given() {
		return nil
	}
	log, err := readLog(f, "apply")
	if err != nil {
		return err
	}
	failed := errorsOf(log.said)
	switch {
	case log.first.Before(r.plan.at.Truncate(time.Second)):
		return f.errorf("the log begins at %s, before the plan in %s was made (%s): pass the log of the apply of this plan", log.first.Format(time.RFC3339), r.plan.file.Name, r.plan.Timestamp)
	case log.planned && !log.applied && len(log.completed) == 0 && len(failed) == 0:
		return f.errorf("this is the log of a plan: pass what terraform apply -json printed")
	}
	r.Phase, r.AppliedAt, r.appliedAt = Applied, log.lastText, log.last
	r.Said = append(r.Said, r.news(log.said)...)
	var missing []string
	for i := range r.resources {
		if c := r.resources[i]; c.changes() && !log.completed[c.Address] {
			missing = append(missing, c.Address)
		}
	}
	switch {
	case len(failed) > 0:
		r.stop("apply_failed", "The apply failed", "Some of the changes may have been made. The next plan shows what is left.", failed...)
	case !log.applied:
		r.stop("apply_unfinished", "The apply did not finish", "The log has no line \"Apply complete\": it is cut off, or the apply was ended.")
	default:
		r.stopFor(missing, "not_applied", "The apply left out resources of the plan", "The log is of another plan, or of an apply with -target.")
	}
	return nil
}

// news returns the diagnostics of the apply that the plan does not have: the apply of a
// create repeats the warnings of its plan.
func (r *record) news(said []Diagnostic) []Diagnostic {
	known := map[[2]string]bool{}
	for _, d := range r.Said {
		known[[2]string{d.Summary, d.Detail}] = true
	}
	var news []Diagnostic
	for _, d := range said {
		if d.Severity == "error" || !known[[2]string{d.Summary, d.Detail}] {
			news = append(news, d)
		}
	}
	return news
}
