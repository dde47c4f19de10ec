// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"crypto/x509"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// pemBlock is one block of PEM. Unlike package pem, it does not need line breaks: a
// pipeline's variable may turn them into blanks, or remove them.
type pemBlock struct {
	kind, body string
	// isWhole is whether the last line is there.
	isWhole bool
}

var (
	pemBegin       = regexp.MustCompile(`-----BEGIN ([^-]*)-----`)
	escapedBlank   = regexp.MustCompile(`\\+[nrt]`)
	pemIsEncrypted = regexp.MustCompile(`DEK-Info|Proc-Type`)
	notBase64      = regexp.MustCompile(`[^A-Za-z0-9+/=_\s\p{Z}\x{feff}\x{200b}\x00-]`)
)

func pemBlocks(text string) (blocks []pemBlock) {
	// A text with quotes before or after the key is still escaped.
	text = escapedBlank.ReplaceAllString(text, "\n")
	begins := pemBegin.FindAllStringSubmatchIndex(text, -1)
	for i, at := range begins {
		end := len(text)
		if i+1 < len(begins) {
			end = begins[i+1][0]
		}
		body, _, isWhole := strings.Cut(text[at[1]:end], "-----END ")
		blocks = append(blocks, pemBlock{kind: strings.TrimSpace(text[at[2]:at[3]]), body: body, isWhole: isWhole})
	}
	return blocks
}

func parsePEM(text string) (*PrivateKey, error) {
	blocks := pemBlocks(text)
	if len(blocks) == 0 {
		return nil, errors.New("it is cut off within its first line")
	}
	// OpenSSL writes EC parameters, or a certificate, before a key.
	block := blocks[0]
	for _, other := range blocks {
		if strings.HasSuffix(other.kind, "PRIVATE KEY") {
			block = other
			break
		}
	}
	if strings.Contains(block.kind, "PUBLIC") || block.kind == "CERTIFICATE" {
		return nil, fmt.Errorf("it is a public key (%s): the private key is needed", strings.Trim(quotedName(block.kind), `"`))
	}
	if block.kind == "ENCRYPTED PRIVATE KEY" || pemIsEncrypted.MatchString(block.body) {
		return nil, errors.New("it is encrypted with a passphrase: decrypt it first, for example with `openssl pkey -in key.pem -out decrypted.pem`")
	}
	if !block.isWhole {
		return nil, errors.New("it is cut off: its last line (-----END … PRIVATE KEY-----) is missing")
	}
	parse, known := map[string]func([]byte) (any, error){
		"RSA PRIVATE KEY": func(der []byte) (any, error) { return x509.ParsePKCS1PrivateKey(der) },
		"EC PRIVATE KEY":  func(der []byte) (any, error) { return x509.ParseECPrivateKey(der) },
		"PRIVATE KEY":     x509.ParsePKCS8PrivateKey,
	}[block.kind]
	if !known {
		return nil, fmt.Errorf("it is a PEM block of type %s: RSA PRIVATE KEY, EC PRIVATE KEY and PRIVATE KEY are supported", quotedName(block.kind))
	}
	der, err := decodeBase64(block.body)
	switch {
	case notBase64.MatchString(block.body):
		return nil, errors.New("it is damaged: it has a character that is not base64. Was it shortened for display?")
	case len(der) == 0:
		return nil, errors.New("it is damaged: there is nothing between its first line and its last")
	case err != nil || !isWholeDER(der):
		return nil, fmt.Errorf("the %s block cannot be read: it is damaged (a line is missing, or it is cut off)", block.kind)
	}
	key, err := parse(der)
	if err != nil {
		// The errors of x509 for small RSA keys and unknown curves do not name the cause.
		return nil, fmt.Errorf("the %s block cannot be read: it is damaged, or of a kind that is not supported (RSA of at least %d bits and EC P-256 are)", block.kind, minRSABits)
	}
	return newPrivateKey(key)
}
