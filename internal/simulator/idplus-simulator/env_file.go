// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"regexp"
	"strings"
)

// envFileBegin begins each file of exports. It unsets all other variables of the provider,
// perhaps for a real tenant, because a second way to sign in would be an error.
const envFileBegin = `# Written by idplus-simulator, which removes it when it ends. For bash, zsh and sh.
for variable in $(env | sed -n 's/^\(IDPLUS_[A-Z_]*\)=.*/\1/p'); do unset "$variable"; done
`

var envFileTenant = regexp.MustCompile(`(?m)^export IDPLUS_ADMIN_API_URL='?https?://([^/']+)`)

// checkEnvFile removes the file that a killed simulator has left. A file of a simulator
// that still runs, or that no simulator wrote, is an error.
func checkEnvFile(ctx context.Context, path string) error {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	tenant := envFileTenant.FindSubmatch(content)
	if !bytes.HasPrefix(content, []byte(envFileBegin)) || tenant == nil {
		return fmt.Errorf("%s was not written by this program; name another file, or remove this one", path)
	}
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", string(tenant[1]))
	if err == nil {
		_ = connection.Close()
		return fmt.Errorf("%s leads to http://%s, where a simulator is running: end that one first, or remove the file", path, tenant[1])
	}
	return os.Remove(path)
}

// envFile returns the content of a file for a shell.
func envFile(exports []string) []byte {
	return []byte(envFileBegin + strings.Join(exports, "\n") + "\n")
}

// writeSecret writes a secret to a file that must be new, so that it replaces no other
// file. remove deletes it, because it is useless once the simulator has ended.
func writeSecret(path string, secret []byte) (remove func(), err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	remove = func() { _ = os.Remove(path) } // the user may have moved it
	_, err = file.Write(secret)
	if err = errors.Join(err, file.Close()); err != nil {
		remove()
		return nil, err
	}
	return remove, nil
}

// quoted returns a text as a word that a shell does not change.
func quoted(word string) string {
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
