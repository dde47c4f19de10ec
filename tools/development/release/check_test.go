// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"testing"
)

func TestCheck(t *testing.T) {
	t.Parallel()

	const (
		prefix    = "terraform-provider-idplus_0.1.0_"
		archive   = prefix + "linux_amd64.zip"
		sums      = prefix + "SHA256SUMS"
		signature = prefix + "SHA256SUMS.sig"
		manifest  = prefix + "manifest.json"
		bill      = prefix + "sbom.cdx.json"
		simulator = "idplus-simulator_0.1.0_linux_amd64.tar.gz"
	)
	for name, c := range map[string]struct {
		spoil func(*sample)
		err   string
	}{
		"a good release":              {func(*sample) {}, ""},
		"the checksums are missing":   {func(s *sample) { delete(s.files, sums) }, "there are no checksums"},
		"the signature is missing":    {func(s *sample) { delete(s.files, signature) }, "there is no signature"},
		"the signature is noise":      {func(s *sample) { s.files[signature] = bytes.Repeat([]byte{7}, 438) }, "is not one of the key"},
		"the signature is armoured":   {func(s *sample) { s.files[signature] = armoured(s.files[signature]) }, "is armoured"},
		"signed before a change":      {func(s *sample) { s.files[manifest] = append(s.files[manifest], '\n'); s.sum() }, "is not one of the key"},
		"a platform is missing":       {func(s *sample) { delete(s.files, archive) }, archive + " is missing"},
		"a checksum differs":          {func(s *sample) { s.files[archive] = s.zip("terraform-provider-idplus_v0.1.0", "LICENSE", "more") }, "the checksum of " + archive},
		"an archive has no program":   {func(s *sample) { s.files[archive] = s.zip("LICENSE") }, archive + " has no terraform-provider-idplus_v0.1.0"},
		"an archive has no license":   {func(s *sample) { s.files[archive] = s.zip("terraform-provider-idplus_v0.1.0") }, archive + " has no LICENSE"},
		"an archive is not a ZIP":     {func(s *sample) { s.files[archive] = []byte("text") }, archive + ": zip: not a valid zip file"},
		"a program of another system": {func(s *sample) { s.files[prefix+"windows_amd64.zip"] = s.files[archive] }, "has no terraform-provider-idplus_v0.1.0.exe"},
		"the manifest is missing":     {func(s *sample) { delete(s.files, manifest) }, "there is no manifest"},
		"the manifest has no checksum": {func(s *sample) {
			kept := s.files[manifest]
			delete(s.files, manifest)
			s.sum()
			s.files[manifest] = kept
			s.sign()
		}, manifest + " is not in the checksums"},
		"the manifest has another protocol": {func(s *sample) {
			s.files[manifest] = []byte(`{"metadata":{"protocol_versions":["5.0"]}}`)
			s.sum()
			s.sign()
		}, "does not say protocol 6.0"},
		"the bill of materials is missing": {func(s *sample) { delete(s.files, bill) }, "there is no bill of materials"},
		"the bill of materials is empty":   {func(s *sample) { s.files[bill] = []byte(`{"components":[]}`) }, "bill of materials is empty"},
		"the simulator is missing":         {func(s *sample) { delete(s.files, simulator) }, simulator + " is missing"},
		"a checksum of an unknown file": {func(s *sample) {
			s.files["notes.txt"] = nil
			s.sum()
			s.sign()
			delete(s.files, "notes.txt")
		}, "notes.txt is in the checksums"},
		"an unknown file": {func(s *sample) { s.files["debug.log"] = nil }, "debug.log is not a file of a release"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSample(t, "linux_amd64", "windows_amd64")
			c.spoil(s)
			if err := check(s.write().folder, "0.1.0", s.want, signers()[0]); !says(err, c.err) {
				t.Errorf("got %v, want %q", err, c.err)
			}
		})
	}

	t.Run("another key", func(t *testing.T) {
		t.Parallel()
		s := newSample(t, "linux_amd64")
		if err := check(s.write().folder, "0.1.0", s.want, signers()[1]); !says(err, "is not one of the key "+fingerprint(signers()[1])) {
			t.Errorf("got %v", err)
		}
	})
}
