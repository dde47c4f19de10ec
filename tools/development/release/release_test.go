// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// signers are two keys, made once because that takes a while.
var signers = sync.OnceValue(func() [2]openpgp.EntityList {
	var keys [2]openpgp.EntityList
	for i := range keys {
		key, err := openpgp.NewEntity("Test", "", "test@example.com", &packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 2048})
		if err != nil {
			panic(err)
		}
		keys[i] = openpgp.EntityList{key}
	}
	return keys
})

// sample is a release with programs that do nothing.
type sample struct {
	t     *testing.T
	files map[string][]byte
	want  platforms
}

func newSample(t *testing.T, provider ...string) *sample {
	t.Helper()
	s := &sample{t, map[string][]byte{}, platforms{providerBuild: provider, simulatorBuild: {"linux_amd64"}}}
	a := assets{version: "0.1.0"}
	for _, platform := range provider {
		program := "terraform-provider-idplus_v0.1.0"
		if strings.HasPrefix(platform, "windows") {
			program += ".exe"
		}
		s.files[a.of(platform+".zip")] = s.zip(program, "LICENSE")
	}
	s.files["idplus-simulator_0.1.0_linux_amd64.tar.gz"] = s.tar("idplus-simulator", "LICENSE")
	s.files[a.of("manifest.json")] = []byte(`{"version":1,"metadata":{"protocol_versions":["6.0"]}}`)
	s.files[a.of("sbom.cdx.json")] = []byte(`{"components":[{"name":"std"}]}`)
	s.sum()
	s.sign()
	return s
}

func (s *sample) zip(names ...string) []byte {
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for _, name := range names {
		_, err := w.CreateHeader(&zip.FileHeader{Name: name})
		must(s.t, err)
	}
	must(s.t, w.Close())
	return packed.Bytes()
}

func (s *sample) tar(names ...string) []byte {
	var packed bytes.Buffer
	outer := gzip.NewWriter(&packed)
	w := tar.NewWriter(outer)
	for _, name := range names {
		must(s.t, w.WriteHeader(&tar.Header{Name: name}))
	}
	must(s.t, w.Close())
	must(s.t, outer.Close())
	return packed.Bytes()
}

// sum writes the checksums of all files that need one.
func (s *sample) sum() {
	const sums = "terraform-provider-idplus_0.1.0_SHA256SUMS"
	delete(s.files, sums)
	var text bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(s.files)) {
		if !strings.HasPrefix(name, "idplus-simulator") && !strings.HasSuffix(name, ".sig") {
			fmt.Fprintf(&text, "%x  %s\n", sha256.Sum256(s.files[name]), name)
		}
	}
	s.files[sums] = text.Bytes()
}

func (s *sample) sign() {
	var signature bytes.Buffer
	must(s.t, openpgp.DetachSign(&signature, signers()[0][0], bytes.NewReader(s.files["terraform-provider-idplus_0.1.0_SHA256SUMS"]), nil))
	s.files["terraform-provider-idplus_0.1.0_SHA256SUMS.sig"] = signature.Bytes()
}

// write writes the files to a folder.
func (s *sample) write() assets {
	a := assets{s.t.TempDir(), "0.1.0"}
	for name, content := range s.files {
		must(s.t, os.WriteFile(filepath.Join(a.folder, name), content, 0o600))
	}
	return a
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
