// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// shown is the content of the welcome in tests.
func shown() welcomeText {
	return welcomeText{
		URL: "http://127.0.0.1:1", AdminAPIURL: "http://127.0.0.1:1/AdminInterface/restapi", IssuerURL: "http://127.0.0.1:1/oauth",
		Client: simulator.OAuthClient{ClientID: "client", PrivateKeyJWK: `{"kty":"RSA"}`},
		Key:    []byte("{\n  \"accessID\": \"it's one\"\n}"),
		Users:  []simulator.User{{Email: "ada@example.com", Status: simulator.Enabled}},
		Others: 7,
	}
}

func TestWelcome(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	must(t, welcome(&out, shown()))
	for _, line := range []string{
		"export IDPLUS_ADMIN_API_URL=http://127.0.0.1:1/AdminInterface/restapi",
		"export IDPLUS_OAUTH_ISSUER_URL=http://127.0.0.1:1/oauth",
		"export IDPLUS_OAUTH_CLIENT_ID=client",
		`export IDPLUS_OAUTH_PRIVATE_KEY='{"kty":"RSA"}'`,
		`      source = "idplus-community/idplus"`,
		`provider "idplus" {}`,
		"ada@example.com  Enabled",
		"and 7 others",
		"unset IDPLUS_OAUTH_ISSUER_URL IDPLUS_OAUTH_CLIENT_ID IDPLUS_OAUTH_PRIVATE_KEY",
		`export IDPLUS_API_KEY='{"accessID":"it'\''s one"}'`,
		"curl -X POST 'http://127.0.0.1:1/simulator/users/ada@example.com/disable'",
		"curl -X POST 'http://127.0.0.1:1/simulator/users?email=new@example.com&identity_source=Local'",
		"curl -X POST 'http://127.0.0.1:1/simulator/temperaments/same-status?is=409'",
	} {
		if !strings.Contains(out.String(), line+"\n") {
			t.Errorf("the line %q is missing from\n%s", line, out.String())
		}
	}
	for _, change := range simulator.UserChanges() {
		if line := regexp.MustCompile(`\n` + regexp.QuoteMeta(change.Call()) + ` +` + change.Does + `\n`); !line.MatchString(out.String()) {
			t.Errorf("the change %s is missing from\n%s", change.Name, out.String())
		}
	}
}

// With a file of exports no key is shown, so that the important line is easy to see.
func TestWelcomeWithAFileOfExports(t *testing.T) {
	t.Parallel()
	text := shown()
	text.EnvFile = filepath.FromSlash("/a b/env")
	path, err := filepath.Abs(text.EnvFile)
	must(t, err)
	var out bytes.Buffer
	must(t, welcome(&out, text))
	if banner := out.String(); !strings.Contains(banner, "\n. '"+path+"'\n\n2. ") || strings.Contains(banner, "kty") || strings.Contains(banner, "accessID") {
		t.Errorf("a key is shown, or the file is not:\n%s", banner)
	}
	text.KeyFile = "tenant.key"
	out.Reset()
	must(t, welcome(&out, text))
	if banner := out.String(); !strings.Contains(banner, "\nexport IDPLUS_API_KEY_FILE=") || strings.Contains(banner, "accessID") {
		t.Errorf("the key's file is not named:\n%s", banner)
	}
}

func TestRunServesUntilInterrupted(t *testing.T) {
	t.Parallel()
	p := start(t, "-users", "100", "-same-status", "409", "-marked-as=Pending Deletion", "-compare-case", "-frozen-lookup=false")
	users := get(t, p.url+"/simulator/users")
	for _, part := range []string{"breakglass@example.com", "username contractor\n", "\"\" "} {
		if !strings.Contains(users, part) || strings.Count(users, "\n") != 101 {
			t.Errorf("%q is missing, or they are not 100: %s", part, users)
		}
	}
	temperaments := get(t, p.url+"/simulator/temperaments")
	for _, part := range []string{"same-status is 409\n", "marked-as is Pending Deletion\n", "compare-case is on\n", "frozen-lookup is off\n", "pages-from-1 is off\n"} {
		if !strings.Contains(temperaments, part) {
			t.Errorf("%q is missing from %s", part, temperaments)
		}
	}

	taken := run(t.Context(), []string{"-listen", strings.TrimPrefix(p.url, "http://")}, io.Discard, io.Discard)
	if taken == nil || !strings.Contains(taken.Error(), "is already in use") {
		t.Errorf("with the port taken: %v", taken)
	}
	p.end()
}

func TestUsersOfAReview(t *testing.T) {
	t.Parallel()
	p := start(t, "-review", filepath.FromSlash("../../../examples/large-review/review.csv"))
	users := get(t, p.url+"/simulator/users")
	// Of the 300, breakglass is also in the example.
	if n := strings.Count(users, "\n"); n != 1+15+299 || strings.Count(users, "breakglass@example.com ") != 1 {
		t.Errorf("%d lines: %s", n, users)
	}
	if !regexp.MustCompile(`\naisha\.martin@example\.com +Enabled\n`).MatchString(users) {
		t.Errorf("aisha.martin@example.com is not Enabled: %s", users)
	}
	if banner := p.end(); !strings.Contains(banner, "\nand 299 others\n") {
		t.Errorf("the others are not counted: %s", banner)
	}
	for content, want := range map[string]string{"": "the file is empty", "mail\na@b\n": `Rename "mail" to email`, "email,status\nada@example.com\n": "it has 1 cell, but the header has 2 columns"} {
		path := filepath.Join(t.TempDir(), "review.csv")
		must(t, os.WriteFile(path, []byte(content), 0o600))
		if err := addUsersOf(simulator.NewTenant(), path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", content, err)
		}
	}
}

// The simulator reads what the provider reads.
func TestUsersOfAReviewFromASpreadsheet(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "review.csv")
	must(t, os.WriteFile(path, []byte("\ufeffEmail;Status\r\nzoe@example.com;Enabled\r\n"), 0o600))
	tenant := simulator.NewTenant()
	must(t, addUsersOf(tenant, path))
	if _, known := tenant.User("zoe@example.com"); !known {
		t.Error("zoe@example.com is not in the tenant")
	}
}

// The key's file is new, private to its owner, and deleted in the end.
func TestKeyFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "tenant.key")
	p := start(t, "-key-file", path)
	about, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := about.Mode().Perm(); mode != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("others may read the key: %o", mode)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := `"adminRestApiUrl": "` + p.url + `/AdminInterface/restapi"`; !strings.Contains(string(raw), want) {
		t.Errorf("%s is missing from %s", want, raw)
	}
	again := run(t.Context(), []string{"-listen", "127.0.0.1:0", "-key-file", path}, io.Discard, io.Discard)
	if !errors.Is(again, fs.ErrExist) {
		t.Errorf("with a file that exists: %v", again)
	}
	if banner := p.end(); !strings.Contains(banner, "\nexport IDPLUS_API_KEY_FILE='"+path+"'\n") || strings.Contains(banner, "PRIVATE KEY---") {
		t.Errorf("the file is not named, or the key is shown: %s", banner)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file was not deleted: %v", err)
	}
}

func TestFlagOfEveryTemperament(t *testing.T) {
	t.Parallel()
	for _, m := range simulator.Temperaments() {
		for _, answer := range m.Answers {
			flags := flag.NewFlagSet("", flag.ContinueOnError)
			answers := temperamentFlags(flags)
			if err := flags.Parse([]string{"-" + m.Name + "=" + answer}); err != nil {
				t.Fatal(err)
			}
			tenant := simulator.NewTenant()
			if err := setTemperaments(tenant, answers); err != nil {
				t.Error(err)
			}
			if got := tenant.Temperament(m.Name); got != answer {
				t.Errorf("-%s=%s made it %q", m.Name, answer, got)
			}
			if usage := flags.Lookup(m.Name).Usage; !strings.Contains(usage, m.Decides) {
				t.Errorf("-%s says %s", m.Name, usage)
			}
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// program is a running program.
type program struct {
	t     *testing.T
	url   string
	stop  func()
	lines chan string // its output
	ended chan error
}

func start(t *testing.T, args ...string) *program {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	p := &program{t: t, stop: stop, lines: make(chan string, 1000), ended: make(chan error, 1)}
	go func() {
		p.ended <- run(ctx, append([]string{"-listen", "127.0.0.1:0"}, args...), writer, io.Discard)
		_ = writer.Close()
	}()
	go func() {
		defer close(p.lines)
		for lines := bufio.NewScanner(reader); lines.Scan(); {
			p.lines <- lines.Text()
		}
	}()
	heading := p.next()
	p.url = regexp.MustCompile(`http://[\d.:]+`).FindString(heading)
	return p
}

// next waits for the program's next line.
func (p *program) next() string {
	p.t.Helper()
	line, more := <-p.lines
	if !more {
		p.t.Fatalf("the program ended: %v", <-p.ended)
	}
	return line
}

// toType waits for a number of lines to type.
func (p *program) toType(count int) (lines []string) {
	p.t.Helper()
	for len(lines) < count {
		if line, indented := strings.CutPrefix(p.next(), "  "); indented {
			lines = append(lines, line)
		}
	}
	return lines
}

// end ends the program like Ctrl-C, and returns its output since the last call.
func (p *program) end() string {
	p.t.Helper()
	p.stop()
	if err := <-p.ended; err != nil {
		p.t.Errorf("ended with %v", err)
	}
	var said strings.Builder
	for line := range p.lines {
		said.WriteString(line + "\n")
	}
	return said.String()
}

func get(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-listen", "0.0.0.0:0"}, {"-listen", ":8480"}, {"-port", "1"}, {"surplus"},
		{"-users", "12"}, {"-users", "many"}, {"-users", "100", "-sources", "0"}, {"-listen", "127.0.0.1:0", "-same-status", "418"}, {"-compare-case=perhaps"},
		{"-listen", "127.0.0.1:0", "-lookup-lag", "-1s"}, {"-listen", "127.0.0.1:0", "-key-file", "no/such/folder/key"},
		{"-listen", "127.0.0.1:0", "-review", "no/such/review.csv"}, {"-try", "no/such", "-env", "no/such/env"},
		{"-listen", "127.0.0.1:0", "-env", "no/such/folder/env"}} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%v was accepted", args)
		}
	}
	if err := run(t.Context(), []string{"-h"}, io.Discard, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
}
