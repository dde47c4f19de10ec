// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package console

import (
	"context"
	"log/slog"
	"time"
)

// Waits is a log handler for the API client. It calls the function for each of the client's
// longer waits: a tenant may ask for a minute, during which nothing else is printed. The
// function gets only the length of the wait.
type Waits func(wait time.Duration)

// longWait is the shortest wait that a person should know about.
const longWait = 2 * time.Second

// Enabled reports whether a record may be one of a wait.
func (Waits) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

// Handle calls the function when the record is one of a longer wait.
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

// WithAttrs returns the same handler, because attributes are not used.
func (w Waits) WithAttrs([]slog.Attr) slog.Handler { return w }

// WithGroup returns the same handler, for the same reason.
func (w Waits) WithGroup(string) slog.Handler { return w }
