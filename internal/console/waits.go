// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package console

import (
	"context"
	"log/slog"
	"time"
)

// Waits is a log handler for the API client. It calls the function for each of the
// client's longer waits: a tenant may ask for a minute, in which nothing else is printed.
// Nothing of a record is given but how long the wait is.
type Waits func(wait time.Duration)

// longWait is what a person wonders about.
const longWait = 2 * time.Second

// Enabled reports whether a record may be one of a wait.
func (Waits) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

// Handle calls the function where the record is one of a longer wait.
func (w Waits) Handle(_ context.Context, record slog.Record) error {
	record.Attrs(func(a slog.Attr) bool {
		wait, err := time.ParseDuration(a.Value.String())
		if a.Key != "wait" || err != nil || wait < longWait {
			return true
		}
		w(wait.Round(time.Second))
		return false
	})
	return nil
}

// WithAttrs returns the same handler: attributes do not count.
func (w Waits) WithAttrs([]slog.Attr) slog.Handler { return w }

// WithGroup returns the same handler.
func (w Waits) WithGroup(string) slog.Handler { return w }
