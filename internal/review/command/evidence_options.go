// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/review/evidence"
)

const evidenceUsage = "Usage: terraform-provider-idplus review evidence -plan FILE -dir DIR [flags]\n\"terraform-provider-idplus review evidence -help\" lists the flags.\n"

const evidenceHelp = `Usage: terraform-provider-idplus review evidence -plan FILE -dir DIR [flags]

Makes the record of an access review from the files of its folder and from what
Terraform wrote. It uses no network and no clock: the same files give the same record.

  -plan FILE       what terraform show -json PLANFILE prints
  -dir DIR         the folder of the review: roster.csv, roster.json, decisions/*.csv
                   and, if there is one, review.json
  -plan-log FILE   what terraform plan -json printed: the plan itself has no errors
                   and warnings
  -approved FILE   the evidence.json that was approved: the review stops if the plan
                   does more
  -apply-log FILE  what terraform apply -json printed
  -verify FILE     what terraform show -json prints of a plan that was made after the
                   apply
  -nightly         the plan is of a review that was applied before, and needs no
                   approval: report what differs from the review
  -fact NAME=VALUE show a fact on the page, such as -fact "Commit=$GIT_COMMIT"; can be
                   repeated. Nothing checks it
  -html FILE       write the page
  -markdown FILE   write the summary for a pull request
  -json FILE       write evidence.json, for programs and for -approved
  -gate            exit with 1 if something stops the review or, with -nightly, if the
                   tenant differs from it or cannot be compared

Only their owner may read the written files. Existing files are replaced.

Exit codes:
  0  the record is made
  1  the record is made, and -gate was set and found a reason to stop
  2  wrong arguments, or files that cannot be read, do not belong together, or cannot
     be written
`

type evidenceOptions struct {
	plan, dir, planLog, approved, applyLog, verify string
	html, markdown, json                           string
	facts                                          []evidence.Fact
	nightly, gate                                  bool
}

// parseEvidenceOptions reads the arguments. It returns flag.ErrHelp if they ask for help.
func parseEvidenceOptions(args []string) (evidenceOptions, error) {
	var o evidenceOptions
	flags := flag.NewFlagSet("review evidence", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for name, text := range map[string]*string{
		"plan": &o.plan, "dir": &o.dir, "plan-log": &o.planLog, "approved": &o.approved, "apply-log": &o.applyLog,
		"verify": &o.verify, "html": &o.html, "markdown": &o.markdown, "json": &o.json,
	} {
		flags.Func(name, "", func(value string) error {
			switch {
			case *text != "":
				return errors.New("set twice")
			case value == "":
				return errors.New("empty: a variable of the pipeline may not be set")
			}
			*text = value
			return nil
		})
	}
	flags.Func("fact", "", func(text string) error {
		name, value, is := strings.Cut(text, "=")
		if name = strings.TrimSpace(name); name == "" || !is {
			return errors.New("a fact is NAME=VALUE, such as \"Approved by=Grace Hopper\"")
		}
		if strings.TrimSpace(value) == "" {
			return errors.New("the value is empty: a variable of the pipeline may not be set")
		}
		if slices.ContainsFunc(o.facts, func(f evidence.Fact) bool { return f.Name == name }) {
			return errors.New("set twice")
		}
		o.facts = append(o.facts, evidence.Fact{Name: name, Value: value})
		return nil
	})
	flags.BoolVar(&o.nightly, "nightly", false, "")
	flags.BoolVar(&o.gate, "gate", false, "")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("unknown argument %q: each file has a flag before it", flags.Arg(0))
	case o.plan == "":
		return o, errors.New("-plan is missing: pass what terraform show -json PLANFILE prints")
	case o.dir == "":
		return o, errors.New("-dir is missing: pass the folder of the review, such as -dir reviews/2026-Q4")
	}
	if o.nightly {
		for name, path := range map[string]string{"-approved": o.approved, "-apply-log": o.applyLog, "-verify": o.verify} {
			if path != "" {
				return o, fmt.Errorf("-nightly is for a plan that is not applied: leave out %s", name)
			}
		}
	}
	return o, nil
}
