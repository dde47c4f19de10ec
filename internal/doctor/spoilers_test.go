// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

func set(name, value string) func(*testing.T, *bench) {
	return func(_ *testing.T, b *bench) { b.environ[name] = value }
}

func unset(name string) func(*testing.T, *bench) {
	return func(_ *testing.T, b *bench) { delete(b.environ, name) }
}

// legacyKey signs in with a legacy key, after a change to its file.
func legacyKey(t *testing.T, b *bench, change func(map[string]string)) {
	t.Helper()
	content, err := b.tenant.CreateAPIKey(b.server.AdminAPIURL())
	must(t, err)
	var file map[string]string
	must(t, json.Unmarshal(content, &file))
	if change != nil {
		change(file)
	}
	content, err = json.Marshal(file)
	must(t, err)
	path := filepath.Join(t.TempDir(), "tenant.key")
	must(t, os.WriteFile(path, content, 0o600))
	b.environ = map[string]string{"IDPLUS_API_KEY_FILE": path}
}

// untrusted replaces the API by a server with its own certificate.
func untrusted(t *testing.T, b *bench) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	b.environ["IDPLUS_ADMIN_API_URL"] = server.URL + "/AdminInterface/restapi"
}

// pages answers every request with a web page.
func pages(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, "<html><title>Welcome</title></html>")
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func publicPEM(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	must(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}
