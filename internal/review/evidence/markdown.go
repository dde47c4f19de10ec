// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

const (
	// mostBytes keeps the summary within the 65,536 characters that a comment has at
	// GitHub, and within limits that count bytes.
	mostBytes = 60_000
	// sectionReserve is the space for the line that counts what did not fit, and for the end
	// of a section.
	sectionReserve = 300
	// namedInAPoint is how many users of a point are named.
	namedInAPoint = 20
	// namedInSummary is how many titles of notes come before the changes. There are fewer
	// kinds of notes.
	namedInSummary = 60
	// untitled is for a point without a title, of a record of another version.
	untitled = "Something to look at"
)

// comment is a Markdown text with a limit.
type comment struct {
	strings.Builder
	room int
	// unread is what to do about omitted parts.
	unread string
}

// put adds a text if there is room for it.
func (c *comment) put(text string) bool {
	if len(text) > c.room {
		return false
	}
	c.room -= len(text)
	c.WriteString(text)
	return true
}

// Markdown returns the record as a comment for a pull request: what stops the review, who
// gains access, who loses it, notes, and exceptions. It counts what does not fit. A bot
// finds its comment by the first line.
func Markdown(e *Evidence) string {
	o := survey(e)
	head, tail := o.markdownHead(), o.markdownTail()
	titles := o.markdownTitles()
	c := &comment{room: mostBytes - 1 - len(head) - len(titles) - len(tail) - 5*sectionReserve, unread: "Read them on the page."}
	if o.Phase == Planned {
		c.unread = "Do not approve without reading them on the page."
	}
	c.WriteString(head)
	c.points(o.StopsTitle(), "🛑", o.Stopping)
	c.WriteString(titles)
	if o.PlanFailed {
		c.WriteString("**It is not known who changes: the plan failed.**\n\n")
	} else if len(o.Gaining)+len(o.Losing) == 0 {
		c.WriteString("The plan changes no user.\n\n")
	}
	c.changes(o, gaining, o.Gaining)
	c.changes(o, losing, o.Losing)
	c.points("To note, in detail", "⚠️", o.Noted)
	c.exceptions(o.Exceptions)
	c.WriteString(tail)
	return c.String()
}

func (o *overview) markdownHead() string {
	sign := map[string]string{"stop": "🛑", "wait": "🟡", "done": "✅"}[o.Banner.Class]
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- idplus-review -->\n## %s %s: %s\n\n**%s** %s\n\n", sign, heading(cmp.Or(o.Title, "Access review")), o.Conclusion, o.Banner.Answer, o.Banner.Next)
	figures := o.Figures()
	for _, f := range figures {
		b.WriteString("| " + f.Label + " ")
	}
	b.WriteString("|\n" + strings.Repeat("|--:", len(figures)) + "|\n")
	for _, f := range figures {
		b.WriteString("| **" + f.Number + "** ")
	}
	b.WriteString("|\n\n")
	return b.String()
}

// markdownTitles returns the title of each note, and what is not known because a log is
// missing. They come before the changes, and none is omitted.
func (o *overview) markdownTitles() string {
	var b strings.Builder
	if len(o.Noted) > 0 {
		b.WriteString("### To note\n\n")
	}
	for i, p := range o.Noted {
		if i == namedInSummary {
			fmt.Fprintf(&b, "- and %s on the page\n", phrase.Counted(len(o.Noted)-i, "more note"))
			break
		}
		title := "⚠️ " + heading(cmp.Or(p.Title, untitled))
		if slices.Contains(o.Important, i) {
			title = "❗ **" + heading(p.Title) + "**"
		}
		b.WriteString("- " + title + counted(p.Who) + "\n")
	}
	if len(o.Noted) > 0 {
		b.WriteString("\n")
	}
	for _, text := range o.MissingLogs() {
		b.WriteString("❔ " + text + "\n\n")
	}
	return b.String()
}

// counted returns the number of users of a point, if it has any.
func counted(who []string) string {
	if len(who) == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d)", len(who))
}

func (o *overview) markdownTail() string {
	return fmt.Sprintf("<sub>Plan of %s. Terraform %s. The page among the files of this run has every decision, and the SHA-256 of the files that it is based on.</sub>\n",
		code(o.PlannedAt), code(o.TerraformVersion))
}

// points adds a section of points.
func (c *comment) points(title, sign string, points []Point) {
	if len(points) == 0 {
		return
	}
	if !c.put("### " + title + "\n\n") {
		c.leftOut("%d points", len(points))
		return
	}
	for i := range points {
		if !c.point(sign, &points[i]) {
			c.leftOut("%d more points", len(points)-i)
			return
		}
	}
}

// point adds a point if there is space for its head, with as many users as fit.
func (c *comment) point(sign string, p *Point) bool {
	const more = "- and %d more, on the page\n"
	const reserve = len(more) + 10
	head := sign + " **" + heading(cmp.Or(p.Title, untitled)) + "**" + counted(p.Who)
	head = strings.TrimSpace(head+". "+prose(p.Text)) + "\n"
	if len(head)+reserve > c.room {
		return false
	}
	c.room -= reserve
	c.put(head)
	named := 0
	for named < min(len(p.Who), namedInAPoint) && c.put("- "+codeWithin(p.room(), p.Who[named])+"\n") {
		named++
	}
	if left := len(p.Who) - named; left > 0 {
		fmt.Fprintf(&c.Builder, more, left)
	}
	c.WriteString("\n")
	return true
}

// room returns how many characters of a line of a point are shown. The problems of a row may
// be long, and the way out is at the end.
func (p *Point) room() int {
	if p.Kind == kindWorksheets {
		return longest
	}
	return mostOfAnError + len("…")
}

// changes adds a table of the users who gain or lose access.
func (c *comment) changes(o *overview, of share, people []*Person) {
	what := of.Words(len(people))
	after, rule := "", ""
	if o.Verified() {
		after, rule = " after the apply |", "---|"
	}
	c.table(fmt.Sprintf("### %s %s\n\n| user | change | why | decided by | ticket |%s\n|---|---|---|---|---|%s\n", phrase.Counted(len(people), "user"), what, after, rule),
		"%d more who "+what, people, func(p *Person) string {
			row := fmt.Sprintf("| %s | %s → %s | %s | %s | %s |", who(p), code(cmp.Or(p.Status, "not there")), code(p.Wanted), code(p.Why()), code(p.Reviewer), code(p.Ticket))
			if o.Verified() {
				row += " " + code(p.After()) + " |"
			}
			return row + "\n"
		})
}

func (c *comment) exceptions(people []*Person) {
	if len(people) == 0 {
		return
	}
	if !c.put(fmt.Sprintf("<details><summary>Exceptions, by their end: %d</summary>\n\n", len(people))) {
		c.leftOut("%d exceptions", len(people))
		return
	}
	c.table("| until | user | reason | decided by | ticket |\n|---|---|---|---|---|\n", "%d more exceptions", people, func(p *Person) string {
		return fmt.Sprintf("| %s | %s | %s | %s | %s |\n", code(p.Expires), who(p), code(p.Reason), code(p.Reviewer), code(p.Ticket))
	})
	c.WriteString("</details>\n\n")
}

// table adds a row for each person, and a line that counts those who do not fit.
func (c *comment) table(head, more string, people []*Person, row func(*Person) string) {
	if len(people) == 0 {
		return
	}
	fit := c.put(head)
	for i, p := range people {
		if !fit || !c.put(row(p)) {
			c.leftOut(more, len(people)-i)
			return
		}
	}
	c.WriteString("\n")
}

// leftOut counts what did not fit. Its space is reserved.
func (c *comment) leftOut(what string, n int) {
	fmt.Fprintf(&c.Builder, "\n**Not shown here: "+what+". "+c.unread+"**\n\n", n)
}

// who returns a user, with the current address if it differs.
func who(p *Person) string {
	if p.Address == "" {
		return code(p.Email)
	}
	return code(p.Email) + ", now " + code(p.Address)
}
