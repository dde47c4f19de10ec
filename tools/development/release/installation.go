// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
)

// flip changes the last byte but one of a file: in the checksums a letter of the last name.
func flip(text []byte) []byte {
	text[len(text)-2] ^= 1
	return text
}

// armoured is a signature in the form that the Registry does not take.
func armoured(signature []byte) []byte {
	var text bytes.Buffer
	w, err := armor.Encode(&text, "PGP SIGNATURE", nil)
	if err == nil {
		_, err = w.Write(signature)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		panic(err) // Nothing can fail in memory.
	}
	return text.Bytes()
}

// refusals are changes to published files that Terraform has to refuse to install.
func refusals(a assets, platform string) []struct {
	what, file string
	by         func([]byte) []byte
	says       string
} {
	return []struct {
		what, file string
		by         func([]byte) []byte
		says       string
	}{
		{"one byte of SHA256SUMS changed", a.of("SHA256SUMS"), flip, "signature"},
		{"one byte of the archive changed", a.of(platform + ".zip"), flip, "checksum"},
		{"the signature armoured", a.of("SHA256SUMS.sig"), armoured, "signature"},
	}
}

// install installs a release from a private registry, whose files it leaves in a folder, and
// then from a mirror of it. It expects that changed files are refused.
func install(ctx context.Context, a assets, platform string, key openpgp.EntityList, terraform, published, folder string, out io.Writer) error {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	authority := filepath.Join(folder, "ca.pem")
	certificate, err := newAuthority(authority)
	if err != nil {
		return err
	}
	r, err := serve(ctx, published, certificate)
	if err != nil {
		return err
	}
	defer r.close()
	if err := r.publish(a, []string{platform}, key); err != nil {
		return err
	}

	c := &customer{terraform: terraform, folder: folder, authority: authority}
	installed, err := c.workspace(r.source(), a.version, direct)
	if err != nil {
		return err
	}
	output, err := installed.run(ctx, "init", "-input=false")
	if err != nil || !strings.Contains(output, "key ID "+key[0].PrimaryKey.KeyIdString()) {
		return fmt.Errorf("init from the registry does not confirm the signature: %w\n%s", err, output)
	}
	say(out, "terraform init installs it from a private registry over TLS, and confirms the signature")

	for _, refused := range refusals(a, platform) {
		if err := refuses(ctx, c, r, a.version, refused.file, refused.by, refused.says); err != nil {
			return fmt.Errorf("%s: %w", refused.what, err)
		}
		say(out, "terraform init refuses it with %s", refused.what)
	}

	mirror := filepath.Join(folder, "mirror")
	if output, err := installed.run(ctx, "providers", "mirror", "-platform="+platform, mirror); err != nil {
		return fmt.Errorf("terraform providers mirror: %w\n%s", err, output)
	}
	r.close()
	offline, err := c.workspace(r.source(), a.version, mirrored(mirror))
	if err != nil {
		return err
	}
	if output, err := offline.run(ctx, "init", "-input=false"); err != nil {
		return fmt.Errorf("init from the mirror: %w\n%s", err, output)
	}
	say(out, "terraform init installs it from a mirror, without the registry")
	return starts(ctx, offline, out)
}

// refuses changes a file, and expects that init fails and says why.
func refuses(ctx context.Context, c *customer, r *registry, version, file string, by func([]byte) []byte, says string) (err error) {
	undo, err := r.change(file, by)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, undo()) }()
	w, err := c.workspace(r.source(), version, direct)
	if err != nil {
		return err
	}
	output, err := w.run(ctx, "init", "-input=false")
	if err == nil {
		return errors.New("init installs it all the same:\n" + output)
	}
	if !strings.Contains(output, says) {
		return fmt.Errorf("init fails, and does not speak of the %s:\n%s", says, output)
	}
	return nil
}

// starts calls a function of the installed provider.
func starts(ctx context.Context, w *workspace, out io.Writer) error {
	output, err := w.run(ctx, "apply", "-auto-approve", "-input=false")
	if err != nil || !strings.Contains(output, `"ada@example.com" = "Enabled"`) {
		return fmt.Errorf("the installed provider does not do its work: %w\n%s", err, output)
	}
	say(out, "the installed provider does its work")
	return nil
}

// say prints a line of the report.
func say(out io.Writer, format string, values ...any) {
	_, _ = fmt.Fprintf(out, "release-check: "+format+"\n", values...)
}
