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

// logSubsystem is the log subsystem of the API client; TF_LOG_PROVIDER_IDPLUS_CLOUDADMIN
// sets its level separately.
const (
	logSubsystem = "cloudadmin"
	logLevelEnv  = "TF_LOG_PROVIDER_IDPLUS_CLOUDADMIN"
)

// tflogHandler writes the client's lines to Terraform's log, in the context of the call
// that caused them.
type tflogHandler struct {
	// verbose reports whether debug lines are read.
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

// WithGroup keeps the names flat, since the client opens no group.
func (h tflogHandler) WithGroup(string) slog.Handler { return h }

// SilenceUnreadLog turns off log lines of the plugin libraries that are not requested. They
// would write every step of every call only for Terraform to discard it, which takes a
// quarter of the provider's CPU time. In terraform-plugin-framework 1.19, the cost of a
// trace line for an element of a map even grows with the elements before it, so that a
// hundred thousand take minutes.
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
