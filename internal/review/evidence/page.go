// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

//go:embed page.html page.css page_parts.html
var files embed.FS

// pageTemplate is the evidence page. No function that it calls returns markup: html/template
// alone escapes texts from outside.
var pageTemplate = template.Must(template.New("page.html").Funcs(template.FuncMap{
	"pieces":  pieces,
	"plain":   plain,
	"address": splitAddress,
	"look":    lookOf,
	"short":   short,
	"brief":   brief,
	"base":    path.Base,
	"first":   first,
	"lines":   func(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") },
	"when":    when,
	"status":  func(status string) string { return cmp.Or(status, "not there") },
}).ParseFS(files, "page.html", "page.css", "page_parts.html"))

// WriteHTML writes the record as one page, without scripts or requests, and with the same
// bytes for the same record.
func WriteHTML(w io.Writer, e *Evidence) error {
	if err := pageTemplate.Execute(w, survey(e)); err != nil {
		return fmt.Errorf("the page could not be written: %w", err)
	}
	return nil
}

// splitAddress splits an address, so that a narrow column can break it only before the @.
func splitAddress(address string) [2]string {
	if at := strings.LastIndex(address, "@"); at > 0 {
		return [2]string{address[:at], address[at:]}
	}
	return [2]string{address, ""}
}

// short returns the beginning of an id, enough to distinguish two; evidence.json has all of
// it.
func short(id string) string {
	const enough = 8
	if len(id) > enough {
		return id[:enough]
	}
	return id
}

// brief shortens a text: a long title must not push the answer off the first screen.
func brief(text string) string { return cut(text, 80) }

// shownAtOnce is how many users a point shows before the rest is folded.
const shownAtOnce = 6

// first returns the users of a point that are shown immediately, and the rest.
func first(who []string) [2][]string {
	if len(who) <= shownAtOnce+1 {
		return [2][]string{who, nil}
	}
	return [2][]string{who[:shownAtOnce], who[shownAtOnce:]}
}

// when returns a readable day or time; empty for anything else.
func when(text string) string {
	if _, err := time.Parse(time.DateOnly, text); err == nil {
		return text
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return ""
	}
	return at.UTC().Format("2006-01-02 15:04:05 UTC")
}

// Columns returns the outcomes in the table of sources, without empty ones.
func (o *overview) Columns() []review.Outcome {
	var columns []review.Outcome
	for _, outcome := range outcomes {
		if o.count[outcome] > 0 && !o.PlanFailed {
			columns = append(columns, outcome)
		}
	}
	return columns
}

// Verified reports whether the tenant was read again after the apply.
func (o *overview) Verified() bool { return o.Phase == Verified }

// StopsTitle is the heading of the points that stop the review.
func (o *overview) StopsTitle() string {
	if o.Phase == Planned {
		return "What stops this review"
	}
	return "What is open"
}

// Others returns what happens to all users who do not change; empty if that is not known.
func (o *overview) Others() string {
	since := 0
	for i := range o.People {
		if p := &o.People[i]; p.Since != "" && !p.Changes() {
			since++
		}
	}
	switch {
	case since > 0:
		return phrase.Counted(since, "other user") + phrase.Plural(since, " was", " were") + " changed since the plan, but not by it: see “To note”."
	case len(o.Stopping) > 0:
		return ""
	case o.Verified():
		return "All others stayed as they were."
	}
	return "The plan leaves the status of all others as it is."
}

// WhoJoined returns why it is not known who has joined; empty if it is known.
func (o *overview) WhoJoined() string {
	switch {
	case o.JoinedUnknown:
		return "It is not known who joined, since the plan did not see all users of the tenant."
	case o.JoinedAfterUnknown:
		return "It is not known who joined after the plan, since the plan after the apply did not see all users of the tenant."
	}
	return ""
}

// MovedUnknown returns what is not known about users who came, went, or are held back; empty
// if all is known.
func (o *overview) MovedUnknown() string {
	const known = " This is what is known:"
	switch joined := o.WhoJoined(); {
	case o.PlanFailed && len(o.Moved) == 0:
		return "Not known: the plan failed."
	case o.PlanFailed:
		return strings.TrimSpace("It is not known who is held back, since the plan failed. "+joined) + known
	case joined != "" && len(o.Moved) > 0:
		return joined + known
	default:
		return joined
	}
}

// MissingLogs returns what is not known because of missing logs.
func (o *overview) MissingLogs() []string {
	var missing []string
	for _, log := range []struct {
		role, run string
		isDone    bool
	}{{rolePlanLog, "plan", true}, {roleApplyLog, "apply", o.Phase == Applied || o.Phase == Verified}} {
		if log.isDone && !slices.ContainsFunc(o.Inputs, func(in Input) bool { return in.Role == log.role }) {
			missing = append(missing, "No log of the "+log.run+" was given: its warnings are not known.")
		}
	}
	return missing
}

// Why returns why a user changes: what the plan found, and what the reviewer wrote.
func (p *Person) Why() string { return joined(p.Detail, p.Reason) }

// Found returns what the plan, and a plan after the apply, found about a user.
func (p *Person) Found() string {
	if p.Since != "" && p.Detail != "" {
		return p.Detail + "; since the plan: " + p.Since
	}
	return p.Detail + p.Since
}

// Story returns all details of a user.
func (p *Person) Story() string { return joined(p.Found(), p.Reason) }

// After returns the status after the apply, or what has happened to the user.
func (p *Person) After() string {
	return cmp.Or(p.StatusAfter, p.Since, "not seen")
}

// IsGone reports whether a user who was to lose access has none for another reason than the
// plan.
func (p *Person) IsGone() bool { return p.Since != "" && p.StatusAfter != p.Wanted }

func joined(a, b string) string {
	if a != "" && b != "" {
		return a + "; " + b
	}
	return a + b
}
