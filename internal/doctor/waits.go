// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"
)

// waits is a log handler that tells a person of the client's longer waits: a tenant
// may ask for a minute, in which nothing else is printed.
type waits struct{ of *examination }

// longWait is what a person wonders about.
const longWait = 2 * time.Second

// Enabled reports whether a record may be one of a wait.
func (waits) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

// Handle prints a line about a longer wait. It repeats nothing of the record but its
// duration.
func (w waits) Handle(_ context.Context, record slog.Record) error {
	record.Attrs(func(a slog.Attr) bool {
		wait, err := time.ParseDuration(a.Value.String())
		if a.Key != "wait" || err != nil || wait < longWait {
			return true
		}
		answer := "there was no answer"
		if all := w.of.observer.all(""); len(all) > 0 && all[len(all)-1].status != 0 {
			answer = fmt.Sprintf("the answer was %d", all[len(all)-1].status)
		}
		said := fmt.Sprintf("waits %s to ask again: %s", short(wait.Round(time.Second)), answer)
		_, _ = io.WriteString(w.of.out.out, columns("..", "", wrap(said, w.of.out.textWidth())))
		return false
	})
	return nil
}

// WithAttrs returns the same handler: no attribute is printed.
func (w waits) WithAttrs([]slog.Attr) slog.Handler { return w }

// WithGroup returns the same handler.
func (w waits) WithGroup(string) slog.Handler { return w }
