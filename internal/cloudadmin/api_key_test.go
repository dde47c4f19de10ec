// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/unicode"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

const adminURL = "https://acme.access.securid.com/AdminInterface/restapi/v1"

// keyFile returns a key file with changes; a nil value removes a field.
func keyFile(changes members) string {
	return members{
		"customerName": "Example", "accessID": "access-1", "accessKey": pkcs1(rsaKey()),
		"adminRestApiUrl": adminURL, "description": "",
	}.with(changes)
}

func TestParseAPIKey(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, content string }{
		{"as downloaded", keyFile(nil)},
		{"PKCS#8", keyFile(members{"accessKey": pkcs8(rsaKey())})},
		{"line breaks escaped twice", keyFile(members{"accessKey": strings.ReplaceAll(pkcs1(rsaKey()), "\n", `\n`)})},
		{"line breaks of Windows", keyFile(members{"accessKey": strings.ReplaceAll(pkcs1(rsaKey()), "\n", "\r\n")})},
		{"no more than needed", keyFile(members{"customerName": nil, "description": nil})},
		{"null and new fields", keyFile(members{"customerName": json.RawMessage("null"), "version": 2})},
		{"line breaks gone", keyFile(members{"accessKey": strings.ReplaceAll(pkcs1(rsaKey()), "\n", " ")})},
		{"line breaks that a shell made of \\n", strings.ReplaceAll(keyFile(nil), `\n`, "\n")},
		{"base64 of the key", keyFile(members{"accessKey": base64Lines(pkcs1(rsaKey()))})},
		{"base64 of the file", base64Lines(keyFile(nil))},
		{"in single quotes", "'" + keyFile(nil) + "'"},
		{"as a string of JSON", jsonString(keyFile(nil))},
		{"in UTF-16", utf16(t, unicode.LittleEndian, unicode.UseBOM, keyFile(nil))},
		{"byte order mark", "\ufeff" + keyFile(nil)},
		{"byte order mark amid white space", "\r\n\ufeff\n" + keyFile(nil) + "\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			key, err := cloudadmin.ParseAPIKey([]byte(tc.content))
			must(t, err)
			token := readJWT(t, bearerOf(t, key))
			token.wantSignedBy(t, rsaKey().Public())
			if diff := cmp.Diff(map[string]any{"typ": "JWT", "alg": "RS256"}, token.Header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
			issued, isNumber := token.Claims["iat"].(float64)
			if !isNumber {
				t.Fatalf("iat is %v", token.Claims["iat"])
			}
			want := map[string]any{"sub": "access-1", "aud": adminURL, "iat": issued, "exp": issued + 59*60}
			if diff := cmp.Diff(want, token.Claims); diff != "" {
				t.Errorf("claims (-want +got):\n%s", diff)
			}
		})
	}
}

// bearerOf returns the access token that credentials send.
func bearerOf(t *testing.T, credentials cloudadmin.Credentials) string {
	t.Helper()
	headers := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		headers <- r.Header.Get("Authorization")
		_, _ = w.Write([]byte(`{"id": "1", "emailAddress": "ada@example.com"}`))
	}))
	t.Cleanup(server.Close)
	must(t, lookUpAda(t, cloudadmin.New(cloudadmin.Config{BaseURL: parseBaseURL(t, server.URL), Credentials: credentials})))
	token, isBearer := strings.CutPrefix(<-headers, "Bearer ")
	if !isBearer {
		t.Fatal("no bearer token was sent")
	}
	return token
}

// The API compares the audience character by character.
func TestAPIKeyURLIsKeptVerbatim(t *testing.T) {
	t.Parallel()
	const base = "https://Acme.access.securid.com/AdminInterface/restapi"
	for _, raw := range []string{base, base + "/", base + "/v1", base + "/v1/", base + "//"} {
		t.Run(raw, func(t *testing.T) {
			t.Parallel()
			key, err := cloudadmin.ParseAPIKey([]byte(keyFile(members{"adminRestApiUrl": raw})))
			must(t, err)
			if key.AdminAPIURL() != raw {
				t.Errorf("AdminAPIURL is %s", key.AdminAPIURL())
			}
			if got := readJWT(t, bearerOf(t, key)).Claims["aud"]; got != raw {
				t.Errorf("aud is %v", got)
			}
		})
	}
}

func TestParseAPIKeyRefusals(t *testing.T) {
	t.Parallel()
	const form = "it is not JSON of the form that the console downloads"
	for _, tc := range []struct{ name, content, want string }{
		{"empty", "", "it is empty"},
		{"blank", " \n", "it is empty"},
		{"byte order mark only", "\ufeff\n", "it is empty"},
		{"PEM alone", pkcs1(rsaKey()), form + " ({\"accessID\": …, \"accessKey\": …, \"adminRestApiUrl\": …}): it looks like a key in PEM"},
		{"JWK alone", rsaJWK(rsaKey()).with(nil), "it looks like a JWK, not like the key file of a legacy API key"},
		{"answer of Vault", `{"data": ` + keyFile(nil) + `}`, "it is the answer of a secret store"},
		{"cut", keyFile(nil)[:600], form + " ({\"accessID\": …, \"accessKey\": …, \"adminRestApiUrl\": …}): it is cut off"},
		{"base64 of a file that is cut", base64.StdEncoding.EncodeToString([]byte(keyFile(nil)))[:600], form},
		{"JSON list", "[" + keyFile(nil) + "]", form},
		{"JSON text", `"accessID"`, form},
		{"all missing", `{}`, "missing or empty: accessID, accessKey, adminRestApiUrl"},
		{"null", `null`, "missing or empty: accessID, accessKey, adminRestApiUrl"},
		{"two missing", keyFile(members{"accessID": nil, "adminRestApiUrl": nil}), "missing or empty: accessID, adminRestApiUrl"},
		{"missing, empty and blank", keyFile(members{"accessID": nil, "accessKey": "", "adminRestApiUrl": " "}), "missing or empty: accessID, accessKey, adminRestApiUrl"},
		{"one missing", keyFile(members{"accessKey": nil}), "missing or empty: accessKey"},
		{"number for an id", keyFile(members{"accessID": 7}), "its field accessID is not text"},
		{"list for a key", keyFile(members{"accessKey": []string{pkcs1(rsaKey())}}), "its field accessKey is not text"},
		{"object for a URL", keyFile(members{"adminRestApiUrl": members{}}), "its field adminRestApiUrl is not text"},
		{"EC key", keyFile(members{"accessKey": sec1(ecKey())}), "its accessKey is an EC key: legacy keys are RSA"},
		{"JWK", keyFile(members{"accessKey": rsaJWK(rsaKey()).with(nil)}), "its accessKey is JSON instead of an RSA private key in PEM (a JWK belongs to an OAuth client)"},
		{"encrypted key", keyFile(members{"accessKey": encryptedPKCS1()}), "its accessKey cannot be used: it is encrypted with a passphrase"},
		{"small key", keyFile(members{"accessKey": pkcs1(smallRSAKey())}), "its accessKey cannot be used: it is an RSA key of 1024 bits"},
		{"cut key", keyFile(members{"accessKey": pkcs1(rsaKey())[:900]}), "its accessKey cannot be used: it is cut off: its last line"},
		{"http URL", keyFile(members{"adminRestApiUrl": "http://acme.example"}), "its adminRestApiUrl cannot be used: it is an http URL"},
		{"URL with a password", keyFile(members{"adminRestApiUrl": "https://ada:hunter2@acme.example"}), "its adminRestApiUrl cannot be used: it holds a user name or password"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := cloudadmin.ParseAPIKey([]byte(tc.content))
			if err == nil {
				t.Fatal("it was accepted")
			}
			if !strings.HasPrefix(err.Error(), tc.want) {
				t.Errorf("got %q, want it to start with %q", err, tc.want)
			}
			for _, secret := range []string{pkcs1(rsaKey()), encryptedPKCS1(), rsaJWK(rsaKey()).with(nil), sec1(ecKey()), "hunter2"} {
				wantNoPieceOf(t, secret, err.Error())
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Errorf("it repeats the password: %v", err)
			}
		})
	}
}
