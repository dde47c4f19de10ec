// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// table fits into 100 columns.
func table(results []measured) string {
	rows := [][]string{
		{"", "wall", "floor", "×", "terraform", "provider", "floor", "×", "peak", "sear-", "look-", "", "to-", "re-", "TCP"},
		{"phase", "s", "s", "floor", "CPU s", "CPU s", "CPU s", "floor", "MiB", "ches", "ups", "PUTs", "kens", "fused", "conns"},
	}
	for _, m := range results {
		rows = append(rows, []string{
			m.phase.name,
			seconds(m.provider.Wall), orDash(m.floor.Wall.Seconds()), orDash(m.wallRatio()),
			seconds(m.provider.TerraformCPU), seconds(m.provider.ProviderCPU), orDash(m.floor.cpu().Seconds()), orDash(m.cpuRatio()),
			fmt.Sprint(inMiB(m.provider.PeakBytes)),
			fmt.Sprint(m.traffic.Requests[simulator.KindSearch]), fmt.Sprint(m.traffic.Requests[simulator.KindLookup]),
			fmt.Sprint(m.traffic.Requests[simulator.KindStatus]), fmt.Sprint(m.traffic.Requests[simulator.KindToken]),
			fmt.Sprint(m.traffic.refused()), fmt.Sprint(m.traffic.Connections),
		})
	}
	return align(rows)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()) }

// orDash is for what a phase without a floor has not.
func orDash(figure float64) string {
	if figure == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", figure)
}

func inMiB(bytes int64) int64 { return (bytes + 1<<19) >> 20 }

// align puts the first column to the left and the others, which are figures, to
// the right.
func align(rows [][]string) string {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var text strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			padding := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				text.WriteString(cell + padding)
			} else {
				text.WriteString(" " + padding + cell)
			}
		}
		text.WriteString("\n")
	}
	return text.String()
}

func goalLines(goals []goal) string {
	var text strings.Builder
	for _, g := range goals {
		fmt.Fprintf(&text, "%-6s  %s", g.verdict(), g.Name)
		if g.Got != "" {
			text.WriteString(" (" + g.Got + ")")
		}
		text.WriteString("\n")
	}
	return text.String()
}
