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
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
)

const usage = "Usage: terraform-provider-idplus doctor [flags] [ADDRESS]\n\"terraform-provider-idplus doctor -help\" lists the flags.\n"

const help = `Usage: terraform-provider-idplus doctor [flags] [ADDRESS]

Asks the tenant that the environment names (IDPLUS_ADMIN_API_URL, IDPLUS_OAUTH_...)
what it does, and says what is wrong and what to do. It changes nothing.

  -email ADDRESS     a user to look up; ADDRESS without a flag is the same
  -username NAME     a user to look up by username
  -write ADDRESS     a user who may be changed: sets the status that the user has,
                     then the other one, then the first again. Take a test user
                     who is Enabled. A protected user is refused
  -json              print JSON instead of lines
  -report FILE       write the report to a file instead of printing it
  -timeout DURATION  for all of it (default 2m)

The report answers the open questions about the API. It holds no address, no name,
no host, no id and no secret: paste it into an issue. The JSON neither.

Exit codes:
  0  nothing stops the provider; there may be notes (??)
  1  something stops it (!!), or there was no time for all checks
  2  wrong arguments
  3  a user of -write could not be set back: the last line says what to do
`

type options struct {
	email, username, write string
	json                   bool
	report                 string
	timeout                time.Duration
}

var errHelp = errors.New("help is asked for")

// parseOptions reads the arguments. Its errors do not repeat them: they may be a key
// in the wrong place.
func parseOptions(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.email, "email", "", "")
	flags.StringVar(&o.username, "username", "", "")
	flags.StringVar(&o.write, "write", "", "")
	flags.BoolVar(&o.json, "json", false, "")
	flags.StringVar(&o.report, "report", "", "")
	flags.DurationVar(&o.timeout, "timeout", 2*time.Minute, "")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return o, errHelp
	} else if err != nil {
		return o, errors.New("an argument is not known, or has no value that fits")
	}
	rest := flags.Args()
	if len(rest) > 0 && o.email == "" {
		o.email, rest = rest[0], rest[1:]
	}
	switch {
	case len(rest) > 0:
		return o, errors.New("one address is enough; flags come before it")
	case o.timeout <= 0:
		return o, errors.New("-timeout is a duration above zero, such as 30s or 2m")
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

// ask asks a person for an address. None is fine.
func ask(ctx context.Context, stdin io.Reader, stdout io.Writer) (string, error) {
	_, _ = io.WriteString(stdout, "Email address of a user to look up (Enter to go on without): ")
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(stdin).ReadString('\n') // What ends without a line is an answer too.
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
