// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"log/slog"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// logSubsystem is where the API client's lines go; TF_LOG_PROVIDER_IDPLUS_CLOUDADMIN
// sets its level apart from the provider's own.
const (
	logSubsystem = "cloudadmin"
	logLevelEnv  = "TF_LOG_PROVIDER_IDPLUS_CLOUDADMIN"
)

// tflogHandler writes the client's lines to Terraform's log, in the context of
// the call that caused them.
type tflogHandler struct {
	// verbose is whether anybody reads debug lines.
	verbose bool
	fields  []slog.Attr
}

func newLogger(getenv func(string) string) *slog.Logger {
	verbose := false
	for _, name := range []string{"TF_LOG", "TF_LOG_PROVIDER", "TF_LOG_PROVIDER_IDPLUS", logLevelEnv, "TF_ACC_LOG"} {
		verbose = verbose || getenv(name) != ""
	}
	return slog.New(tflogHandler{verbose: verbose})
}

func (h tflogHandler) Enabled(_ context.Context, level slog.Level) bool {
	return h.verbose || level >= slog.LevelWarn
}

func (h tflogHandler) Handle(ctx context.Context, record slog.Record) error {
	fields := make(map[string]any, record.NumAttrs()+len(h.fields))
	for _, attribute := range h.fields {
		fields[attribute.Key] = attribute.Value.Any()
	}
	record.Attrs(func(attribute slog.Attr) bool {
		fields[attribute.Key] = attribute.Value.Any()
		return true
	})
	ctx = tflog.NewSubsystem(ctx, logSubsystem, tflog.WithLevelFromEnv(logLevelEnv), tflog.WithRootFields())
	if record.Level >= slog.LevelWarn {
		tflog.SubsystemWarn(ctx, logSubsystem, record.Message, fields)
	} else {
		tflog.SubsystemDebug(ctx, logSubsystem, record.Message, fields)
	}
	return nil
}

func (h tflogHandler) WithAttrs(attributes []slog.Attr) slog.Handler {
	h.fields = append(append([]slog.Attr(nil), h.fields...), attributes...)
	return h
}

// WithGroup keeps the names flat: the client opens no group.
func (h tflogHandler) WithGroup(string) slog.Handler { return h }

// SilenceUnreadLog switches those lines of the plugin libraries off that nobody
// asked to read. They would write every step of every call, for Terraform to throw
// away: a quarter of the provider's CPU. In terraform-plugin-framework 1.19 a trace
// line for an element of a map even costs the more the more elements came before,
// so that a hundred thousand take minutes.
func SilenceUnreadLog() {
	read, traced := false, false
	for _, variable := range os.Environ() {
		name, level, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "TF_LOG") && name != "TF_LOG_PATH" && level != "" {
			read = true
			// JSON is TRACE in another form.
			traced = traced || level == "TRACE" || level == "JSON" || strings.HasPrefix(name, "TF_LOG_SDK")
		}
	}
	switch {
	case traced:
	case read:
		_ = os.Setenv("TF_LOG_SDK_FRAMEWORK", "DEBUG") // Fails for invalid names only.
	default:
		_, _ = os.Setenv("TF_LOG_SDK", "OFF"), os.Setenv("TF_LOG_SDK_FRAMEWORK", "OFF")
	}
}
