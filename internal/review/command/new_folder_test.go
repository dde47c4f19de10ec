// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func removeReview(w *world) error { return os.RemoveAll(w.path("")) }

// Nothing is overwritten, and the tenant is read only when that is certain.
func TestRosterKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	for name, says := range map[string]string{
		"roster.csv":         `roster.csv" already exists, and nothing is overwritten: pass a new folder with -out. There is no roster.json beside it`,
		"roster.json":        `roster.json" already exists, and nothing is overwritten: pass a new folder with -out` + "\n",
		"decisions/Mine.CSV": `Mine.CSV" already exists`,
		"decisions":          "the folder of -out cannot be used",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.write("2026-Q4/"+name, "mine\n")
			o := w.roster()
			o.says(says)
			if diff := cmp.Diff(map[string]string{name: "mine\n"}, o.files); diff != "" || o.code != exitUsage || len(w.tenant.Requests()) > 0 {
				t.Errorf("exit code %d, %d requests, files (-want +got):\n%s", o.code, len(w.tenant.Requests()), diff)
			}
		})
	}
	t.Run("a title and a configuration are not a review", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.write("2026-Q4/review.json", `{"title": "Mine"}`)
		w.write("2026-Q4/main.tf", "# mine\n")
		o := w.roster()
		o.done()
		if o.files[titleName] != `{"title": "Mine"}` || o.files["main.tf"] != "# mine\n" {
			t.Errorf("they were changed: %v", o.files)
		}
	})
}

func TestRosterOfAFolderThatCannotBeMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	file := w.write("a-file", "")
	for out, says := range map[string]string{file: "the folder of -out cannot be used", filepath.Join(file, "below"): "the folder of -out cannot be used"} {
		o := w.roster("-out", out)
		o.failed(exitUsage, says)
	}
	if len(w.tenant.Requests()) > 0 {
		t.Error("a request was sent")
	}
}

var threeFiles = []newFile{{name: "decisions/a.csv", text: "a"}, {name: rosterName, text: "r"}, {name: manifestName, text: "m"}}

func TestFolderGetsAllFilesOrNone(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		meanwhile func(t *testing.T, path string, interrupt func())
		left      map[string]string
		says      string
	}{
		"nothing in between": {left: map[string]string{"decisions/a.csv": "a", rosterName: "r", manifestName: "m"}},
		"interrupted": {
			meanwhile: func(_ *testing.T, _ string, interrupt func()) { interrupt() },
			left:      map[string]string{}, says: errInterrupted.Error(),
		},
		"another run was faster": {
			meanwhile: func(t *testing.T, path string, _ func()) {
				must(t, os.WriteFile(filepath.Join(path, manifestName), []byte("other"), 0o600))
			},
			left: map[string]string{manifestName: "other"}, says: "already exists",
		},
		"the folder is gone": {
			meanwhile: func(t *testing.T, path string, _ func()) { must(t, os.RemoveAll(path)) },
			left:      map[string]string{}, says: "a file cannot be written",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &world{t: t, folder: t.TempDir()}
			folder, err := openFolder(w.path(""))
			must(t, err)
			ctx, interrupt := context.WithCancel(t.Context())
			defer interrupt()
			if tc.meanwhile != nil {
				tc.meanwhile(t, w.path(""), interrupt)
			}
			err = folder.write(ctx, threeFiles)
			folder.abandon()
			if (err != nil) != (tc.says != "") || err != nil && !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v", err)
			}
			if diff := cmp.Diff(tc.left, w.files()); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if _, err := os.Stat(w.path("")); len(tc.left) == 0 && err == nil {
				t.Error("an empty folder is left")
			}
		})
	}
}
