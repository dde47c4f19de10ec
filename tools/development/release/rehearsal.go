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
	"runtime"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
)

// rehearse does all of a release that needs neither GitHub nor the signing key: it builds
// the last commit twice, signs with a key of its own, checks, and installs from a private
// registry and a mirror.
func rehearse(ctx context.Context, targets string, out io.Writer) (err error) {
	terraform, err := rehearsal.Terraform()
	if err != nil {
		return err
	}
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	config, err := readConfig()
	if err != nil {
		return err
	}
	if err := config.platforms().missing(); err != nil {
		return err
	}
	here := runtime.GOOS + "_" + runtime.GOARCH
	some, err := chosen(config.platforms(), targets, here)
	if err != nil {
		return err
	}
	folder, err := inTemporary()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()

	keys, err := newKeyring(filepath.Join(folder, "gpg"))
	if err != nil {
		return err
	}
	defer keys.close(ctx)
	keyFile := filepath.Join(folder, "key.asc")
	key, err := keys.generate(ctx, keyFile)
	if err != nil {
		return err
	}

	first, err := clone(ctx, root, filepath.Join(folder, "first"))
	if err != nil {
		return err
	}
	if changed, err := checkout(root).git(ctx, "status", "--porcelain"); err != nil {
		return err
	} else if changed != "" {
		say(out, "the last commit is rehearsed, without what has changed since:\n%s", strings.TrimRight(changed, "\n"))
	}
	version, err := first.tag(ctx)
	if err != nil {
		return err
	}
	say(out, "building %s for %d platforms", version, len(some[providerBuild]))
	dist, err := first.build(ctx, keys, fingerprint(key), version, some)
	if err != nil {
		return err
	}
	a, err := first.collect(dist, version, filepath.Join(folder, "assets"))
	if err != nil {
		return err
	}
	if err := check(a.folder, version, some, key); err != nil {
		return err
	}
	say(out, "names, checksums, manifest, signature, bill of materials and simulator are as they have to be")
	if err := verifiedByUser(ctx, a, keyFile, filepath.Join(folder, "user")); err != nil {
		return err
	}
	say(out, "gpg --verify confirms the signature with the public key alone")

	// Elsewhere, under another umask, and for this platform alone: the others go through
	// the same steps.
	second, err := clone(ctx, string(first), filepath.Join(folder, "elsewhere", "second"))
	if err != nil {
		return err
	}
	for _, name := range []string{"LICENSE", "README.md", "CHANGELOG.md"} {
		if err := os.Chmod(filepath.Join(string(second), name), 0o600); err != nil {
			return err
		}
	}
	if dist, err = second.build(ctx, keys, fingerprint(key), version, some.only([]string{here})); err != nil {
		return err
	}
	if err := same(dist, a); err != nil {
		return err
	}
	say(out, "a second build in another folder, with other permissions of its files, gives the same bytes")
	kept := filepath.Join(root, "dist")
	if err := os.RemoveAll(kept); err != nil {
		return err
	}
	if err := install(ctx, a, here, key, terraform, filepath.Join(kept, "registry"), filepath.Join(folder, "customer"), out); err != nil {
		return err
	}
	say(out, "the files of the release are in dist/registry/files, the public key in dist/signing-key.asc")
	return copyFile(keyFile, filepath.Join(kept, "signing-key.asc"))
}

// chosen returns the platforms to rehearse. This machine's is among them, since the
// release is installed on it.
func chosen(all platforms, targets, here string) (platforms, error) {
	if targets == "all" {
		return all, nil
	}
	asked := []string{here}
	if targets != "" {
		asked = append(asked, strings.Split(targets, ",")...)
	}
	some := all.only(asked)
	for _, platform := range asked {
		if len(all.only([]string{platform})[providerBuild]) == 0 {
			return nil, fmt.Errorf("%s does not build the provider for %s", configFile, platform)
		}
	}
	return some, nil
}

// verifiedByUser does what the installation guide says.
func verifiedByUser(ctx context.Context, a assets, keyFile, folder string) error {
	user, err := newKeyring(folder)
	if err != nil {
		return err
	}
	defer user.close(ctx)
	return user.verifies(ctx, keyFile, filepath.Join(a.folder, a.of("SHA256SUMS.sig")), filepath.Join(a.folder, a.of("SHA256SUMS")))
}

// same compares what another build has made with the files of a release.
func same(dist string, a assets) error {
	compared := 0
	for _, pattern := range []string{"*.zip", "*.tar.gz", "*.cdx.json"} {
		built, err := filepath.Glob(filepath.Join(dist, pattern))
		if err != nil {
			return err
		}
		for _, file := range built {
			again, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			before, err := a.read(filepath.Base(file))
			if err != nil {
				return err
			}
			if !bytes.Equal(again, before) {
				return fmt.Errorf("two builds of one commit differ in %s", filepath.Base(file))
			}
			compared++
		}
	}
	if compared == 0 {
		return errors.New("the second build has made nothing")
	}
	return nil
}
