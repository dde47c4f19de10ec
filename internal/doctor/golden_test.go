// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

var update = flag.Bool("update", false, "write the golden files")

// The complete output that people and programs read.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		spoil func(*bench)
		args  []string
		code  int
	}{
		"healthy":         {func(*bench) {}, []string{"-email", enabledUser, "-write", "ben@example.com"}, ExitFine},
		"nothing-set":     {func(b *bench) { b.environ = nil }, nil, ExitStopped},
		"wrong-host":      {func(b *bench) { b.environ["IDPLUS_ADMIN_API_URL"] = "http://127.0.0.1:1/AdminInterface/restapi" }, nil, ExitStopped},
		"wrong-client-id": {func(b *bench) { b.environ["IDPLUS_OAUTH_CLIENT_ID"] = "somebody-else" }, nil, ExitStopped},
		"missing-scope": {func(b *bench) {
			b.signInAs(simulator.OAuthOptions{KeyType: "EC", Scopes: []string{simulator.ScopeRead}})
		}, nil, ExitStopped},
		"clock-off": {func(b *bench) { b.tenant.SetClockOffset(10 * time.Minute) }, nil, ExitStopped},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			tc.spoil(b)
			stdout, _, code := b.run(tc.args...)
			wantCode(t, code, tc.code, stdout)
			wantGolden(t, name+".txt", steady(stdout))
			stdout, _, code = b.run(append([]string{"-json"}, tc.args...)...)
			wantCode(t, code, tc.code, stdout)
			wantGolden(t, name+".json", steady(stdout))
		})
	}
}

var (
	ports = regexp.MustCompile(`127\.0\.0\.1:\d{2,5}`)
	times = regexp.MustCompile(`\d+\.\d ms`)
	// late is what a busy machine makes of "at once".
	late = regexp.MustCompile(`when first asked, after [0-9.]+m?s`)
)

// steady removes what differs from run to run.
func steady(text string) string {
	text = ports.ReplaceAllString(text, "127.0.0.1:PORT")
	text = times.ReplaceAllString(text, "N ms")
	text = late.ReplaceAllString(text, "at once")
	return strings.ReplaceAll(text, runtime.GOOS+"/"+runtime.GOARCH, "OS/ARCH")
}

func wantGolden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		must(t, os.MkdirAll("testdata", 0o750))
		must(t, os.WriteFile(path, []byte(got), 0o600))
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it):\n%s", name, diff)
	}
}
