// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/terraform-plugin-framework/provider"
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

// LogTraffic sums up what a provider sent, for the end of its run. No call from
// Terraform marks that end, so that the line goes straight to the log.
func LogTraffic(p provider.Provider, log io.Writer) {
	idplus, ok := p.(*idplusProvider)
	if !ok || idplus.client.Load() == nil {
		return
	}
	sum := idplus.client.Load().Traffic()
	logger := hclog.New(&hclog.LoggerOptions{Name: "provider.idplus." + logSubsystem, Output: log, JSONFormat: true, Level: hclog.Info})
	logger.Info("sent in all", "requests", sum.Requests, "retries", sum.Retries, "refused_429", sum.Refused, "waited", sum.Waited.Round(time.Millisecond).String())
}
