// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// readKeyFile reads a legacy key's file, and fails the test if a pipe makes it wait.
func readKeyFile(t *testing.T, path string) (text string) {
	t.Helper()
	done := make(chan string, 1)
	go func() {
		_, err := fileContent(path)
		if err == nil {
			done <- ""
			return
		}
		done <- err.Error()
	}()
	select {
	case text = <-done:
	case <-time.After(10 * time.Second):
		t.Errorf("%s: the read waits", path)
	}
	return text
}

func TestFileRefusals(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("only Unix has pipes, sockets and links")
	}
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	must(t, exec.CommandContext(t.Context(), "mkfifo", at("pipe")).Run())
	must(t, os.Symlink("pipe", at("link-to-pipe")))
	must(t, os.Symlink("gone", at("dangling")))
	listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", at("socket"))
	must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	huge, err := os.Create(at("huge"))
	must(t, err)
	must(t, huge.Truncate(5<<30)) // Without a block on the disk.
	must(t, huge.Close())
	must(t, os.WriteFile(at("empty"), nil, 0o600))
	must(t, os.WriteFile(at("blank"), []byte("\ufeff \r\n"), 0o600))
	must(t, os.WriteFile(at("locked"), []byte("x"), 0o000))

	for path, want := range map[string]string{
		at("pipe"):               "is a pipe. Use the path of a regular file",
		at("link-to-pipe"):       "is a pipe. Use the path of a regular file",
		at("socket"):             "is a socket. Use the path of a regular file",
		"/dev/zero":              "is a device. Use the path of a regular file",
		folder:                   "is a directory. Use the path of the file in it",
		at("huge"):               "is larger than 64 KiB, which no key is",
		at("dangling"):           "is a link to a file that is not there",
		at("empty"):              "is empty",
		at("blank"):              "is empty",
		at("empty/x"):            "cannot be read: not a directory",
		at("gone"):               `there is no file "` + at("gone") + `"`,
		at("$HOME/x"):            "(variables in a path are not expanded)",
		"no/such.pem":            "(a relative path starts at the working directory)",
		"~/no/such.pem":          `there is no file "~/no/such.pem" (~ is the home directory of the user that Terraform runs as)`,
		"~ada/client.pem":        "it begins with the home directory of a named user, and only ~/ is expanded: use the full path",
		"file:///etc/client.pem": "it is a URL: use the path of the file alone, without file://",
		"file:client.pem":        "it is a URL",
		strings.Repeat("x", 300): "not repeated) cannot be read: file name too long",
		"a\x00b":                 "cannot be read: invalid argument",
	} {
		if got := readKeyFile(t, path); !strings.HasSuffix(got, want) && !strings.HasPrefix(got, want) {
			t.Errorf("%.80q: got %q, want %q", path, got, want)
		}
	}
	if got := readKeyFile(t, at("locked")); os.Getuid() != 0 && !strings.Contains(got, "its permissions, or those of its folder, do not let this user read it") {
		t.Errorf("without permission: %s", got)
	}
}

// The home directory is replaced in the configuration and in a variable.
func TestFileInTheHome(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	must(t, os.WriteFile(filepath.Join(home, "client.pem"), []byte(keys().ec), 0o600))
	for name, c := range map[string]struct {
		environment map[string]string
		attributes  map[string]any
	}{
		"configuration":    {nil, map[string]any{"private_key_file": "~/client.pem"}},
		"variable":         {map[string]string{"IDPLUS_OAUTH_PRIVATE_KEY_FILE": "~/client.pem"}, map[string]any{}},
		"a trailing blank": {map[string]string{"IDPLUS_OAUTH_PRIVATE_KEY_FILE": "~/client.pem \n"}, map[string]any{}},
	} {
		c.attributes["issuer_url"], c.attributes["client_id"] = "https://acme.auth.securid.com/oauth", "client"
		found, diags := read(t, c.environment, map[string]any{"admin_api_url": testURL, "oauth": c.attributes})
		if len(diags) > 0 || found.Client.Credentials == nil {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

// FuzzFile reads a file with any content: an error does not repeat a piece of it.
func FuzzFile(f *testing.F) {
	for _, seed := range []string{"", " ", "\ufeff", "\xff\xfe-\x00", keys().ec, keys().public, keys().encrypted, `{"kty":"EC","d":"c2VjcmV0c2VjcmV0"}`, `{"accessID":"c2VjcmV0c2VjcmV0"}`,
		"eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl", `{"data":{"k":"c2VjcmV0c2VjcmV0"}}`, "0\x82\x04\xbd", strings.Repeat("A", 70000),
	} {
		f.Add([]byte(seed))
	}
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := os.CreateTemp(folder, "f")
		must(t, err)
		_, err = file.Write(content)
		must(t, err)
		must(t, file.Close())
		defer func() { _ = os.Remove(file.Name()) }()
		for _, attributes := range []map[string]any{
			{"api_key_file": file.Name()},
			{"oauth": map[string]any{"issuer_url": "https://acme.auth.securid.com/oauth", "client_id": "client", "private_key_file": file.Name()}},
		} {
			attributes["admin_api_url"] = testURL
			found, diags := read(t, nil, attributes)
			if (found.Client.Credentials == nil) != diags.HasError() {
				t.Errorf("credentials %v, and %v", found.Client.Credentials, diags)
			}
			for _, one := range diags {
				wantNoPieceOf(t, string(content), strings.ReplaceAll(one.Detail(), file.Name(), ""))
			}
		}
	})
}
