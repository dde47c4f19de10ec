// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

var (
	oauthPath       = path.Root("oauth")
	apiKeyPath      = path.Root("api_key")
	apiKeyFilePath  = path.Root("api_key_file")
	accessTokenPath = path.Root("access_token")
)

const waysToAuthenticate = "oauth (recommended), api_key, api_key_file, access_token"

type way struct {
	at    path.Path
	value attr.Value
}

func waysOf(model Model) []way {
	return []way{{oauthPath, model.OAuth}, {apiKeyPath, model.APIKey}, {apiKeyFilePath, model.APIKeyFile}, {accessTokenPath, model.AccessToken}}
}

// configuredWays returns the ways to authenticate in the configuration, without unknown
// ones, which may turn out to be null.
func configuredWays(model Model) []path.Path {
	var ways []path.Path
	for _, way := range waysOf(model) {
		if !way.value.IsNull() && !way.value.IsUnknown() {
			ways = append(ways, way.at)
		}
	}
	return ways
}

// twoWays refuses two of them. It points at neither: Terraform would show the lines of the
// configuration, which may contain a secret.
func twoWays(ways []path.Path) diag.Diagnostics {
	if len(ways) < 2 {
		return nil
	}
	return diag.Diagnostics{diag.NewErrorDiagnostic("Two ways to authenticate", fmt.Sprintf(
		"The provider's configuration has both %s and %s. Keep one of them. (Attributes in the configuration override the environment.)", ways[0], ways[1]))}
}

// credentials returns the one way to authenticate, from the configuration or else from the
// environment. It is nil if something is missing, unknown or wrong. keyToCome reports
// whether it is a legacy key, which has a URL of its own.
func (r *reader) credentials(ctx context.Context, model Model) (found cloudadmin.Credentials, keyToCome bool) {
	ways := configuredWays(model)
	if len(ways) > 1 {
		r.diags.Append(twoWays(ways)...)
		return nil, false
	}
	waits := false
	for _, way := range waysOf(model) {
		if way.value.IsUnknown() {
			r.unknown(way.at)
			waits = true
			keyToCome = keyToCome || way.at.Equal(apiKeyPath) || way.at.Equal(apiKeyFilePath)
		}
	}
	if waits {
		return nil, keyToCome
	}
	if len(ways) == 0 {
		ways = r.waysInEnvironment()
	}
	if len(ways) != 1 {
		return nil, false
	}
	switch {
	case ways[0].Equal(oauthPath):
		return r.oauthClient(ctx, model), false
	case ways[0].Equal(accessTokenPath):
		given := r.find(accessTokenPath, model.AccessToken)
		token := cloudadmin.AccessToken(given.value)
		switch {
		case !given.isSet():
			return nil, false // Reported already.
		case strings.HasPrefix(strings.ToLower(given.value), "bearer ") || strings.Contains(strings.ToLower(given.value), "authorization:"):
			r.problem(given, "it is a header: use the token alone, without Bearer")
		case !token.FitsHeader():
			r.problem(given, "it has white space or other characters that no bearer token has")
		}
		return token, false
	}
	content := r.given(apiKeyPath, model.APIKey)
	if ways[0].Equal(apiKeyFilePath) {
		content = r.readFile(r.find(apiKeyFilePath, model.APIKeyFile))
	}
	if !content.isSet() {
		return nil, true // Reported already.
	}
	key, err := cloudadmin.ParseAPIKey([]byte(content.value))
	if err != nil {
		r.keyProblem(content, err)
		return nil, true
	}
	return key, false
}

func (r *reader) waysInEnvironment() []path.Path {
	var ways []path.Path
	var variables []string
	for _, way := range []struct {
		way path.Path
		any []path.Path
	}{
		{oauthPath, []path.Path{
			oauthPath.AtName("client_id"), oauthPath.AtName("private_key"), oauthPath.AtName("private_key_file"),
			oauthPath.AtName("issuer_url"), oauthPath.AtName("token_url"),
		}},
		{apiKeyPath, []path.Path{apiKeyPath}},
		{apiKeyFilePath, []path.Path{apiKeyFilePath}},
		{accessTokenPath, []path.Path{accessTokenPath}},
	} {
		for _, at := range way.any {
			if strings.TrimSpace(r.getenv(envName(at))) != "" {
				ways = append(ways, way.way)
				variables = append(variables, envName(at))
				break
			}
		}
	}
	switch {
	case len(ways) == 0:
		oauth := func(name string) string { return envName(oauthPath.AtName(name)) }
		r.missing("No way to authenticate", "The provider needs exactly one of %s, in its configuration or in the environment (%s, %s and %s; %s; %s; or %s).\n\n"+
			"The authentication guide in the provider's documentation says where each of them comes from.", waysToAuthenticate,
			oauth("issuer_url"), oauth("client_id"), oauth("private_key"), envName(apiKeyPath), envName(apiKeyFilePath), envName(accessTokenPath))
	case len(ways) > 1:
		r.diags.AddError("Two ways to authenticate", fmt.Sprintf(
			"The environment has both %s and %s. Unset one of them, or set one in the provider's configuration.", variables[0], variables[1]))
	}
	return ways
}

func (r *reader) oauthClient(ctx context.Context, model Model) cloudadmin.Credentials {
	var oauth OAuthModel
	if !model.OAuth.IsNull() {
		r.diags.Append(model.OAuth.As(ctx, &oauth, basetypes.ObjectAsOptions{})...)
	}
	r.keyInConfiguration = !oauth.PrivateKey.IsNull()
	issuer := r.find(oauthPath.AtName("issuer_url"), oauth.IssuerURL)
	tokenURL := r.find(oauthPath.AtName("token_url"), oauth.TokenURL)
	clientID := r.find(oauthPath.AtName("client_id"), oauth.ClientID)
	key := r.eitherOr(oauthPath.AtName("private_key"), oauth.PrivateKey, oauthPath.AtName("private_key_file"), oauth.PrivateKeyFile)
	keyID := r.find(oauthPath.AtName("private_key_id"), oauth.PrivateKeyID)
	for _, id := range []setting{clientID, keyID} {
		if problem := wordProblem(id.value); problem != "" {
			r.problem(id, "%s", problem)
		}
	}
	client := cloudadmin.OAuthClient{ClientID: clientID.value, Scopes: r.scopes(ctx, oauth.Scopes)}

	var missing []string
	for _, part := range []struct {
		isMissing bool
		names     []string
	}{
		{issuer.isMissing() && tokenURL.isMissing(), []string{"issuer_url"}},
		{clientID.isMissing(), []string{"client_id"}},
		{key.isMissing(), []string{"private_key", "private_key_file"}},
	} {
		if part.isMissing {
			var variables []string
			for _, name := range part.names {
				variables = append(variables, envName(oauthPath.AtName(name)))
			}
			missing = append(missing, fmt.Sprintf("%s (in the environment %s)", strings.Join(part.names, " or "), strings.Join(variables, " or ")))
		}
	}
	if len(missing) > 0 {
		r.missing(isIncomplete, "oauth is missing: %s.", strings.Join(missing, ", "))
	}

	var err error
	switch {
	case tokenURL.isSet():
		if client.TokenURL, err = cloudadmin.ParseTokenURL(tokenURL.value); err != nil {
			r.problem(tokenURL, "%s", err)
		} else if cloudadmin.IsIssuerURL(tokenURL.value) {
			r.problem(tokenURL, "it is the URL of an issuer: set %s instead, or add /token", tokenURL.nameOf(oauthPath.AtName("issuer_url")))
		}
	case issuer.isSet():
		if client.TokenURL, err = cloudadmin.TokenURL(issuer.value); err != nil {
			r.problem(issuer, "%s", err)
		}
	}
	if key.isSet() {
		if client.Key, err = cloudadmin.ParsePrivateKey(key.value); err != nil {
			r.keyProblem(key, err)
		}
	}
	if client.TokenURL == "" || client.Key == nil || !clientID.isSet() {
		return nil // Reported already.
	}
	if keyID.isSet() {
		client.Key.ID = keyID.value
	}
	return client
}

var pathLike = regexp.MustCompile(`^(~|\.{0,2})/|^[A-Za-z]:\\|\.(pem|key|jwk|json|txt)$`)

// keyProblem reports a key that cannot be used. It recognizes a path in its place.
func (r *reader) keyProblem(key setting, err error) {
	if len(key.value) < 256 && !strings.ContainsAny(key.value, "\n{") && pathLike.MatchString(key.value) && !isFile(key.at) {
		r.problem(key, "it looks like the path of a file, which belongs in %s", key.nameOf(fileOf(key.at)))
		return
	}
	if problem := address.QuoteProblem(key.value); problem != "" && problem != inQuotes {
		r.problem(key, "it %s", problem)
		return
	}
	r.problem(key, "%s", err)
}

// eitherOr returns a value that is given inline or in a file, in the configuration or else
// in the environment.
func (r *reader) eitherOr(inlinePath path.Path, inline types.String, filePath path.Path, file types.String) setting {
	switch {
	case inline.IsUnknown():
		return r.given(inlinePath, inline)
	case file.IsUnknown():
		return r.find(filePath, file)
	case !inline.IsNull() && !file.IsNull():
		r.diags.AddError("Private key given twice", fmt.Sprintf("The configuration has both %s and %s. Keep one of them.", inlinePath, filePath))
		return setting{isReported: true}
	case !inline.IsNull():
		return r.given(inlinePath, inline)
	case !file.IsNull():
		return r.readFile(r.find(filePath, file))
	}
	fromInline, fromFile := r.given(inlinePath, inline), r.find(filePath, file)
	switch {
	case fromInline.isSet() && fromFile.isSet():
		r.diags.AddError("Private key given twice", fmt.Sprintf("The environment has both %s and %s. Unset one of them.", fromInline.source, fromFile.source))
		return setting{isReported: true}
	case fromFile.isSet():
		return r.readFile(fromFile)
	case fromFile.isReported:
		return fromFile
	}
	return fromInline
}
