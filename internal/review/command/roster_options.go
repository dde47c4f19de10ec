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
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

const rosterUsage = "Usage: terraform-provider-idplus review roster -out DIR [flags]\n\"terraform-provider-idplus review roster -help\" lists the flags.\n"

const rosterHelp = `Usage: terraform-provider-idplus review roster -out DIR [flags]

Reads the users of the tenant that the environment names (IDPLUS_ADMIN_API_URL,
IDPLUS_OAUTH_...), as the provider does, and writes the files of a new review. It
changes no user, and overwrites no file. It sends two searches for each 25 users: the
second one confirms that the list is complete.

Users without an email address are not included: search finds users by their address.
Their number is not known; review them by hand.

  -out DIR             the folder of the review, such as reviews/2026-Q4
  -by identity_source  a worksheet for each identity source (the default)
  -by FILE             a worksheet for each reviewer: a CSV file whose header is
                       identity_source,reviewer or email,reviewer
  -previous DIR        the folder of the last review: the worksheets show what was
                       decided about each user then, and when access was to end
  -email-contains PART only users whose address has this part (default @)
  -identity-source S   only users of this identity source; can be repeated
  -lookup              look up each user, with one request each, if search does not
                       show when users last signed in
  -timeout DURATION    for the whole reading (default 30m)

It writes DIR/roster.csv, a worksheet for each reviewer in DIR/decisions, and
DIR/roster.json, which says where the roster comes from. DIR/.gitattributes keeps git
from changing line ends, since roster.json has the checksum of roster.csv.
DIR/review.json is for you to edit:

  title                of the review
  deadline             the last day for decisions, such as 2026-12-31; empty for none
  roster_max_age_days  after how many days the evidence calls the roster old

Reviewers fill in the columns from decision to ticket, except decision_for: it repeats the
address, and shows whether decisions have moved to other rows.

Exit codes:
  0  the files are written
  1  the tenant could not be read completely; no file is written
  2  wrong arguments, or files that cannot be read or written
`

// byIdentitySource is the value of -by for worksheets by source.
const byIdentitySource = "identity_source"

type rosterOptions struct {
	out, by, previous, emailContains string
	sources                          []string
	lookup                           bool
	timeout                          time.Duration
}

// parseRosterOptions reads the arguments. It returns flag.ErrHelp if they ask for help.
func parseRosterOptions(args []string) (rosterOptions, error) {
	o := rosterOptions{}
	flags := flag.NewFlagSet("review roster", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.out, "out", "", "")
	flags.StringVar(&o.by, "by", byIdentitySource, "")
	flags.Func("previous", "", func(dir string) error {
		if o.previous = dir; dir == "" {
			return errors.New("pass the folder of the last review, or leave -previous out")
		}
		return nil
	})
	flags.StringVar(&o.emailContains, "email-contains", snapshot.AllEmails, "")
	flags.Func("identity-source", "", func(name string) error {
		if !slices.Contains(o.sources, name) {
			o.sources = append(o.sources, name)
		}
		return nil
	})
	flags.BoolVar(&o.lookup, "lookup", false, "")
	flags.DurationVar(&o.timeout, "timeout", 30*time.Minute, "")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	switch problem := address.PartProblem(o.emailContains); {
	case flags.NArg() > 0:
		return o, fmt.Errorf("unknown argument %q: -out names the folder of the review", flags.Arg(0))
	case o.out == "":
		return o, errors.New("-out is missing: pass the folder of the review, such as -out reviews/2026-Q4")
	case o.by == "":
		return o, errors.New("-by is empty: pass a CSV file, or leave -by out for a worksheet for each identity source")
	case problem != "":
		return o, fmt.Errorf("the part of -email-contains %s: use a part that all of the addresses have in common, such as @example.com", problem)
	case slices.ContainsFunc(o.sources, func(name string) bool { return strings.TrimSpace(name) == "" }):
		return o, errors.New("-identity-source is empty: pass the name of a source, as the console shows it")
	case o.timeout <= 0:
		return o, errors.New("-timeout must be a duration above zero, such as 10m")
	}
	slices.Sort(o.sources)
	return o, nil
}
