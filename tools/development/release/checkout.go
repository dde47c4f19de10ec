// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/mirror"
	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
)

// checkout is a clone in which a release is built, so that the rehearsal leaves no tag.
type checkout string

// clone clones the last commit of a checkout into a new folder.
func clone(ctx context.Context, from, folder string) (checkout, error) {
	c := checkout(folder)
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return c, err
	}
	if _, err := c.git(ctx, "clone", "--quiet", from, "."); err != nil {
		return c, err
	}
	// From it goreleaser knows where a release would go.
	_, err := c.git(ctx, "remote", "set-url", "origin", "https://github.com/idplus-community/terraform-provider-idplus.git")
	return c, err
}

// tag makes the last commit a release, with the version in the changelog as a maintainer
// would write it, and returns the version.
func (c checkout) tag(ctx context.Context) (version string, err error) {
	file := filepath.Join(string(c), "CHANGELOG.md")
	changelog, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	heading, _, err := topHeading(string(changelog))
	if err != nil {
		return "", err
	}
	version, _, _ = strings.Cut(heading, " ")
	if heading == unreleased {
		version = mirror.Version
		dated := fmt.Sprintf("## %s (%s)\n", version, time.Now().Format(dateLayout))
		released := strings.Replace(string(changelog), "## "+unreleased+"\n", dated, 1)
		if err := os.WriteFile(file, []byte(released), 0o600); err != nil {
			return "", err
		}
		if _, err := c.git(ctx, "commit", "--quiet", "--all", "--no-verify", "--message", version); err != nil {
			return "", err
		}
	}
	_, err = c.git(ctx, "tag", "--force", "--annotate", "--message", "v"+version, "v"+version)
	return version, err
}

func (c checkout) git(ctx context.Context, arguments ...string) (string, error) {
	return c.run(ctx, nil, "git", arguments...)
}

// build runs goreleaser as the workflow does, up to what leaves this machine, and returns
// the folder with its files. It takes the targets of some platforms alone.
func (c checkout) build(ctx context.Context, k keyring, fingerprint, version string, some platforms) (dist string, err error) {
	text, err := os.ReadFile(filepath.Join(string(c), configFile))
	if err != nil {
		return "", err
	}
	changelog, err := os.ReadFile(filepath.Join(string(c), "CHANGELOG.md"))
	if err != nil {
		return "", err
	}
	said, err := notes(string(changelog), version)
	if err != nil {
		return "", err
	}
	if text, err = narrowed(text, some); err != nil {
		return "", err
	}
	// Beside the clone, which has to be clean.
	config, news := string(c)+".yml", string(c)+".md"
	if err := errors.Join(os.WriteFile(config, text, 0o600), os.WriteFile(news, []byte(said), 0o600)); err != nil {
		return "", err
	}
	_, err = c.run(ctx, []string{k.environ(), "GPG_FINGERPRINT=" + fingerprint},
		"go", "tool", "-modfile=tools/release/go.mod", "goreleaser", "release", "--clean",
		"--skip=publish,announce", "--release-notes="+news, "--config="+config)
	return filepath.Join(string(c), "dist"), err
}

func (c checkout) run(ctx context.Context, environ []string, program string, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, program, arguments...) //nolint:gosec // Fixed commands.
	command.Dir = string(c)
	command.Env = append(append(rehearsal.Environ(), rehearsal.Git()...), environ...)
	output, err := command.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", program, strings.Join(arguments, " "), err, output)
	}
	return string(output), nil
}

// collect copies what goreleaser would upload into a folder, under the names that users
// download.
func (c checkout) collect(dist, version, folder string) (assets, error) {
	a := assets{folder, version}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return a, err
	}
	from := map[string]string{a.of("manifest.json"): filepath.Join(string(c), "terraform-registry-manifest.json")}
	for _, pattern := range []string{"*.zip", "*.tar.gz", "*_SHA256SUMS", "*.sig", "*.cdx.json"} {
		found, err := filepath.Glob(filepath.Join(dist, pattern))
		if err != nil {
			return a, err
		}
		for _, file := range found {
			from[filepath.Base(file)] = file
		}
	}
	for name, file := range from {
		if err := copyFile(file, filepath.Join(folder, name)); err != nil {
			return a, err
		}
	}
	return a, nil
}

func copyFile(from, to string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := os.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	_, err = io.Copy(target, source)
	return err
}
