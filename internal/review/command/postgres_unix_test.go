// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package command_test

import (
	"context"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
)

// postgres starts a PostgreSQL of its own on loopback, and skips where there is none.
func postgres(t *testing.T) backend {
	t.Helper()
	programs, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(programs) == 0 {
		t.Skip("there is no PostgreSQL in /usr/lib/postgresql, Debian's place for it")
	}
	bin := filepath.Dir(slices.Max(programs))
	dir, err := os.MkdirTemp("", "idplus-postgres-") //nolint:usetesting // A test's own folder is closed to the server's account.
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	// The server refuses to run as root.
	var as *syscall.SysProcAttr
	if os.Geteuid() == 0 {
		account, err := user.Lookup("postgres")
		if err != nil {
			t.Skip("PostgreSQL does not run as root, and there is no user postgres")
		}
		uid, err := strconv.ParseUint(account.Uid, 10, 32)
		must(t, err)
		gid, err := strconv.ParseUint(account.Gid, 10, 32)
		must(t, err)
		must(t, os.Chown(dir, int(uid), int(gid)))
		as = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	data, port := filepath.Join(dir, "data"), freePort(t)
	ctx := context.WithoutCancel(t.Context()) // The server is stopped by a command.
	start := func(name string, arguments ...string) *exec.Cmd {
		command := exec.CommandContext(ctx, filepath.Join(bin, name), arguments...)
		command.Dir, command.SysProcAttr = dir, as
		return command
	}
	if output, err := start("initdb", "-D", data, "-U", "review", "--auth=trust", "--no-sync").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, output)
	}
	// pg_ctl waits until the server takes connections.
	if output, err := start("pg_ctl", "-D", data, "-l", filepath.Join(dir, "log"), "-w", "-t", "60",
		"-o", "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -p "+port, "start").CombinedOutput(); err != nil {
		t.Fatalf("pg_ctl start: %v\n%s", err, output)
	}
	t.Cleanup(func() {
		if output, err := start("pg_ctl", "-D", data, "-m", "immediate", "stop").CombinedOutput(); err != nil {
			t.Errorf("pg_ctl stop: %v\n%s", err, output)
		}
	})
	return backend{"pg.tf", []string{"PG_CONN_STR=postgres://review@127.0.0.1:" + port + "/postgres?sslmode=disable"}}
}

// freePort returns a port that nothing listens on.
func freePort(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	defer func() { _ = listener.Close() }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	must(t, err)
	return port
}
