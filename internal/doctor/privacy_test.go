// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/settings"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

var quirky = simulator.User{
	ID: "7d1c0b1e-9a5f-4d0e-8a77-f3c2b5e6a9d4", Email: "Quillon.Zyxwarth@wobblefrotz.example", Username: "grixnakulor",
	AlternateUsername: "vexomparid", FirstName: "Quillonbert", LastName: "Zyxwarthington", IdentitySource: "Blorptech Kwizzle",
}

// Neither a report nor the JSON contains a part of a name, address, id, host or secret, and
// nothing that is printed contains a part of a secret.
func TestKeepsPrivate(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*bench){
		"fine":         func(*bench) {},
		"wrong client": func(b *bench) { b.environ["IDPLUS_OAUTH_CLIENT_ID"] = "kwyjibo-plugh-qqqq" },
		"no scope":     func(b *bench) { b.environ["IDPLUS_OAUTH_SCOPES"] = "rsa.user.manage" },
		"alias":        func(b *bench) { must(b.t, b.tenant.Alias("former.plughkin@wobblefrotz.example", quirky.Email)) },
		"no such host": func(b *bench) {
			b.environ["IDPLUS_ADMIN_API_URL"] = "https://kwyjibozzzz.plughosts.invalid/AdminInterface/restapi"
		},
		"names in 404s": func(b *bench) { b.tenant.Delete(quirky.Email) }, //nolint:errcheck // The user exists.
		"names in codes": func(b *bench) {
			b.tenant.Inject(simulator.Fault{Kind: simulator.KindSearch, Respond: simulator.AnswerRaw(400, "application/json",
				`{"code": "Zyxwarthington", "description": "wobblefrotz", "Quillon.Zyxwarth@wobblefrotz.example": 1}`)})
		},
		"protected": func(b *bench) { b.environ["IDPLUS_PROTECTED_USERS"] = quirky.Username },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.tenant.AddUser(quirky)
			prepare(b)
			email := quirky.Email
			if name == "alias" {
				email = "former.plughkin@wobblefrotz.example"
			}
			args := []string{"-email", email, "-username", quirky.Username, "-write", quirky.Email}
			file := filepath.Join(t.TempDir(), "report")
			stdout, stderr, _ := b.run(args...)
			_, _, _ = b.run(append([]string{"-report", file}, args...)...)
			report, err := os.ReadFile(file)
			must(t, err)
			json, progress, _ := b.run(append([]string{"-json"}, args...)...)

			secrets := []string{b.environ["IDPLUS_OAUTH_PRIVATE_KEY"], b.environ["IDPLUS_OAUTH_CLIENT_ID"]}
			host := strings.TrimPrefix(b.server.URL(), "http://")
			private := append([]string{
				quirky.ID, quirky.Email, strings.ToLower(quirky.Email), quirky.Username, quirky.AlternateUsername, quirky.FirstName, quirky.LastName,
				quirky.IdentitySource, host, "former.plughkin", "kwyjibozzzz.plughosts.invalid", "wobblefrotz.example",
				enabledUser, "hugo@example.com",
			}, secrets...)
			_, printed, _ := strings.Cut(stdout, "----- report")
			for _, output := range []string{printed, string(report), json} {
				wantNoPieces(t, output, private)
			}
			for _, output := range []string{stdout, stderr, progress} {
				wantNoPieces(t, output, secrets)
			}
			if len(report) < 500 || len(json) < 1000 || len(printed) < 500 {
				t.Errorf("there was little to search: %d, %d and %d bytes", len(report), len(json), len(printed))
			}
		})
	}
}

// A key may be anywhere.
func TestKeysInWrongPlaces(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	pem, jwk := b.client.PrivateKeyPEM, b.client.PrivateKeyJWK
	key, err := b.tenant.CreateAPIKey(b.server.AdminAPIURL())
	must(t, err)
	token := b.tenant.IssueToken(time.Hour)
	secrets := map[string]string{
		"pem": pem, "jwk": jwk, "api key": string(key), "token": token, "jwt": "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJxdWl4In0.c2lnbmF0dXJlLXF1aXg",
		"escaped pem": strings.ReplaceAll(pem, "\n", `\n`), "in quotes": `"` + token + `"`, "bearer": "Bearer " + token,
		"in a URL": "https://user:" + token + "@tenant.invalid/x", "in a query": "https://tenant.invalid/x?token=" + token,
	}
	names := append([]string{"IDPLUS_TOKEN", "idplus_access_token", "IDPLUS_TEST_USER"}, settings.Variables...)
	for kind, secret := range secrets {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for _, name := range names {
				b := &bench{t: t, tenant: b.tenant, server: b.server, environ: without(b.environ)}
				if kind != "token" && kind != "jwk" {
					// These runs end at the network.
					b.environ["IDPLUS_ADMIN_API_URL"] = "http://127.0.0.1:1/AdminInterface/restapi"
				}
				b.environ[name] = secret
				b.command.samples = 1
				stdout, stderr, _ := b.run()
				wantNoPieces(t, stdout+stderr, []string{secret})
			}
		})
	}
	for kind, secret := range secrets {
		for _, args := range [][]string{{secret}, {"-email", secret}, {"-write", secret}, {"-username", secret}, {"-timeout", secret}, {"-" + secret}, {"-email", enabledUser, secret}} {
			b := &bench{t: t, tenant: b.tenant, server: b.server, environ: map[string]string{}}
			stdout, stderr, _ := b.run(args...)
			if strings.TrimSpace(secret) != "" {
				t.Run("argument "+kind, func(t *testing.T) { wantNoPieces(t, stdout+stderr, []string{secret}) })
			}
		}
	}
}

// ourWords are in secrets and may be in any text: names of properties and schemes.
var ourWords = regexp.MustCompile(`-----(BEGIN|END)[A-Z ]*PRIVATE KEY-----|https?://|/AdminInterface/restapi|adminRestApiUrl|customerName|accessID|accessKey|description|Example|A key of the simulated tenant|Bearer|tenant\.invalid/x|\?token=|//user:|127\.0\.0\.1:\d+|invalid|ES256|P-256|example`)

// wantNoPieces checks that no six characters of a text are in the output.
func wantNoPieces(t *testing.T, output string, texts []string) {
	t.Helper()
	for _, text := range texts {
		if regexp.MustCompile(`^127\.0\.0\.1`).MatchString(text) {
			if strings.Contains(output, text) {
				t.Errorf("the host is in the output:\n%s", output)
			}
			continue
		}
		for part := range strings.SplitSeq(ourWords.ReplaceAllString(text, "\n"), "\n") {
			for i := 0; i+6 <= len(part); i++ {
				if piece := part[i : i+6]; strings.Contains(output, piece) {
					t.Errorf("%q is in the output:\n%s", piece, output)
					return
				}
			}
		}
	}
}

// Our own words stay, whatever people's names are: a missing word would reveal a name.
func TestOurOwnWordsStay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, local := range strings.Fields("nobody marked change status answers search userstatus enabled disabled request address release report checks questions") {
		b.tenant.AddUser(simulator.User{Email: local + "@tenant.refused"})
	}
	b.tenant.AddUser(simulator.User{Email: "lookup@known.number", Status: "Blorptech"})
	b.tenant.AddUser(simulator.User{Email: "blorptech@known.number"})
	args := []string{"-write", "nobody@tenant.refused", "-email", "lookup@known.number"}
	stdout, _, _ := b.run(args...)
	_, report, _ := strings.Cut(stdout, "----- report")
	wantText(t, report, "look-up: found: "+removed)
	if strings.Count(report, removed) > 1 || strings.ContainsAny(stdout, opening+closing) {
		t.Errorf("our own words are missing:\n%s", report)
	}
	for _, q := range questionTable {
		wantText(t, report, q.text+": ")
	}
	wantText(t, report, "PUT of the user's current status: 200; of the other: 200; set back to Enabled", "a look-up has: alternateUsername")
}
