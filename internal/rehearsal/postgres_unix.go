// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// postgres is where the programs and the data are, and the account that they run as.
type postgres struct {
	bin, folder string
	account     *syscall.SysProcAttr
}

// StartPostgres starts the PostgreSQL that Debian has installed. The error is
// ErrNoPostgres where none can be started.
func StartPostgres(ctx context.Context) (server *Postgres, err error) {
	programs, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(programs) == 0 {
		return nil, fmt.Errorf("%w: none is in /usr/lib/postgresql, Debian's place for it (apt install postgresql)", ErrNoPostgres)
	}
	p := postgres{bin: filepath.Dir(slices.Max(programs))}
	if p.folder, err = os.MkdirTemp("", "idplus-postgres-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(p.folder))
		}
	}()
	if err := p.leaveRoot(); err != nil {
		return nil, err
	}
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.run(ctx, "initdb", "-U", "review", "--auth=trust", "--no-sync"); err != nil {
		return nil, err
	}
	// pg_ctl waits until the server takes connections.
	if err := p.run(ctx, "pg_ctl", "-l", filepath.Join(p.folder, "log"), "-w", "-t", "60",
		"-o", "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -p "+port, "start"); err != nil {
		return nil, err
	}
	// A command stops the server, also when everything else is interrupted.
	ctx = context.WithoutCancel(ctx)
	return &Postgres{
		URL: "postgres://review@127.0.0.1:" + port + "/postgres?sslmode=disable",
		Stop: func() error {
			return errors.Join(p.run(ctx, "pg_ctl", "-m", "immediate", "stop"), os.RemoveAll(p.folder))
		},
	}, nil
}

// leaveRoot gives the folder to the account that Debian has made for the server, which
// refuses to run as root.
func (p *postgres) leaveRoot() error {
	if os.Geteuid() != 0 {
		return nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return fmt.Errorf("%w: it does not run as root, and there is no user postgres", ErrNoPostgres)
	}
	uid, uidErr := strconv.ParseUint(account.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(account.Gid, 10, 32)
	if err := errors.Join(uidErr, gidErr, os.Chown(p.folder, int(uid), int(gid))); err != nil {
		return err
	}
	p.account = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return nil
}

func (p *postgres) run(ctx context.Context, program string, arguments ...string) error {
	arguments = append([]string{"-D", filepath.Join(p.folder, "data")}, arguments...)
	command := exec.CommandContext(ctx, filepath.Join(p.bin, program), arguments...) //nolint:gosec // One of PostgreSQL's own.
	command.Dir, command.SysProcAttr = p.folder, p.account
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", program, err, output)
	}
	return nil
}

// freePort returns a port that nothing listens on.
func freePort(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, errors.Join(err, listener.Close())
}
