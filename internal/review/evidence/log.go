// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// runLog is what the record uses of the log of terraform plan -json or apply -json.
type runLog struct {
	file        File
	first, last time.Time
	// lastText is the time of the last line as it is written.
	lastText string
	said     []Diagnostic
	// planned and applied report whether the run has completed a plan or an apply.
	planned, applied bool
	// cut reports whether the last line is incomplete: the run was ended while it wrote.
	cut bool
	// refreshed and completed are the resources that were refreshed, and applied.
	refreshed, completed map[string]bool
}

// logLine is a line of a log.
type logLine struct {
	Type       string     `json:"type"`
	Timestamp  *time.Time `json:"@timestamp"`
	Diagnostic *struct {
		Severity string `json:"severity"`
		Summary  string `json:"summary"`
		Detail   string `json:"detail"`
	} `json:"diagnostic"`
	Changes struct {
		Operation string `json:"operation"`
	} `json:"changes"`
	Hook struct {
		Resource struct {
			Address string `json:"addr"`
		} `json:"resource"`
	} `json:"hook"`
}

// readLog reads the log of a command: terraform plan or terraform apply.
func readLog(f File, command string) (*runLog, error) {
	log := &runLog{file: f, refreshed: map[string]bool{}, completed: map[string]bool{}}
	whole, err := f.text()
	if err != nil {
		return nil, err
	}
	number := 0
	for text := range bytes.Lines(whole) {
		number++
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		var line logLine
		err := json.Unmarshal(text, &line)
		switch {
		case (err != nil || line.Timestamp == nil) && log.first.IsZero():
			return nil, f.errorf("this is not a log of terraform %s -json: pass what the command prints with -json", command)
		case err != nil && text[0] == '{' && text[len(text)-1] != '\n':
			log.cut = true
			continue
		case err != nil || line.Timestamp == nil:
			return nil, f.errorf("line %d is not a line of a Terraform log: the file is damaged. Pass it as Terraform wrote it", number)
		}
		if log.first.IsZero() {
			log.first = *line.Timestamp
		}
		log.last = *line.Timestamp
		log.take(&line, command)
	}
	if log.first.IsZero() {
		return nil, f.errorf("the log is empty: pass what terraform %s -json prints", command)
	}
	log.lastText = log.last.Format(time.RFC3339Nano)
	return log, nil
}

func (log *runLog) take(line *logLine, command string) {
	switch {
	case line.Diagnostic != nil:
		d := line.Diagnostic
		log.said = append(log.said, Diagnostic{Severity: d.Severity, Summary: d.Summary, Detail: d.Detail, During: command})
	case line.Type == "change_summary" && line.Changes.Operation == "plan":
		log.planned = true
	case line.Type == "change_summary" && line.Changes.Operation == "apply":
		log.applied = true
	case line.Type == "refresh_start":
		log.refreshed[line.Hook.Resource.Address] = true
	case line.Type == "apply_complete":
		log.completed[line.Hook.Resource.Address] = true
	}
}

// mostOfAnError is how many characters of an error a point has, since the way out is at the
// end. The diagnostics of the record have all of it.
const mostOfAnError = 1000

// errorsOf returns the errors, each in one line with its detail.
func errorsOf(said []Diagnostic) []string {
	var errors []string
	for _, d := range said {
		if d.Severity == "error" {
			line := inOneLine(d.Summary + ": " + d.Detail)
			errors = append(errors, cut(strings.TrimSuffix(line, ":"), mostOfAnError))
		}
	}
	return errors
}

// covers reports whether a time, in whole seconds, is within the log.
func (log *runLog) covers(at time.Time) bool {
	return !at.Before(log.first.Truncate(time.Second)) && !at.After(log.last)
}
