// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

func TestReadKey(t *testing.T) {
	t.Parallel()

	public, err := armour(signers()[0])
	must(t, err)
	var private bytes.Buffer
	w, err := armor.Encode(&private, openpgp.PrivateKeyType, nil)
	must(t, err)
	// Without signing again, because other tests use the key at the same time.
	must(t, signers()[0][0].SerializePrivateWithoutSigning(w, nil))
	must(t, w.Close())
	curve, err := openpgp.NewEntity("Test", "", "test@example.com", &packet.Config{Algorithm: packet.PubKeyAlgoEdDSA})
	must(t, err)
	elliptic, err := armour(openpgp.EntityList{curve})
	must(t, err)
	limited, err := openpgp.NewEntity("Test", "", "test@example.com", &packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 2048, KeyLifetimeSecs: 3600})
	must(t, err)
	expiring, err := armour(openpgp.EntityList{limited})
	must(t, err)
	former, err := openpgp.NewEntity("Test", "", "test@example.com", &packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 2048})
	must(t, err)
	must(t, former.RevokeKey(packet.KeySuperseded, "", nil))
	revoked, err := armour(openpgp.EntityList{former})
	must(t, err)

	for name, c := range map[string]struct{ text, err string }{
		"an RSA key":        {public, ""},
		"the private half":  {private.String(), "has the private key"},
		"an elliptic curve": {elliptic, "has to be RSA or DSA"},
		"a key with an end": {expiring, "expires"},
		"a revoked key":     {revoked, "is revoked"},
		"something else":    {"text", "is not an armoured public key"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "key.asc")
			must(t, os.WriteFile(file, []byte(c.text), 0o600))
			if _, err := readKey(file); !says(err, c.err) {
				t.Errorf("got %v, want %q", err, c.err)
			}
		})
	}
	if _, err := readKey("missing.asc"); !says(err, `missing.asc does not exist, so that no user could verify the release: CONTRIBUTING.md, "Releasing"`) {
		t.Errorf("got %v for a missing key", err)
	}
}
