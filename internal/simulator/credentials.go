// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// The scopes that the simulated calls require.
const (
	ScopeRead       = "rsa.user.read"
	ScopeManage     = "rsa.user.manage"
	ScopeSync       = "rsa.user.sync"
	ScopeDeleteSoft = "rsa.user.delete.soft"
)

const (
	rsaKeyBits           = 2048
	defaultTokenLifetime = time.Hour
)

// OAuthClient is what the console provides when an administrator has created an OAuth
// client. The private key has two forms.
type OAuthClient struct {
	ClientID      string
	KeyID         string
	PrivateKeyJWK string // JSON on one line
	PrivateKeyPEM string // PKCS#8
	Scopes        []string
}

// OAuthOptions are the options of an OAuth client to create.
type OAuthOptions struct {
	KeyType       string        // RSA (default) or EC, which is P-256
	Scopes        []string      // default: read, manage and delete softly
	TokenLifetime time.Duration // default: one hour
	Unpublished   bool          // saved, but not published
}

// credentials are what the tenant knows about its clients.
type credentials struct {
	mu             sync.Mutex
	clients        map[string]registeredClient
	apiKeys        map[string]registeredKey
	tokens         map[string]*accessToken
	usedAssertions map[string]time.Time // when the assertion expires, by client and jti
}

type registeredClient struct {
	id        string
	keyID     string
	publicKey crypto.PublicKey
	algorithm jose.SignatureAlgorithm
	scopes    []string
	lifetime  time.Duration
	published bool
}

type registeredKey struct {
	publicKey *rsa.PublicKey
	audience  string
}

func newCredentials() credentials {
	return credentials{
		clients:        map[string]registeredClient{},
		apiKeys:        map[string]registeredKey{},
		tokens:         map[string]*accessToken{},
		usedAssertions: map[string]time.Time{},
	}
}

func defaultScopes() []string {
	return []string{ScopeRead, ScopeManage, ScopeDeleteSoft}
}

// CreateOAuthClient creates an OAuth client with its own key pair. It fails for an unknown
// key type.
func (t *Tenant) CreateOAuthClient(o OAuthOptions) (OAuthClient, error) {
	signer, algorithm, err := newKey(o.KeyType)
	if err != nil {
		return OAuthClient{}, err
	}
	client := registeredClient{
		id:        newID(),
		keyID:     newID(),
		publicKey: signer.Public(),
		algorithm: algorithm,
		scopes:    slices.Clone(o.Scopes),
		lifetime:  o.TokenLifetime,
		published: !o.Unpublished,
	}
	if len(client.scopes) == 0 {
		client.scopes = defaultScopes()
	}
	if client.lifetime <= 0 {
		client.lifetime = defaultTokenLifetime
	}

	jwk, err := jose.JSONWebKey{Key: signer, KeyID: client.keyID, Algorithm: string(algorithm), Use: "sig"}.MarshalJSON()
	if err != nil {
		return OAuthClient{}, fmt.Errorf("writing the private key as a JWK: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(signer)
	if err != nil {
		return OAuthClient{}, fmt.Errorf("writing the private key as PKCS#8: %w", err)
	}

	t.credentials.mu.Lock()
	defer t.credentials.mu.Unlock()
	t.credentials.clients[client.id] = client
	return OAuthClient{
		ClientID:      client.id,
		KeyID:         client.keyID,
		PrivateKeyJWK: string(jwk),
		PrivateKeyPEM: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		Scopes:        slices.Clone(client.scopes),
	}, nil
}

func newKey(keyType string) (crypto.Signer, jose.SignatureAlgorithm, error) {
	switch keyType {
	case "", "RSA":
		key, err := rsa.GenerateKey(rand.Reader, rsaKeyBits)
		return key, jose.RS256, err
	case "EC":
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		return key, jose.ES256, err
	default:
		return nil, "", fmt.Errorf("key type %q is neither RSA nor EC", keyType)
	}
}

// apiKeyFile is the file that the console offers for download.
type apiKeyFile struct {
	CustomerName    string `json:"customerName"`
	AccessID        string `json:"accessID"`
	AccessKey       string `json:"accessKey"`
	AdminRestAPIURL string `json:"adminRestApiUrl"`
	Description     string `json:"description"`
}

// CreateAPIKey creates a legacy API key and returns its key file. The URL is in the file as
// given, and is the only audience that tokens of this key may have.
func (t *Tenant) CreateAPIKey(adminRestAPIURL string) (keyFile []byte, err error) {
	key, err := rsa.GenerateKey(rand.Reader, rsaKeyBits)
	if err != nil {
		return nil, fmt.Errorf("making a key: %w", err)
	}
	accessID := newID()
	keyFile, err = json.MarshalIndent(apiKeyFile{
		CustomerName: "Example",
		AccessID:     accessID,
		AccessKey: string(pem.EncodeToMemory(&pem.Block{
			Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key),
		})),
		AdminRestAPIURL: adminRestAPIURL,
		Description:     "A key of the simulated tenant",
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing the key file: %w", err)
	}

	t.credentials.mu.Lock()
	defer t.credentials.mu.Unlock()
	t.credentials.apiKeys[accessID] = registeredKey{publicKey: &key.PublicKey, audience: adminRestAPIURL}
	return keyFile, nil
}

// DeleteCredential removes an OAuth client or a legacy API key by its client id or access
// id, as an administrator does. Access tokens that were issued to it are also refused.
func (t *Tenant) DeleteCredential(id string) {
	t.credentials.mu.Lock()
	defer t.credentials.mu.Unlock()
	delete(t.credentials.clients, id)
	delete(t.credentials.apiKeys, id)
	for value, token := range t.credentials.tokens {
		if token.caller.name == id {
			delete(t.credentials.tokens, value)
		}
	}
}
