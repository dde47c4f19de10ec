// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// readKey reads the public key that releases are signed with.
func readKey(file string) (openpgp.EntityList, error) {
	if file == "" {
		return nil, errors.New("-key is missing: it names the file with the public key")
	}
	armoured, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the public key %s does not exist, so that no user could verify the release: CONTRIBUTING.md, \"Releasing\", says how to make it", file)
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = armoured.Close() }()
	key, err := openpgp.ReadArmoredKeyRing(armoured)
	if err != nil {
		return nil, fmt.Errorf("%s is not an armoured public key: %w", file, err)
	}
	if len(key) != 1 {
		return nil, fmt.Errorf("%s has %d keys, and has to have one", file, len(key))
	}
	if key[0].PrivateKey != nil {
		return nil, fmt.Errorf("%s has the private key: revoke it, it is known now", file)
	}
	switch key[0].PrimaryKey.PubKeyAlgo {
	case packet.PubKeyAlgoRSA, packet.PubKeyAlgoDSA:
	default:
		return nil, fmt.Errorf("%s is of a kind that the Registry does not take: it has to be RSA or DSA", file)
	}
	if key[0].Revoked(time.Now()) {
		return nil, fmt.Errorf("%s is revoked, so that no user could verify the release: export the key that replaces it", file)
	}
	if expires(key[0]) {
		return nil, fmt.Errorf("%s expires, and what an expired key has signed may no longer install: run gpg --quick-set-expire %s 0, and export it again", file, fingerprint(key))
	}
	return key, nil
}

// expires reports whether a key, or one of its subkeys, has an end.
func expires(key *openpgp.Entity) bool {
	var promises []*packet.Signature
	if promise, _ := key.PrimarySelfSignature(); promise != nil {
		promises = append(promises, promise)
	}
	for _, subkey := range key.Subkeys {
		promises = append(promises, subkey.Sig)
	}
	return slices.ContainsFunc(promises, func(promise *packet.Signature) bool {
		return promise.KeyLifetimeSecs != nil && *promise.KeyLifetimeSecs != 0
	})
}

// fingerprint returns the fingerprint of a key, as gpg prints it.
func fingerprint(key openpgp.EntityList) string {
	return strings.ToUpper(fmt.Sprintf("%x", key[0].PrimaryKey.Fingerprint))
}

// verify checks a detached signature as Terraform does.
func verify(signed, signature []byte, key openpgp.EntityList) error {
	if bytes.Contains(signature, []byte("BEGIN PGP")) {
		return errors.New("the signature is armoured, and has to be binary")
	}
	if _, err := openpgp.CheckDetachedSignature(key, bytes.NewReader(signed), bytes.NewReader(signature), nil); err != nil {
		return fmt.Errorf("the signature is not one of the key %s: %w", fingerprint(key), err)
	}
	return nil
}
