// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// envFileName is the file of exports in the folder of -try.
const envFileName = "env"

// options are the values of the flags.
type options struct {
	listen    string
	users     int
	sources   int
	review    string
	keyFile   string
	envFile   string
	try       string
	terraform string
	cliConfig string
	answers   map[string]string
}

// parse parses the flags, and reports errors on stderr.
func parse(args []string, stderr io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("idplus-simulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.listen, "listen", "", "`address` to listen on, loopback only; port 0 is a free port (default "+usualAddress+", or a free port if that is in use)")
	flags.IntVar(&o.users, "users", 0, "the `number` of users: those of the example, and others in several identity sources; 0: only the example")
	flags.IntVar(&o.sources, "sources", simulator.UsualSources, "the `number` of identity sources of the users of -users, from 1")
	flags.StringVar(&o.review, "review", "", "CSV `file` with a column email, whose users are added as Enabled, as in examples/large-review/review.csv")
	flags.StringVar(&o.keyFile, "key-file", "", "new `file` to write the legacy API key to; it is deleted when the program ends")
	flags.StringVar(&o.envFile, "env", "", "`file` to write the exports for a shell to; it is deleted when the program ends")
	flags.StringVar(&o.try, "try", "", "`folder` to make a first plan in: a configuration, a review of the users, and the exports")
	flags.StringVar(&o.terraform, "terraform", os.Getenv("TF_ACC_TERRAFORM_PATH"), "the `program` for -try, Terraform or OpenTofu")
	flags.StringVar(&o.cliConfig, "cli-config", "", "CLI configuration `file` of Terraform, from make install, to add to the exports")
	o.answers = temperamentFlags(flags)
	switch err = flags.Parse(args); {
	case err != nil:
		return o, err
	case flags.NArg() > 0:
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case o.try != "" && o.envFile != "":
		return o, errors.New("-try writes a file of exports itself: leave out -env")
	case o.try != "":
		o.envFile = filepath.Join(o.try, envFileName)
	}
	return o, nil
}

// temperamentFlags makes a flag of each open question about the API, and returns the given
// answers, by name. They are set once the tenant has its users, because some answers keep
// the users of that moment.
func temperamentFlags(flags *flag.FlagSet) map[string]string {
	answers := map[string]string{}
	for _, m := range simulator.Temperaments() {
		switch {
		case len(m.Answers) == 0: // concerns one user
		case slices.Equal(m.Answers, []string{"off", "on"}):
			flags.BoolFunc(m.Name, m.Decides, func(answer string) error {
				switch answer {
				case "true": // the flag alone
					answer = "on"
				case "false":
					answer = "off"
				}
				answers[m.Name] = answer
				return nil
			})
		default:
			flags.Func(m.Name, m.Decides+" The `answer` is one of: "+m.Choices(), func(answer string) error {
				answers[m.Name] = answer
				return nil
			})
		}
	}
	return answers
}
