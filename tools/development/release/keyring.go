// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
)

// keyring is a folder of gpg, with a key for this rehearsal alone or with none.
type keyring string

func newKeyring(folder string) (keyring, error) {
	return keyring(folder), os.MkdirAll(folder, 0o700)
}

// generate makes a key as CONTRIBUTING.md says, but without a passphrase, and writes its
// public half to a file.
func (k keyring) generate(ctx context.Context, file string) (openpgp.EntityList, error) {
	const name = "Rehearsal <release@example.com>"
	if err := k.gpg(ctx, "--passphrase", "", "--quick-generate-key", name, "rsa3072", "sign", "never"); err != nil {
		return nil, err
	}
	if err := k.gpg(ctx, "--armor", "--output", file, "--export", name); err != nil {
		return nil, err
	}
	return readKey(file)
}

// verifies checks a signature as users do it, with nothing but the public key.
func (k keyring) verifies(ctx context.Context, key, signature, signed string) error {
	if err := k.gpg(ctx, "--import", key); err != nil {
		return err
	}
	return k.gpg(ctx, "--verify", signature, signed)
}

func (k keyring) gpg(ctx context.Context, arguments ...string) error {
	command := exec.CommandContext(ctx, "gpg", append([]string{"--batch"}, arguments...)...) //nolint:gosec // Fixed commands.
	command.Env = append(rehearsal.Environ(), k.environ())
	output, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("gpg %s: %w\n%s", strings.Join(arguments, " "), err, output)
	}
	return nil
}

func (k keyring) environ() string { return "GNUPGHOME=" + string(k) }

// close ends the agent that gpg has started.
func (k keyring) close(ctx context.Context) {
	_ = exec.CommandContext(context.WithoutCancel(ctx), "gpgconf", "--homedir", string(k), "--kill", "all").Run() //nolint:gosec // Its own folder.
}

// armour returns the public half of a key as text.
func armour(key openpgp.EntityList) (string, error) {
	var text bytes.Buffer
	w, err := armor.Encode(&text, openpgp.PublicKeyType, nil)
	if err != nil {
		return "", err
	}
	if err := key[0].Serialize(w); err != nil {
		return "", err
	}
	// Closing writes the last line.
	if err := w.Close(); err != nil {
		return "", err
	}
	return text.String(), nil
}

// inTemporary makes a folder for a rehearsal. Its name is short, since an agent of gpg
// listens in it, and what it has to listen at may have 108 bytes.
func inTemporary() (string, error) {
	folder, err := os.MkdirTemp("", "idplus-")
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(folder)
}
