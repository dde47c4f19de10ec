// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

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

func waysOf(model providerModel) []way {
	return []way{{oauthPath, model.OAuth}, {apiKeyPath, model.APIKey}, {apiKeyFilePath, model.APIKeyFile}, {accessTokenPath, model.AccessToken}}
}

// configuredWays are the ways to authenticate that stand in the configuration.
// One that is unknown may yet turn out to be null.
func configuredWays(model providerModel) []path.Path {
	var ways []path.Path
	for _, way := range waysOf(model) {
		if !way.value.IsNull() && !way.value.IsUnknown() {
			ways = append(ways, way.at)
		}
	}
	return ways
}

func refuseTwoWays(ways []path.Path, diags *diag.Diagnostics) {
	if len(ways) < 2 {
		return
	}
	diags.AddAttributeError(ways[1], "Two ways to authenticate", fmt.Sprintf(
		"The provider's configuration has both %s and %s. Keep one of them. (Attributes of the configuration beat the environment.)", ways[0], ways[1]))
}

// credentials finds the one way to authenticate: in the configuration, else in
// the environment. What is wrong is reported; brokenKey tells that it is a
// legacy key.
func (s *settings) credentials(ctx context.Context, model providerModel) (found cloudadmin.Credentials, brokenKey bool) {
	for _, way := range waysOf(model) {
		if way.value.IsUnknown() {
			s.unknown(way.at)
			return nil, false
		}
	}
	ways := configuredWays(model)
	if len(ways) == 0 {
		ways = s.waysInEnvironment()
	}
	if len(ways) != 1 {
		refuseTwoWays(configuredWays(model), s.diags)
		return nil, false
	}
	switch {
	case ways[0].Equal(oauthPath):
		return s.oauthClient(ctx, model), false
	case ways[0].Equal(accessTokenPath):
		given := s.find(accessTokenPath, model.AccessToken)
		token := cloudadmin.AccessToken(given.value)
		if !token.FitsHeader() {
			s.problem(given, "it has white space or other characters that no bearer token has")
		}
		return token, false
	}
	content := s.find(apiKeyPath, model.APIKey)
	if ways[0].Equal(apiKeyFilePath) {
		content = s.readFile(s.find(apiKeyFilePath, model.APIKeyFile))
	}
	if !content.isSet() {
		return nil, true // Reported already.
	}
	key, err := cloudadmin.ParseAPIKey([]byte(content.value))
	if err != nil {
		s.problem(content, "%s", err)
		return nil, true
	}
	return key, false
}

func (s *settings) waysInEnvironment() []path.Path {
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
			if strings.TrimSpace(s.getenv(envName(at))) != "" {
				ways = append(ways, way.way)
				variables = append(variables, envName(at))
				break
			}
		}
	}
	switch {
	case len(ways) == 0:
		s.diags.AddError("No way to authenticate", fmt.Sprintf(
			"The provider needs exactly one of %s, in its configuration or in the environment (%s and %s, %s, %s, or %s).\n\n"+
				"The authentication guide in the provider's documentation says where each of them comes from.", waysToAuthenticate,
			envName(oauthPath.AtName("client_id")), envName(oauthPath.AtName("private_key")), envName(apiKeyPath), envName(apiKeyFilePath), envName(accessTokenPath)))
	case len(ways) > 1:
		s.diags.AddError("Two ways to authenticate", fmt.Sprintf(
			"The environment has both %s and %s. Unset one of them, or say in the provider's configuration which to use.", variables[0], variables[1]))
	}
	return ways
}

func (s *settings) oauthClient(ctx context.Context, model providerModel) cloudadmin.Credentials {
	var oauth oauthModel
	if !model.OAuth.IsNull() {
		s.diags.Append(model.OAuth.As(ctx, &oauth, basetypes.ObjectAsOptions{})...)
	}
	before := s.diags.ErrorsCount()
	issuer := s.find(oauthPath.AtName("issuer_url"), oauth.IssuerURL)
	tokenURL := s.find(oauthPath.AtName("token_url"), oauth.TokenURL)
	clientID := s.find(oauthPath.AtName("client_id"), oauth.ClientID)
	key := s.eitherOr(oauthPath.AtName("private_key"), oauth.PrivateKey, oauthPath.AtName("private_key_file"), oauth.PrivateKeyFile)
	keyID := s.find(oauthPath.AtName("private_key_id"), oauth.PrivateKeyID)
	scopes, _ := s.list(ctx, oauthPath.AtName("scopes"), oauth.Scopes)
	if s.diags.ErrorsCount() > before {
		return nil
	}

	var missing []string
	for _, part := range []struct {
		isSet bool
		name  string
	}{
		{issuer.isSet() || tokenURL.isSet(), "issuer_url"}, {clientID.isSet(), "client_id"}, {key.isSet(), "private_key (or private_key_file)"},
	} {
		if !part.isSet {
			missing = append(missing, part.name)
		}
	}
	if len(missing) > 0 {
		s.diags.AddAttributeError(oauthPath, "Provider configuration is incomplete", fmt.Sprintf(
			"oauth lacks: %s. Each can also come from the environment, as IDPLUS_OAUTH_ and its name in capitals.", strings.Join(missing, ", ")))
		return nil
	}

	client := cloudadmin.OAuthClient{ClientID: clientID.value, Scopes: scopes}
	var err error
	if tokenURL.isSet() {
		if client.TokenURL, err = cloudadmin.ParseTokenURL(tokenURL.value); err != nil {
			s.problem(tokenURL, "%s", err)
		}
	} else if client.TokenURL, err = cloudadmin.TokenURL(issuer.value); err != nil {
		s.problem(issuer, "%s", err)
	}
	if client.Key, err = cloudadmin.ParsePrivateKey(key.value); err != nil {
		s.problem(key, "%s", err)
		return nil
	}
	if keyID.isSet() {
		client.Key.ID = keyID.value
	}
	return client
}

// eitherOr finds a value that stands inline or in a file. The configuration has
// one of the two, else the environment.
func (s *settings) eitherOr(inlinePath path.Path, inline types.String, filePath path.Path, file types.String) setting {
	switch {
	case !inline.IsNull() && !file.IsNull():
		s.diags.AddAttributeError(filePath, "Private key given twice", fmt.Sprintf("The configuration has both %s and %s. Keep one of them.", inlinePath, filePath))
		return setting{}
	case !inline.IsNull():
		return s.find(inlinePath, inline)
	case !file.IsNull():
		return s.readFile(s.find(filePath, file))
	}
	fromInline, fromFile := s.find(inlinePath, inline), s.find(filePath, file)
	switch {
	case fromInline.isSet() && fromFile.isSet():
		s.diags.AddError("Private key given twice", fmt.Sprintf("The environment has both %s and %s. Unset one of them.", fromInline.source, fromFile.source))
		return setting{}
	case fromFile.isSet():
		return s.readFile(fromFile)
	}
	return fromInline
}

// readFile answers the content of the file that a setting names.
func (s *settings) readFile(named setting) setting {
	if !named.isSet() {
		return named
	}
	content, err := os.ReadFile(named.value)
	var pathError *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(named.value, "~"):
		s.problem(named, "there is no file %q; write pathexpand(%q) to have ~ replaced by the home directory", named.value, named.value)
	case errors.Is(err, fs.ErrNotExist):
		s.problem(named, "there is no file %q (a relative path starts at the working directory)", named.value)
	case errors.As(err, &pathError):
		s.problem(named, "the file %q cannot be read: %s", named.value, pathError.Err)
	case err != nil:
		s.problem(named, "the file %q cannot be read", named.value)
	case strings.TrimSpace(string(content)) == "":
		s.problem(named, "the file %q is empty", named.value)
	}
	named.source = fmt.Sprintf("%s (%s)", named.source, named.value)
	named.value = strings.TrimSpace(string(content))
	return named
}
