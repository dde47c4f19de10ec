// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// tinyOutput is what a command prints: diagnostics and totals, as Terraform does. A
// test of how a plan is shown needs the real one.
type tinyOutput struct {
	configuration *tinyConfiguration
	json          bool

	mu     sync.Mutex
	lines  []string
	failed bool
}

func (o *tinyOutput) show(format string, args ...any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.line(fmt.Sprintf(format, args...))
}

func (o *tinyOutput) line(text string) {
	if o.json {
		text = asJSON(map[string]any{"@message": text})
	}
	o.lines = append(o.lines, text)
}

// hear prints diagnostics of a resource, a data source or the provider.
func (o *tinyOutput) hear(address string, diagnostics []*tfprotov6.Diagnostic) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, d := range diagnostics {
		severity := "Warning"
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			severity, o.failed = "Error", true
		}
		if o.json {
			o.lines = append(o.lines, asJSON(map[string]any{"diagnostic": map[string]string{
				"severity": strings.ToLower(severity), "summary": d.Summary, "detail": d.Detail, "address": address,
			}}))
			continue
		}
		o.line(severity + ": " + d.Summary + "\n\n" + o.where(address, d.Attribute) + "\n\n" + d.Detail + "\n")
	}
}

// where says which resource a diagnostic is about, and shows the line to blame.
func (o *tinyOutput) where(address string, attribute *tftypes.AttributePath) string {
	base, _, _ := strings.Cut(address, "[")
	var block *hclsyntax.Block
	for _, blocks := range []map[string]*hclsyntax.Block{o.configuration.resources, o.configuration.data, {"provider": o.configuration.provider}} {
		if blocks[base] != nil {
			block = blocks[base]
		}
	}
	text := "with " + address + ","
	if block == nil {
		return text
	}
	var steps []string
	if attribute != nil {
		for _, step := range attribute.Steps() {
			switch step := step.(type) {
			case tftypes.AttributeName:
				steps = append(steps, string(step))
			case tftypes.ElementKeyString:
				steps = append(steps, string(step))
			}
		}
	}
	at := o.configuration.blame(block, steps)
	labels := `"` + strings.Join(block.Labels, `" "`) + `"`
	return fmt.Sprintf("%s on %s line %d, in %s %s: %d: %s", text, at.Filename, at.Start.Line, block.Type, labels, at.Start.Line, o.configuration.source(at))
}

// fail prints an error of Terraform's own.
func (o *tinyOutput) fail(text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.failed = true
	o.line("Error: " + text)
}

func asJSON(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // Of texts.
	}
	return string(text)
}

func (o *tinyOutput) text() string {
	return strings.Join(strings.Fields(strings.Join(o.lines, "\n")), " ")
}
