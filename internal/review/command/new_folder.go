// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// newFile is a file that is written once.
type newFile struct {
	// name is below the folder, with slashes.
	name, text string
	// mayBeThere reports whether an existing file is kept, and is no error.
	mayBeThere bool
}

// newFolder is the folder of a new review. It gets all files of the review, or none.
type newFolder struct {
	path string
	// made are the folders that were made for it, the outermost first.
	made []string
}

// openFolder makes the folder of a new review, unless a review is in it already.
func openFolder(path string) (*newFolder, error) {
	f := &newFolder{path: path}
	if err := f.checkEmpty(); err != nil {
		return nil, err
	}
	for _, folder := range []string{path, filepath.Join(path, sheetsName)} {
		if err := f.make(folder); err != nil {
			f.abandon()
			return nil, fmt.Errorf("the folder of -out cannot be made: %w", err)
		}
		// Find out whether files can be written before the tenant is read.
		probe, err := writeTemporary(folder, "")
		if err != nil {
			f.abandon()
			return nil, fmt.Errorf("no file can be written in the folder of -out: %w", err)
		}
		_ = os.Remove(probe)
	}
	return f, nil
}

// checkEmpty refuses a folder with files of a review: nothing is overwritten, and an old
// worksheet of another roster would be taken for one of this.
func (f *newFolder) checkEmpty() error {
	for _, name := range []string{rosterName, manifestName} {
		if _, err := os.Lstat(filepath.Join(f.path, name)); !errors.Is(err, fs.ErrNotExist) {
			return f.taken(name, err)
		}
	}
	entries, err := os.ReadDir(filepath.Join(f.path, sheetsName))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the folder of -out cannot be used: %w", err)
	}
	for _, entry := range entries {
		if strings.EqualFold(filepath.Ext(entry.Name()), ".csv") {
			return f.taken(sheetsName+"/"+entry.Name(), nil)
		}
	}
	return nil
}

// taken returns err, or else an error about a file that already exists.
func (f *newFolder) taken(name string, err error) error {
	if err != nil {
		return fmt.Errorf("the folder of -out cannot be used: %w", err)
	}
	advice := "pass a new folder with -out"
	if _, err := os.Lstat(filepath.Join(f.path, manifestName)); errors.Is(err, fs.ErrNotExist) {
		advice = fmt.Sprintf("pass a new folder with -out. There is no %s beside it: if an interrupted run left it, delete it", manifestName)
	}
	return fmt.Errorf("%q already exists, and nothing is overwritten: %s", filepath.Join(f.path, filepath.FromSlash(name)), advice)
}

// make makes a folder and its parents.
func (f *newFolder) make(path string) error {
	if info, err := os.Stat(path); err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%q is a file", path)
		}
		return nil
	}
	if parent := filepath.Dir(path); parent != path {
		if err := f.make(parent); err != nil {
			return err
		}
	}
	// Only its owner may look inside: the files contain personal data.
	err := os.Mkdir(path, 0o700)
	if err == nil {
		f.made = append(f.made, path)
	}
	return err
}

// abandon removes the folders that were made, if they are empty.
func (f *newFolder) abandon() {
	for i := len(f.made) - 1; i >= 0; i-- {
		_ = os.Remove(f.made[i])
	}
}

// write writes all files, or none: each under another name first. The files that mark the
// review as complete come last.
func (f *newFolder) write(ctx context.Context, files []newFile) (err error) {
	temporary := make([]string, len(files))
	var done []string
	defer func() {
		for _, name := range temporary {
			if name != "" {
				_ = os.Remove(name)
			}
		}
		if err != nil {
			for _, name := range done {
				_ = os.Remove(name)
			}
		}
	}()
	for i, file := range files {
		if ctx.Err() != nil {
			return errInterrupted
		}
		path := filepath.Join(f.path, filepath.FromSlash(file.name))
		if temporary[i], err = writeTemporary(filepath.Dir(path), file.text); err != nil {
			return fmt.Errorf("a file cannot be written: %w. %s", err, noFile)
		}
	}
	for i, file := range files {
		path := filepath.Join(f.path, filepath.FromSlash(file.name))
		switch _, err := os.Lstat(path); {
		case err == nil && file.mayBeThere:
			continue
		case !errors.Is(err, fs.ErrNotExist):
			return f.taken(file.name, err) // Since the folder was opened.
		}
		if err := os.Rename(temporary[i], path); err != nil {
			return fmt.Errorf("a file cannot be written: %w. %s", err, noFile)
		}
		temporary[i] = ""
		done = append(done, path)
	}
	return nil
}

// writeTemporary writes a file that only its owner may read, under a unique name, and
// returns the name.
func writeTemporary(folder, text string) (name string, err error) {
	file, err := os.CreateTemp(folder, ".idplus-*.tmp")
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Close()); err != nil {
		_ = os.Remove(file.Name())
		return "", err
	}
	return file.Name(), nil
}
