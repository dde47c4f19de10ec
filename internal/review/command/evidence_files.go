// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/review/evidence"
)

// readEvidenceFiles reads all files that a record is made from. Their names in the record
// contain no paths of this machine: those in the folder are relative to it.
func readEvidenceFiles(o evidenceOptions) (evidence.Files, error) {
	var files evidence.Files
	whole, err := filepath.Abs(o.dir)
	if err != nil {
		return files, err
	}
	files.Folder = filepath.Base(whole)
	if info, err := os.Stat(o.dir); err != nil || !info.IsDir() {
		return files, fmt.Errorf("%s is not a folder: -dir names the folder of the review", o.dir)
	}
	for name, file := range map[string]*evidence.File{rosterName: &files.Roster, manifestName: &files.Manifest, titleName: &files.Settings} {
		*file, err = readFile(filepath.Join(o.dir, name), name)
		switch {
		case errors.Is(err, fs.ErrNotExist) && name == titleName:
		case errors.Is(err, fs.ErrNotExist):
			return files, fmt.Errorf("%s is not in %s: review roster makes it", name, o.dir)
		case err != nil:
			return files, err
		}
	}
	if files.Worksheets, err = readWorksheets(o.dir); err != nil {
		return files, err
	}
	for _, given := range []struct {
		path string
		file *evidence.File
	}{
		{o.plan, &files.Plan}, {o.planLog, &files.PlanLog}, {o.approved, &files.Approved},
		{o.applyLog, &files.ApplyLog}, {o.verify, &files.Verify},
	} {
		if given.path == "" {
			continue
		}
		if *given.file, err = readFile(given.path, shownName(given.path)); err != nil {
			return files, err
		}
	}
	return files, nil
}

// readWorksheets reads the worksheets of a folder: those that Terraform reads, by the
// pattern decisions/*.csv.
func readWorksheets(dir string) ([]evidence.File, error) {
	entries, err := os.ReadDir(filepath.Join(dir, sheetsName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var sheets []evidence.File
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".csv") {
			continue
		}
		sheet, err := readFile(filepath.Join(dir, sheetsName, entry.Name()), path.Join(sheetsName, entry.Name()))
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, sheet)
	}
	return sheets, nil
}

func readFile(path, name string) (evidence.File, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return evidence.File{}, err
	}
	return evidence.File{Name: name, Data: data}, nil
}

// shownName returns the name of a file in a record: as given, but with slashes, and without
// the folders of this machine.
func shownName(path string) string {
	if filepath.IsAbs(path) || filepath.VolumeName(path) != "" {
		return filepath.Base(path)
	}
	return filepath.ToSlash(filepath.Clean(path))
}
