// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// The file has a key: it is private to its owner, and is deleted in the end.
func TestFileOfExports(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "env")
	p := start(t, "-env", path)
	about, err := os.Stat(path)
	must(t, err)
	if mode := about.Mode().Perm(); mode != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("others may read the key: %o", mode)
	}
	content, err := os.ReadFile(path)
	must(t, err)
	if want := "\nexport IDPLUS_ADMIN_API_URL=" + p.url + "/AdminInterface/restapi\n"; !strings.Contains(string(content), want) {
		t.Errorf("%q is missing from %s", want, content)
	}

	// While the program runs, another one must not lead its shells elsewhere.
	err = run(t.Context(), []string{"-listen", "127.0.0.1:0", "-env", path}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "leads to "+p.url+", where a simulator is running") {
		t.Errorf("with one that runs: %v", err)
	}
	p.end()
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file was not deleted: %v", err)
	}

	// A killed program leaves its file, which does not block the next one.
	must(t, os.WriteFile(path, content, 0o600))
	start(t, "-env", path).end()
}

func TestOtherFilesAreNotTakenForExports(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"another file":           "export PATH=/bin\n",
		"exports of a tenant":    "export IDPLUS_ADMIN_API_URL=https://127.0.0.1:1/AdminInterface/restapi\n",
		"exports without tenant": envFileBegin,
		"an empty file":          "",
	} {
		path := filepath.Join(t.TempDir(), "env")
		must(t, os.WriteFile(path, []byte(content), 0o600))
		err := run(t.Context(), []string{"-listen", "127.0.0.1:0", "-env", path}, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "was not written by this program") {
			t.Errorf("%s: %v", name, err)
		}
		if kept, err := os.ReadFile(path); err != nil || string(kept) != content {
			t.Errorf("%s is lost: %q, %v", name, kept, err)
		}
	}
}
