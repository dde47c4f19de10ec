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
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}

	tenant := simulator.NewTenant()
	simulator.SeedExample(tenant)
	client, err := tenant.CreateOAuthClient(simulator.OAuthOptions{})
	if err != nil {
		return err
	}
	server, err := simulator.StartAt(tenant, *listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken by another program; choose another port, or a free one with -listen 127.0.0.1:0", *listen)
	}
	if err != nil {
		return err
	}
	defer server.Close()

	err = welcome(stdout, welcomeText{
		URL:         server.URL(),
		AdminAPIURL: server.AdminAPIURL(),
		IssuerURL:   server.IssuerURL(),
		Client:      client,
		Users:       tenant.Users(),
	})
	if err != nil {
		return err
	}
	<-ctx.Done()
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeToFinish)
	defer cancel()
	return server.Shutdown(finish)
}
