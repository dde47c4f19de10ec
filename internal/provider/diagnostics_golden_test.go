// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
)

var update = flag.Bool("update", false, "write testdata/diagnostics.golden")

// TestTextsOfDiagnostics compares all texts that users read with a golden file, so that a
// review of a change shows each text as a whole, for one user and for many.
func TestTextsOfDiagnostics(t *testing.T) {
	t.Parallel()
	var got printed
	got.heading("Decisions about users", "What idplus_user_status (one) and idplus_user_statuses (a map) say of each verdict, in a plan, in an apply and in a refresh.")
	verdictDiagnostics(&got)
	got.heading("What a plan does", "What the lines of a plan do not say, and what an apply has not done.")
	changeDiagnostics(&got)
	planDiagnostics(t, &got)
	got.heading("What seldom happens", "What differs in a decision about a user of whom less is known, and in an older Terraform.")
	rareDiagnostics(&got)
	got.heading("Reading", "Why users cannot be read, or are not known yet.")
	readingDiagnostics(&got)
	dataSourceDiagnostics(t, &got)
	got.heading("Configuration", "What is wrong with the values of a configuration. Each problem is at the attribute that has it.")
	configurationDiagnostics(&got)
	valueDiagnostics(t, &got)
	got.heading("Imports", "Why an import finds no user.")
	importDiagnostics(t, &got)
	got.heading("States", "What is wrong with a state, or cannot be done with it.")
	stateDiagnostics(t, &got)
	got.heading("Functions", "What the functions statuses and access_review say of their arguments, counted from 0.")
	functionDiagnostics(t, &got)
	got.heading("Actions", "What idplus_user_sync and idplus_user_mark_deleted say.")
	actionDiagnostics(&got)
	invocationDiagnostics(t, &got)
	got.heading("Access reviews", "What the data source idplus_access_review says.")
	reviewDiagnostics(&got)

	golden := filepath.Join("testdata", "diagnostics.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got.text()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.text()); diff != "" {
		t.Errorf("%s (-want +got; -update writes it):\n%s", golden, diff)
	}
}

// printed are diagnostics as a person reads them.
type printed struct {
	b strings.Builder
	// cases are the texts of one subject, each with the cases that print it.
	texts []string
	cases map[string][]string
}

func (p *printed) heading(title, about string) {
	fmt.Fprintf(&p.b, "%s\n%s\n%s\n\n", title, strings.Repeat("=", len(title)), about)
}

// add adds the diagnostics of one case of a subject. The same text is printed once, under
// all of its cases.
func (p *printed) add(name string, diags ...diag.Diagnostic) {
	for _, d := range diags {
		name := name + ": error"
		if d.Severity() == diag.SeverityWarning {
			name = strings.TrimSuffix(name, "error") + "warning"
		}
		if with, ok := d.(diag.DiagnosticWithPath); ok {
			name += " at " + with.Path().String()
		}
		text := d.Summary() + "\n\n" + d.Detail() + "\n"
		if p.cases == nil {
			p.cases = map[string][]string{}
		}
		if len(p.cases[text]) == 0 {
			p.texts = append(p.texts, text)
		}
		p.cases[text] = append(p.cases[text], name)
	}
}

// subject prints what was added since the last one.
func (p *printed) subject(name string) {
	fmt.Fprintf(&p.b, "## %s\n\n", name)
	for _, text := range p.texts {
		fmt.Fprintf(&p.b, "%s\n\n%s\n", strings.Join(p.cases[text], "\n"), indented(text))
	}
	p.texts, p.cases = nil, nil
}

func (p *printed) text() string { return strings.TrimRight(p.b.String(), "\n") + "\n" }

// indented indents lines; empty ones stay empty.
func indented(text string) string {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "  " + line
		}
	}
	return strings.Join(lines, "\n") + "\n"
}
