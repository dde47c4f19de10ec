// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"fmt"
	"strings"
)

const (
	// mostBytes keeps the summary within the 65,536 characters that a comment has at
	// GitHub, and within limits that count bytes.
	mostBytes = 60_000
	// sectionReserve is the room for the line that counts what did not fit, and for the
	// end of a section.
	sectionReserve = 300
	// namedInAPoint is how many users of a point are named.
	namedInAPoint = 20
)

// comment is a Markdown text with a limit.
type comment struct {
	strings.Builder
	room int
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

// Markdown returns the record as a comment for a pull request: what stops the review,
// who gains access, who loses it, what to note, and exceptions. What does not fit is
// counted. The first line is what a bot finds its comment by.
func Markdown(e *Evidence) string {
	o := survey(e)
	head, tail := o.markdownHead(), o.markdownTail()
	c := &comment{room: mostBytes - 1 - len(head) - len(tail) - 5*sectionReserve}
	c.WriteString(head)
	c.points("What stops it", "🛑", o.Stopping)
	if o.PlanFailed {
		c.WriteString("**Who changes is not known: the plan failed.**\n\n")
	} else if len(o.Gaining)+len(o.Losing) == 0 {
		c.WriteString("The plan changes no user.\n\n")
	}
	c.changes(o, "gain access", o.Gaining)
	c.changes(o, "lose access", o.Losing)
	c.points("To note", "⚠️", o.Noted)
	c.exceptions(o.Exceptions)
	c.WriteString(tail)
	return c.String()
}

func (o *overview) markdownHead() string {
	sign := map[string]string{"stop": "🛑", "wait": "🟡", "done": "✅"}[o.Banner.Class]
	var b strings.Builder
	fmt.Fprintf(&b, "<!-- idplus-review -->\n## %s %s: %s\n\n**%s** %s\n\n", sign, prose(cut(orElse(o.Title, "Access review"), 120)), o.Conclusion, o.Banner.Answer, o.Banner.Next)
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

func (o *overview) markdownTail() string {
	return fmt.Sprintf("<sub>Plan of %s. Terraform %s. The page among the files of this run has every decision, and the SHA-256 of the files that it rests on.</sub>\n",
		code(o.PlannedAt), code(o.TerraformVersion))
}

// points has what a person has to look at.
func (c *comment) points(title, sign string, points []Point) {
	if len(points) == 0 {
		return
	}
	if !c.put("### " + title + "\n\n") {
		c.leftOut("%d points", len(points))
		return
	}
	for i, p := range points {
		text := sign + " **" + prose(orElse(p.Title, "Something to look at")) + "**"
		if len(p.Who) > 0 {
			text += fmt.Sprintf(" (%d)", len(p.Who))
		}
		text = strings.TrimSpace(text+". "+prose(p.Text)) + "\n"
		who := p.Who
		if len(who) > namedInAPoint {
			who = who[:namedInAPoint]
		}
		for _, w := range who {
			text += "- " + code(w) + "\n"
		}
		if more := len(p.Who) - len(who); more > 0 {
			text += fmt.Sprintf("- and %d more, in the page\n", more)
		}
		if !c.put(text + "\n") {
			c.leftOut("%d more points", len(points)-i)
			return
		}
	}
}

// changes has a table of the users who gain or lose access.
func (c *comment) changes(o *overview, what string, people []*Person) {
	after, rule := "", ""
	if o.Verified() {
		after, rule = " after the apply |", "---|"
	}
	c.table(fmt.Sprintf("### %d %s\n\n| user | change | why | decided by | ticket |%s\n|---|---|---|---|---|%s\n", len(people), what, after, rule),
		"%d more who "+what, people, func(p *Person) string {
			row := fmt.Sprintf("| %s | %s → %s | %s | %s | %s |", who(p), code(orElse(p.Status, "not there")), code(p.Wanted), code(p.Why()), code(p.Reviewer), code(p.Ticket))
			if o.Verified() {
				row += " " + code(orElse(p.StatusAfter, "not seen")) + " |"
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

// table has a row for each of people, and a line that counts those who do not fit.
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

// leftOut counts what did not fit. Its room is reserved.
func (c *comment) leftOut(what string, n int) {
	fmt.Fprintf(&c.Builder, "\n**Not shown here: "+what+". Do not approve without reading them in the page.**\n\n", n)
}

// who is a user, with the address that they have now where it is another.
func who(p *Person) string {
	if p.Address == "" {
		return code(p.Email)
	}
	return code(p.Email) + ", now " + code(p.Address)
}
