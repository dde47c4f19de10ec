// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// checkArchive checks that an archive has the program that its name promises.
func (a assets) checkArchive(archive, program, platform string) error {
	if strings.HasPrefix(platform, "windows_") {
		program += ".exe"
	}
	list := inTar
	if strings.HasSuffix(archive, ".zip") {
		list = inZip
	}
	names, err := list(filepath.Join(a.folder, archive))
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is missing", archive)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", archive, err)
	}
	for _, name := range []string{program, "LICENSE"} {
		if !slices.Contains(names, name) {
			return fmt.Errorf("%s has no %s", archive, name)
		}
	}
	return nil
}

func inZip(file string) (names []string, err error) {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = archive.Close() }()
	for _, one := range archive.File {
		names = append(names, one.Name)
	}
	return names, nil
}

func inTar(file string) (names []string, err error) {
	packed, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = packed.Close() }()
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		return nil, err
	}
	for archive := tar.NewReader(unpacked); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return names, nil
		}
		if err != nil {
			return nil, err
		}
		names = append(names, header.Name)
	}
}
