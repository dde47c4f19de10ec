// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
)

const usage = "Usage: terraform-provider-idplus doctor [flags] [ADDRESS]\n\"terraform-provider-idplus doctor -help\" lists the flags.\n"

const help = `Usage: terraform-provider-idplus doctor [flags] [ADDRESS]

Checks the configuration in the environment (IDPLUS_ADMIN_API_URL, IDPLUS_OAUTH_...),
finds out how the tenant behaves, and reports what is wrong and what to do. It changes
nothing.

  -email ADDRESS     a user to look up; ADDRESS without a flag is the same
  -username NAME     a user to look up by username
  -write ADDRESS     a user who may be changed: sets the user's current status,
                     then the other one, then the first again. Use a test user
                     who is Enabled. A protected user is refused
  -json              print JSON instead of lines
  -report FILE       write the report to a file instead of printing it
  -timeout DURATION  the time limit for the whole run (default 2m)

The report answers the open questions about the API. Like the JSON, it contains no
address, name, host, id or secret: paste it into an issue.

Exit codes:
  0  nothing stops the provider; there may be notes (??)
  1  something stops it (!!), or there was no time for all checks
  2  wrong arguments, or the report could not be written
  3  a user of -write could not be set back: the last line says what to do
`

type options struct {
	email, username, write string
	json                   bool
	report                 string
	timeout                time.Duration
}

var errHelp = errors.New("help is asked for")

// parseOptions parses the arguments. Its errors do not repeat them: they may be a key in
// the wrong place.
func parseOptions(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for name, text := range map[string]*string{"email": &o.email, "username": &o.username, "write": &o.write, "report": &o.report} {
		flags.Var(&once{text: text}, name, "")
	}
	flags.BoolVar(&o.json, "json", false, "")
	flags.DurationVar(&o.timeout, "timeout", 2*time.Minute, "")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return o, errHelp
	} else if err != nil {
		return o, misunderstood(flags, args, len(args)-flags.NArg(), err)
	}
	rest := flags.Args()
	if len(rest) > 0 && o.email == "" {
		o.email, rest = rest[0], rest[1:]
	}
	switch {
	case len(rest) > 0:
		return o, errors.New("one address is enough; flags come before it")
	case o.timeout <= 0:
		return o, errors.New("-timeout must be a duration above zero, such as 30s or 2m")
	}
	for _, given := range []struct{ flag, value string }{{"-email", o.email}, {"-write", o.write}} {
		if problem := address.EmailProblem(given.value); given.value != "" && problem != "" {
			return o, fmt.Errorf("the address of %s %s", given.flag, problem)
		}
	}
	if problem := address.UsernameProblem(o.username); o.username != "" && problem != "" {
		return o, fmt.Errorf("the name of -username %s", problem)
	}
	if o.email == "" && o.username == "" {
		o.email = o.write
	}
	return o, nil
}

// once is the value of a flag that may be given once: with two users to change, one could
// be the wrong one.
type once struct {
	text  *string
	given bool
}

var errTwice = errors.New("given twice")

func (o *once) String() string { return "" }

func (o *once) Set(text string) error {
	if o.given {
		return errTwice
	}
	*o.text, o.given = text, true
	return nil
}

var harmlessFlag = regexp.MustCompile(`^-[a-z-]{1,15}$`)

// misunderstood returns which argument was not understood, after n of them were parsed.
func misunderstood(flags *flag.FlagSet, args []string, n int, err error) error {
	if strings.HasPrefix(err.Error(), "bad flag syntax") {
		return fmt.Errorf("argument %d is not known", n+1) // The value was refused.
	}
	name := ""
	for _, argument := range args[max(n-2, 0):n] {
		flagged, isFlag := strings.CutPrefix(argument, "-")
		flagged, _, _ = strings.Cut(strings.TrimPrefix(flagged, "-"), "=")
		if isFlag && flags.Lookup(flagged) != nil {
			name = "-" + flagged
		} else if isFlag {
			name = ""
		}
	}
	switch {
	case name != "" && strings.HasSuffix(err.Error(), errTwice.Error()):
		return fmt.Errorf("%s is given twice", name)
	case name != "":
		return fmt.Errorf("%s has no valid value", name)
	case harmlessFlag.MatchString(args[n-1]):
		return fmt.Errorf("argument %d is not known: %s", n, args[n-1])
	}
	return fmt.Errorf("argument %d is not known", n)
}

// ask asks a person for an address, which may be omitted.
func ask(ctx context.Context, stdin io.Reader, stdout io.Writer) (string, error) {
	_, _ = io.WriteString(stdout, "Email address of a user to look up (Enter to go on without): ")
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(stdin).ReadString('\n') // An input that ends without a line is an answer, too.
		line <- strings.TrimSpace(text)
	}()
	select {
	case <-ctx.Done():
		return "", errors.New("interrupted")
	case email := <-line:
		if problem := address.EmailProblem(email); email != "" && problem != "" {
			return "", fmt.Errorf("the address %s", problem)
		}
		return email, nil
	}
}
