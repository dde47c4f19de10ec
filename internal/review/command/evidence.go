// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/review/evidence"
)

// memory is the memory limit of the garbage collector, since runners of pipelines are
// small. Memory in use may exceed it.
const memory = 40 << 20

// exitStopped is for -gate, if something stops the review.
const exitStopped = 1

// Evidence is the command "review evidence": it makes the record of a review, and returns
// the exit code.
func Evidence(version string, args []string, stdout, stderr io.Writer) int {
	debug.SetMemoryLimit(memory)
	options, err := parseEvidenceOptions(args)
	if errors.Is(err, flag.ErrHelp) {
		_, _ = io.WriteString(stdout, evidenceHelp)
		return exitDone
	}
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "review evidence: %s\n\n%s", visible(err.Error()), evidenceUsage)
		return exitUsage
	}
	record, outputs, err := makeEvidence(version, options)
	if err != nil {
		_, _ = fmt.Fprintf(stderr, "review evidence: %s\n", visible(err.Error()))
		return exitUsage
	}
	stops, notes := evidence.Lines(record)
	for _, line := range stops {
		_, _ = fmt.Fprintln(stderr, line)
	}
	line := evidence.Summary(record)
	if len(outputs) > 0 {
		line += ". Written: " + strings.Join(outputs, ", ")
	}
	_, _ = fmt.Fprintln(stdout, visible(line))
	for _, line := range notes {
		_, _ = fmt.Fprintln(stdout, line)
	}
	if options.gate && !record.Passes() {
		return exitStopped
	}
	return exitDone
}

// makeEvidence makes the record, writes the requested files, and returns their names.
func makeEvidence(version string, o evidenceOptions) (*evidence.Evidence, []string, error) {
	if err := o.checkOutputs(); err != nil {
		return nil, nil, err
	}
	if isOneFile(o.plan, o.verify) {
		return nil, nil, fmt.Errorf("-plan and -verify name one file, %s: -verify needs a plan that was made after the apply", o.verify)
	}
	files, err := readEvidenceFiles(o)
	if err != nil {
		return nil, nil, err
	}
	files.Facts, files.ProviderVersion, files.Nightly = o.facts, version, o.nightly
	record, err := evidence.Make(files)
	if err != nil {
		return nil, nil, err
	}
	var written []string
	for _, output := range []struct {
		path string
		text func() (string, error)
	}{
		{o.html, func() (string, error) { return textOf(evidence.WriteHTML, record) }},
		{o.markdown, func() (string, error) { return evidence.Markdown(record), nil }},
		{o.json, func() (string, error) { return textOf(evidence.WriteJSON, record) }},
	} {
		if output.path == "" {
			continue
		}
		text, err := output.text()
		if err == nil {
			err = replaceFile(output.path, text)
		}
		if err != nil {
			return nil, nil, fmt.Errorf("%s cannot be written: %w", output.path, err)
		}
		written = append(written, output.path)
	}
	return record, written, nil
}

// textOf returns what a function writes about a record.
func textOf(write func(io.Writer, *evidence.Evidence) error, record *evidence.Evidence) (string, error) {
	var text strings.Builder
	err := write(&text, record)
	return text.String(), err
}

// checkOutputs refuses to overwrite an input, or to write two files into one.
func (o evidenceOptions) checkOutputs() error {
	taken := map[string]string{}
	inputs := []struct{ flag, path string }{
		{"-plan", o.plan}, {"-plan-log", o.planLog}, {"-approved", o.approved}, {"-apply-log", o.applyLog}, {"-verify", o.verify},
	}
	for _, name := range []string{rosterName, manifestName, titleName} {
		inputs = append(inputs, struct{ flag, path string }{"-dir", filepath.Join(o.dir, name)})
	}
	for _, in := range inputs {
		if in.path != "" {
			taken[filepath.Clean(in.path)] = in.flag
		}
	}
	for _, out := range []struct{ flag, path string }{{"-html", o.html}, {"-markdown", o.markdown}, {"-json", o.json}} {
		if out.path == "" {
			continue
		}
		if other := taken[filepath.Clean(out.path)]; other != "" {
			return fmt.Errorf("%s and %s name one file, %s", other, out.flag, out.path)
		}
		taken[filepath.Clean(out.path)] = out.flag
	}
	return nil
}

// isOneFile reports whether two paths lead to the same file.
func isOneFile(a, b string) bool {
	first, errFirst := os.Stat(a)
	second, errSecond := os.Stat(b)
	return errFirst == nil && errSecond == nil && os.SameFile(first, second)
}

// replaceFile writes a file under another name first, so that readers see either the old or
// the new file.
func replaceFile(path, text string) error {
	if !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	temporary, err := writeTemporary(filepath.Dir(path), text)
	if err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		_ = os.Remove(temporary)
		return err
	}
	return nil
}

// visible makes the lines of a text fit for a terminal.
func visible(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = evidence.Visible(line)
	}
	return strings.Join(lines, "\n")
}
