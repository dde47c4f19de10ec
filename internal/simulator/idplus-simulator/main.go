// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// The program idplus-simulator serves a tenant of RSA ID Plus from memory, so
// that people can try the provider without a tenant of their own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// timeToFinish is how long requests under way may take once the program is
// told to end.
const timeToFinish = 5 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "idplus-simulator:", err)
		os.Exit(1)
	}
}

// run serves until the context ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("idplus-simulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	listen := flags.String("listen", "127.0.0.1:8480", "`address` to listen on, loopback only; port 0 takes a free one")
	users := flags.Int("users", 0, "the `number` of users: those of the example, and others in several identity sources; 0: the example alone")
	sources := flags.Int("sources", simulator.UsualSources, "the `number` of identity sources of the users of -users, from 1")
	review := flags.String("review", "", "CSV `file` with a column email, whose users the tenant has besides, Enabled, as in examples/large-review/review.csv")
	keyFile := flags.String("key-file", "", "new `file` to write the legacy API key to; it is deleted when the program ends")
	answers := temperamentFlags(flags)
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	tenant := simulator.NewTenant()
	simulator.SeedExample(tenant)
	simulator.SeedKnownByUsername(tenant)
	example := tenant.Users()
	if *users != 0 && *users < len(example) {
		return fmt.Errorf("-users %d is too few: the example alone has %d", *users, len(example))
	}
	if *sources < 1 {
		return fmt.Errorf("-sources %d is too few: a user has an identity source", *sources)
	}
	simulator.SeedUsersOf(tenant, max(*users-len(example), 0), *sources)
	if *review != "" {
		if err := addUsersOf(tenant, *review); err != nil {
			return err
		}
	}
	if err := setTemperaments(tenant, answers); err != nil {
		return err
	}
	client, err := tenant.CreateOAuthClient(simulator.OAuthOptions{})
	if err != nil {
		return err
	}
	server, err := simulator.StartAt(tenant, *listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken by another program; choose a free port with -listen 127.0.0.1:0, or make simulator SIMULATORFLAGS='-listen 127.0.0.1:0'", *listen)
	}
	if err != nil {
		return err
	}
	defer server.Close()

	key, err := tenant.CreateAPIKey(server.AdminAPIURL())
	if err != nil {
		return err
	}
	if *keyFile != "" {
		remove, err := writeKey(*keyFile, key)
		if err != nil {
			return err
		}
		defer remove()
	}

	err = welcome(stdout, welcomeText{
		URL:         server.URL(),
		AdminAPIURL: server.AdminAPIURL(),
		IssuerURL:   server.IssuerURL(),
		Client:      client,
		Key:         key,
		KeyFile:     *keyFile,
		Users:       example,
		Others:      len(tenant.Users()) - len(example),
	})
	if err != nil {
		return err
	}
	<-ctx.Done()
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeToFinish)
	defer cancel()
	return server.Shutdown(finish)
}

// writeKey writes a legacy API key to a file that must be new, so that it takes
// the place of no other key. remove deletes it, since it is of no use later.
func writeKey(path string, key []byte) (remove func(), err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("-key-file: %w", err)
	}
	remove = func() { _ = os.Remove(path) } // the user may have moved it
	_, err = file.Write(key)
	if err = errors.Join(err, file.Close()); err != nil {
		remove()
		return nil, fmt.Errorf("-key-file: %w", err)
	}
	return remove, nil
}

// temperamentFlags makes a flag of each open question about the API, and
// returns the answers that were given, by name. They are set once the tenant
// has its users, since some keep how things are at that moment.
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

func setTemperaments(tenant *simulator.Tenant, answers map[string]string) error {
	for name, answer := range answers {
		if err := tenant.SetTemperament(name, answer); err != nil {
			return fmt.Errorf("-%s %q: %w", name, answer, err)
		}
	}
	return nil
}
