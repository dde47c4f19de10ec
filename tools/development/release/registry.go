// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
)

// registry is a private registry of static files, over TLS with a certificate authority of
// its own.
type registry struct {
	host, folder string
	server       *http.Server
}

// serve starts a registry on a free port of loopback, and returns it with no provider.
func serve(ctx context.Context, folder string, certificate tls.Certificate) (*registry, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return nil, err
	}
	r := &registry{
		host:   "localhost:" + port,
		folder: folder,
		server: &http.Server{
			Handler:           http.FileServer(http.Dir(folder)),
			TLSConfig:         &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
			ReadHeaderTimeout: 10 * time.Second,
		},
	}
	go func() { _ = r.server.ServeTLS(listener, "", "") }()
	return r, r.write(".well-known/terraform.json", map[string]string{"providers.v1": "/v1/providers/"})
}

func (r *registry) close() { _ = r.server.Close() }

// source is the provider's address in this registry.
func (r *registry) source() string { return r.host + "/idplus-community/idplus" }

// publish makes the registry offer the files of a release.
func (r *registry) publish(a assets, some []string, key openpgp.EntityList) error {
	armoured, err := armour(key)
	if err != nil {
		return err
	}
	type aPlatform struct {
		OS   string `json:"os"`
		Arch string `json:"arch"`
	}
	type aKey struct {
		ID    string `json:"key_id"`
		ASCII string `json:"ascii_armor"`
	}
	type keys struct {
		GPG []aKey `json:"gpg_public_keys"`
	}
	type version struct {
		Version   string      `json:"version"`
		Protocols []string    `json:"protocols"`
		Platforms []aPlatform `json:"platforms"`
	}
	type download struct {
		aPlatform
		Protocols    []string `json:"protocols"`
		Filename     string   `json:"filename"`
		DownloadURL  string   `json:"download_url"`
		SumsURL      string   `json:"shasums_url"`
		SignatureURL string   `json:"shasums_signature_url"`
		Sum          string   `json:"shasum"`
		SigningKeys  keys     `json:"signing_keys"`
	}

	if err := os.CopyFS(filepath.Join(r.folder, "files"), os.DirFS(a.folder)); err != nil {
		return err
	}
	sums, err := a.sums()
	if err != nil {
		return err
	}
	protocols := []string{"6.0"}
	offered := version{Version: a.version, Protocols: protocols}
	for _, name := range some {
		var one aPlatform
		one.OS, one.Arch, _ = strings.Cut(name, "_")
		offered.Platforms = append(offered.Platforms, one)
		archive := a.of(name + ".zip")
		if err := r.write("v1/providers/idplus-community/idplus/"+a.version+"/download/"+one.OS+"/"+one.Arch, download{
			aPlatform:    one,
			Protocols:    protocols,
			Filename:     archive,
			DownloadURL:  "/files/" + archive,
			SumsURL:      "/files/" + a.of("SHA256SUMS"),
			SignatureURL: "/files/" + a.of("SHA256SUMS.sig"),
			Sum:          sums[archive],
			SigningKeys:  keys{[]aKey{{key[0].PrimaryKey.KeyIdString(), armoured}}},
		}); err != nil {
			return err
		}
	}
	return r.write("v1/providers/idplus-community/idplus/versions", map[string][]version{"versions": {offered}})
}

// write writes a file of the registry.
func (r *registry) write(path string, content any) error {
	text, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return err
	}
	file := filepath.Join(r.folder, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}

// change changes the bytes of a published file by a function, and returns what undoes it.
func (r *registry) change(name string, by func([]byte) []byte) (undo func() error, err error) {
	file := filepath.Join(r.folder, "files", name)
	before, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return func() error { return os.WriteFile(file, before, 0o600) }, os.WriteFile(file, by(append([]byte(nil), before...)), 0o600)
}
