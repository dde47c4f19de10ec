// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
)

// The archives are empty: init installs them, and starts nothing.
func TestPrivateRegistry(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("Terraform trusts the authority by SSL_CERT_FILE, which other systems do not read")
	}
	terraform, err := rehearsal.Terraform()
	if err != nil {
		t.Skip(err)
	}
	here := runtime.GOOS + "_" + runtime.GOARCH
	a := newSample(t, here).write()
	folder := t.TempDir()
	c := &customer{terraform: terraform, folder: folder, authority: filepath.Join(folder, "ca.pem")}
	certificate, err := newAuthority(c.authority)
	must(t, err)
	r, err := serve(t.Context(), filepath.Join(folder, "registry"), certificate)
	must(t, err)
	t.Cleanup(r.close)
	must(t, r.publish(a, []string{here}, signers()[0]))

	w, err := c.workspace(r.source(), a.version, direct)
	must(t, err)
	output, err := w.run(t.Context(), "init", "-input=false")
	if err != nil || !strings.Contains(output, signers()[0][0].PrimaryKey.KeyIdString()) {
		t.Errorf("init: %v\n%s", err, output)
	}

	for _, refused := range refusals(a, here) {
		if err := refuses(t.Context(), c, r, a.version, refused.file, refused.by, refused.says); err != nil {
			t.Errorf("%s: %v", refused.what, err)
		}
	}
	unchanged := func(text []byte) []byte { return text }
	if err := refuses(t.Context(), c, r, a.version, a.of("SHA256SUMS"), unchanged, "signature"); !says(err, "installs it all the same") {
		t.Errorf("got %v for a registry with nothing changed", err)
	}
}
