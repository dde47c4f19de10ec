// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
)

// largestFile is much larger than any key.
const largestFile = 64 << 10

// readFile returns the content of the file that a setting names.
func (r *reader) readFile(named setting) setting {
	if !named.isSet() {
		return named
	}
	content := setting{source: named.source, at: named.at, fromEnvironment: named.fromEnvironment, inFile: true, isReported: true}
	if name := shown(named.value, ""); name != "" && looksLikePath(named.value) {
		content.source = fmt.Sprintf("%s (%s)", named.source, strings.Trim(name, `"`))
	}
	text, err := fileContent(named.value)
	if err != nil {
		r.problem(named, "%s", err)
		return content
	}
	content.value = text
	if problem := misplaced(setting{at: contentOf(named.at), fromEnvironment: named.fromEnvironment, inFile: true}, text); problem != "" {
		r.problem(content, "%s", problem)
		content.value = ""
	}
	return content
}

// fileContent reads a file that contains a key. Errors name the cause, and the path only if
// it cannot be a key.
func fileContent(name string) (string, error) {
	switch {
	case strings.HasPrefix(strings.ToLower(name), "file:"):
		return "", errors.New("it is a URL: use the path of the file alone, without file://")
	case strings.Contains(name, "://"):
		return "", errors.New("it is a URL, not the path of a file")
	}
	called := "of that name (it may be a secret, so it is not repeated)"
	if _, err := os.Lstat(name); err == nil || looksLikePath(name) {
		called = shown(name, called)
	}
	file := "file " + called
	path, err := expandHome(name)
	if err != nil {
		return "", err
	}
	text, err := readSmall(path)
	var odd *oddFileError
	var pathError *fs.PathError
	switch {
	case errors.As(err, &odd):
		return "", fmt.Errorf("the %s cannot be read: it %s", file, odd.what)
	case errors.Is(err, fs.ErrNotExist):
		if target, _ := os.Lstat(path); target != nil {
			return "", fmt.Errorf("the %s is a link to a file that is not there", file)
		}
		return "", fmt.Errorf("there is no %s%s", file, hint(name))
	case errors.Is(err, fs.ErrPermission):
		return "", fmt.Errorf("the %s cannot be read: its permissions, or those of its folder, do not let this user read it", file)
	case errors.As(err, &pathError):
		return "", fmt.Errorf("the %s cannot be read: %w", file, pathError.Err)
	case err != nil:
		return "", fmt.Errorf("the %s cannot be read", file)
	case strings.TrimFunc(string(text), isNothing) == "":
		return "", fmt.Errorf("the %s is empty", file)
	}
	return string(text), nil
}

// looksLikePath reports whether a name without a file looks like a path: it may be a
// password in the wrong place.
func looksLikePath(name string) bool {
	return strings.ContainsAny(name, `/\`) || filepath.Ext(name) != ""
}

// isNothing reports whether a character is white space or the mark of an encoding, which
// for UTF-16 is not a valid character.
func isNothing(r rune) bool {
	return unicode.IsSpace(r) || address.IsInvisible(r) || r == utf8.RuneError
}

// hint returns why an existing file may not be found.
func hint(name string) string {
	switch {
	case strings.ContainsAny(name, "$%"):
		return " (variables in a path are not expanded)"
	case strings.HasPrefix(name, "~/"):
		return " (~ is the home directory of the user that Terraform runs as)"
	case !filepath.IsAbs(name):
		return " (a relative path starts at the working directory)"
	}
	return ""
}

// expandHome expands ~/ as a shell does, since in a variable nothing else has.
func expandHome(name string) (string, error) {
	rest, isHome := strings.CutPrefix(name, "~/")
	switch {
	case isHome:
		folder, err := os.UserHomeDir()
		if err != nil {
			return "", errors.New("it begins with ~/, but the home directory is not known: use the full path")
		}
		return filepath.Join(folder, rest), nil
	case strings.HasPrefix(name, "~") && strings.Contains(name, "/"):
		return "", errors.New("it begins with the home directory of a named user, and only ~/ is expanded: use the full path")
	}
	return name, nil
}

// oddFileError reports a file that cannot contain a key.
type oddFileError struct{ what string }

func (e *oddFileError) Error() string { return e.what }

// readSmall reads a regular file. It checks the kind first, since opening a device may have
// an effect, and again afterwards, since another file may have replaced it. It does not
// wait for a pipe.
func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil {
		err = checkKind(info)
	}
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	if info, err = file.Stat(); err == nil {
		err = checkKind(info)
	}
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, largestFile+1))
	if err == nil && len(text) > largestFile {
		err = tooLarge
	}
	return text, err
}

var tooLarge = &oddFileError{"is larger than 64 KiB, which no key is"}

func checkKind(info fs.FileInfo) error {
	switch mode := info.Mode(); {
	case mode.IsDir():
		return &oddFileError{"is a directory. Use the path of the file in it"}
	case mode&fs.ModeNamedPipe != 0:
		return &oddFileError{"is a pipe. Use the path of a regular file"}
	case mode&fs.ModeSocket != 0:
		return &oddFileError{"is a socket. Use the path of a regular file"}
	case !mode.IsRegular():
		return &oddFileError{"is a device. Use the path of a regular file"}
	case info.Size() > largestFile:
		return tooLarge
	}
	return nil
}
