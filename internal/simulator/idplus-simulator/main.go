// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// The program idplus-simulator serves a tenant of RSA ID Plus from memory, so that people
// can try the provider without a tenant.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// timeToFinish is how long requests in progress may take when the program ends.
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

// usualAddress is where the program listens by default, unless the port is in use.
const usualAddress = "127.0.0.1:8480"

// run serves until the context ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	tenant, example, err := populated(o)
	if err != nil {
		return err
	}
	client, err := tenant.CreateOAuthClient(simulator.OAuthOptions{})
	if err != nil {
		return err
	}
	if o.envFile != "" {
		if err := checkEnvFile(ctx, o.envFile); err != nil {
			return err
		}
	}
	server, err := listen(tenant, o.listen)
	if err != nil {
		return err
	}
	defer server.Close()

	key, err := tenant.CreateAPIKey(server.AdminAPIURL())
	if err != nil {
		return err
	}
	if o.keyFile != "" {
		remove, err := writeSecret(o.keyFile, key)
		if err != nil {
			return fmt.Errorf("-key-file: %w", err)
		}
		defer remove()
	}
	text := welcomeText{
		URL:         server.URL(),
		AdminAPIURL: server.AdminAPIURL(),
		IssuerURL:   server.IssuerURL(),
		Client:      client,
		Key:         key,
		KeyFile:     o.keyFile,
		EnvFile:     o.envFile,
		CLIConfig:   o.cliConfig,
		Users:       example,
		Others:      len(tenant.Users()) - len(example),
	}
	show := func() error { return welcome(stdout, text) }
	if o.try != "" {
		plan, err := newFirstPlan(o.try, o.terraform, tenant.Users())
		if err != nil {
			return fmt.Errorf("-try: %w", err)
		}
		text.Programs = plan.programs
		show = func() error { return plan.show(stdout, server.URL()) }
	}
	if o.envFile != "" {
		exports, err := text.exports()
		if err != nil {
			return err
		}
		remove, err := writeSecret(o.envFile, envFile(exports))
		if err != nil {
			return fmt.Errorf("the file of exports: %w", err)
		}
		defer remove()
	}
	if err := show(); err != nil {
		return err
	}
	<-ctx.Done()
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeToFinish)
	defer cancel()
	return server.Shutdown(finish)
}

// populated returns a tenant with the example's users and others.
func populated(o options) (tenant *simulator.Tenant, example []simulator.User, err error) {
	tenant = simulator.NewTenant()
	simulator.SeedExample(tenant)
	simulator.SeedKnownByUsername(tenant)
	example = tenant.Users()
	if o.users != 0 && o.users < len(example) {
		return nil, nil, fmt.Errorf("-users %d is too few: the example alone has %d", o.users, len(example))
	}
	if o.sources < 1 {
		return nil, nil, fmt.Errorf("-sources %d is too few: a user has an identity source", o.sources)
	}
	simulator.SeedUsersOf(tenant, max(o.users-len(example), 0), o.sources)
	if o.review != "" {
		if err := addUsersOf(tenant, o.review); err != nil {
			return nil, nil, err
		}
	}
	return tenant, example, setTemperaments(tenant, o.answers)
}

// windowsAddressInUse is WSAEADDRINUSE, which Windows returns in place of EADDRINUSE.
const windowsAddressInUse = syscall.Errno(10048)

// listen serves a tenant at an address. Without an address, it uses the usual one, or a
// free port if that is in use.
func listen(tenant *simulator.Tenant, address string) (*simulator.Server, error) {
	if address == "" {
		if server, err := simulator.StartAt(tenant, usualAddress); err == nil {
			return server, nil
		}
		return simulator.Start(tenant)
	}
	server, err := simulator.StartAt(tenant, address)
	if errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, windowsAddressInUse) {
		return nil, fmt.Errorf("%s is already in use; without -listen, a free port is used", address)
	}
	return server, err
}

func setTemperaments(tenant *simulator.Tenant, answers map[string]string) error {
	for name, answer := range answers {
		if err := tenant.SetTemperament(name, answer); err != nil {
			return fmt.Errorf("-%s %q: %w", name, answer, err)
		}
	}
	return nil
}
