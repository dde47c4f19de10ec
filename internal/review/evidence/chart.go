// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

const (
	// mostBars is how many identity sources have a bar of their own; the rest share one.
	mostBars = 10
	// leastPart is the smallest part of a bar, in percent of the bar: one user of ten thousand
	// is still visible.
	leastPart = 1.2
)

// bar is an identity source in the picture.
type bar struct {
	Name string
	// Rest is the number of sources that share the bar; 0 for a single source.
	Rest  int
	Total int
	Parts []part
}

// part is a part of a bar. X and Width are in percent of it.
type part struct {
	Share share
	Count int
	// Of is what is open: "2 joined, 1 left".
	Of       string
	X, Width string
}

// Bars returns the picture: how many users of each identity source gain and lose access,
// are open, and stay as they are. It returns none if that is not known.
func (o *overview) Bars() []bar {
	if o.PlanFailed {
		return nil
	}
	own := o.Sources
	var rest []source
	if len(own) > mostBars {
		own = slices.Clone(own)
		slices.SortStableFunc(own, func(a, b source) int { return -cmp.Compare(a.toLookAt(), b.toLookAt()) })
		own, rest = own[:mostBars-1], own[mostBars-1:]
	}
	bars := make([]bar, 0, len(own)+1)
	for _, s := range own {
		bars = append(bars, bar{Name: s.Name, Total: s.Total, Parts: parts(s.Count)})
	}
	if len(rest) > 0 {
		all, total := map[review.Outcome]int{}, 0
		for _, s := range rest {
			total += s.Total
			for outcome, n := range s.Count {
				all[outcome] += n
			}
		}
		bars = append(bars, bar{Rest: len(rest), Total: total, Parts: parts(all)})
	}
	return bars
}

// toLookAt returns the number of users who do not stay as they are.
func (s *source) toLookAt() int {
	n := 0
	for outcome, users := range s.Count {
		if lookOf(outcome).Share <= open {
			n += users
		}
	}
	return n
}

// Legend returns the shares of all users, without empty ones.
func (o *overview) Legend() []part { return parts(o.count) }

// parts divides a bar among the shares that have users.
func parts(count map[review.Outcome]int) []part {
	var users [shares]int
	total := 0
	for outcome, n := range count {
		users[lookOf(outcome).Share] += n
		total += n
	}
	var widths [shares]float64
	sum := 0.0
	for s, n := range users {
		if n > 0 {
			widths[s] = max(100*float64(n)/float64(total), leastPart)
			sum += widths[s]
		}
	}
	var list []part
	x := 0.0
	for s := range shares {
		if users[s] == 0 {
			continue
		}
		width := 100 * widths[s] / sum
		list = append(list, part{s, users[s], s.of(count), fmt.Sprintf("%.2f", x), fmt.Sprintf("%.2f", width)})
		x += width
	}
	return list
}

// of returns the outcomes in a share that has several.
func (s share) of(count map[review.Outcome]int) string {
	if s != open {
		return ""
	}
	var words []string
	for _, outcome := range slices.SortedFunc(maps.Keys(count), func(a, b review.Outcome) int {
		return cmp.Or(cmp.Compare(slices.Index(outcomes, a), slices.Index(outcomes, b)), cmp.Compare(a, b))
	}) {
		if look := lookOf(outcome); look.Share == open && count[outcome] > 0 {
			words = append(words, fmt.Sprintf("%d %s", count[outcome], brief(look.Words)))
		}
	}
	return strings.Join(words, ", ")
}
