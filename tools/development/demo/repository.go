// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/review/evidence"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// Commands, output and checks in the repository of the access review.

func (s *stage) git(arguments ...string) {
	typed := "git"
	for _, argument := range arguments {
		if strings.Contains(argument, " ") {
			argument = "'" + argument + "'"
		}
		typed += " " + argument
	}
	s.run(typed, s.abridged(), "git", arguments...).exits(0)
}

// commit commits the review and its name, but not what the forge keeps.
func (s *stage) commit(message string) {
	s.git("add", "reviews", "terraform.tfvars")
	s.git("commit", "-q", "-m", message)
}

// pipeline runs a job of the pipeline, with further variables.
func (s *stage) pipeline(job string, variables ...string) outcome {
	all := s.env
	defer func() { s.env = all }()
	s.env = slices.Concat(s.env, variables)
	typed := strings.Join(append(slices.Clone(variables), "./pipeline.sh", job), " ")
	return s.run(typed, s.abridged(), "bash", "pipeline.sh", job)
}

// show prints a file of the repository, and cuts its lines to the width of a terminal.
func (s *stage) show(name string) {
	s.typed("cat " + name)
	content, err := os.ReadFile(filepath.Join(s.folder, name))
	s.fail(err)
	s.printAbridged(longLine.ReplaceAllString(string(content), "$1…"))
}

var (
	longLine = regexp.MustCompile(`(?m)^(.{150}).+$`)
	// forBots matches the first line of a summary, notes what the pipeline has printed, too.
	forBots = regexp.MustCompile(`^<!--.*-->\n`)
	notes   = regexp.MustCompile(`(?s)### To note\n.*`)
)

// summary prints the comment for a pull request up to its notes.
func (s *stage) summary() {
	s.typed("cat out/summary.md")
	content, err := os.ReadFile(filepath.Join(s.folder, "out", "summary.md"))
	s.fail(err)
	s.printAbridged(notes.ReplaceAllString(forBots.ReplaceAllString(string(content), ""), "…\n"))
}

func readEvidence(name string) (*evidence.Evidence, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	e := new(evidence.Evidence)
	return e, json.Unmarshal(content, e)
}

// points checks that the evidence names exactly these users under a kind.
func (s *stage) points(kind string, emails ...string) {
	e := s.evidence()
	if e == nil {
		return
	}
	s.checks++
	for _, p := range e.Points {
		if p.Kind != kind {
			continue
		}
		named := slices.ContainsFunc(emails, func(email string) bool {
			return !slices.ContainsFunc(p.Who, func(who string) bool { return strings.Contains(who, email) })
		})
		if named || len(p.Who) != len(emails) {
			s.fail(fmt.Errorf("the evidence names %v under %s instead of %v", p.Who, kind, emails))
		}
		return
	}
	s.fail(fmt.Errorf("the evidence has nothing under %s", kind))
}

// changes checks how many changes the tenant got since its count was last reset.
func (s *stage) changes(want int) {
	got := s.users.Count(simulator.KindStatus)
	s.print(fmt.Sprintf("\nRequests to change a user, counted by the tenant: %d\n", got))
	if s.failure == nil && got != want {
		s.fail(fmt.Errorf("%d changes were sent instead of %d", got, want))
	}
	s.checks++
}

// checkSums checks the checksums of the evidence.
func (s *stage) checkSums() {
	s.say("The merge has written checksums of all its files:")
	sums, err := os.ReadFile(filepath.Join(s.folder, "out", "SHA256SUMS"))
	s.fail(err)
	s.typed("head -n 3 out/SHA256SUMS")
	if lines := strings.SplitAfter(string(sums), "\n"); len(lines) > 3 {
		s.print(strings.Join(lines[:3], ""))
	}
	for line := range strings.Lines(string(sums)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		content, err := os.ReadFile(filepath.Join(s.folder, "out", name))
		s.fail(err)
		if is := sha256.Sum256(content); s.failure == nil && hex.EncodeToString(is[:]) != sum {
			s.fail(fmt.Errorf("the checksum of %s differs from SHA256SUMS", name))
		}
		s.checks++
	}
}
