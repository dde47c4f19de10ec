// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
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

func waysOf(model Model) []way {
	return []way{{oauthPath, model.OAuth}, {apiKeyPath, model.APIKey}, {apiKeyFilePath, model.APIKeyFile}, {accessTokenPath, model.AccessToken}}
}

// configuredWays are the ways to authenticate that stand in the configuration.
// One that is unknown may yet turn out to be null.
func configuredWays(model Model) []path.Path {
	var ways []path.Path
	for _, way := range waysOf(model) {
		if !way.value.IsNull() && !way.value.IsUnknown() {
			ways = append(ways, way.at)
		}
	}
	return ways
}

// twoWays refuses two of them.
func twoWays(ways []path.Path) diag.Diagnostics {
	if len(ways) < 2 {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(ways[1], "Two ways to authenticate", fmt.Sprintf(
		"The provider's configuration has both %s and %s. Keep one of them. (Attributes of the configuration beat the environment.)", ways[0], ways[1]))}
}

// credentials finds the one way to authenticate: in the configuration, else in
// the environment. It is nil where something is missing, not known yet or wrong.
// keyToCome reports that this is a legacy key, which will bring a URL of its own.
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
		case !token.FitsHeader():
			r.problem(given, "it has white space or other characters that no bearer token has")
		}
		return token, false
	}
	content := r.find(apiKeyPath, model.APIKey)
	if ways[0].Equal(apiKeyFilePath) {
		content = r.readFile(r.find(apiKeyFilePath, model.APIKeyFile))
	}
	if !content.isSet() {
		return nil, true // Reported already.
	}
	key, err := cloudadmin.ParseAPIKey([]byte(content.value))
	if err != nil {
		r.problem(content, "%s", err)
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
			"The environment has both %s and %s. Unset one of them, or say in the provider's configuration which to use.", variables[0], variables[1]))
	}
	return ways
}

func (r *reader) oauthClient(ctx context.Context, model Model) cloudadmin.Credentials {
	var oauth OAuthModel
	if !model.OAuth.IsNull() {
		r.diags.Append(model.OAuth.As(ctx, &oauth, basetypes.ObjectAsOptions{})...)
	}
	issuer := r.find(oauthPath.AtName("issuer_url"), oauth.IssuerURL)
	tokenURL := r.find(oauthPath.AtName("token_url"), oauth.TokenURL)
	clientID := r.find(oauthPath.AtName("client_id"), oauth.ClientID)
	key := r.eitherOr(oauthPath.AtName("private_key"), oauth.PrivateKey, oauthPath.AtName("private_key_file"), oauth.PrivateKeyFile)
	keyID := r.find(oauthPath.AtName("private_key_id"), oauth.PrivateKeyID)
	client := cloudadmin.OAuthClient{ClientID: clientID.value, Scopes: r.scopes(ctx, oauth.Scopes)}

	var missing []string
	for _, part := range []struct {
		isMissing bool
		name      string
	}{
		{issuer.isMissing() && tokenURL.isMissing(), "issuer_url"}, {clientID.isMissing(), "client_id"}, {key.isMissing(), "private_key (or private_key_file)"},
	} {
		if part.isMissing {
			missing = append(missing, part.name)
		}
	}
	if len(missing) > 0 {
		r.missing(isIncomplete, "oauth lacks: %s. Each can also come from the environment, as IDPLUS_OAUTH_ and its name in capitals.", strings.Join(missing, ", "))
	}

	var err error
	switch {
	case tokenURL.isSet():
		if client.TokenURL, err = cloudadmin.ParseTokenURL(tokenURL.value); err != nil {
			r.problem(tokenURL, "%s", err)
		}
	case issuer.isSet():
		if client.TokenURL, err = cloudadmin.TokenURL(issuer.value); err != nil {
			r.problem(issuer, "%s", err)
		}
	}
	if key.isSet() {
		if client.Key, err = cloudadmin.ParsePrivateKey(key.value); err != nil {
			r.problem(key, "%s", err)
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

// eitherOr finds a value that stands inline or in a file. The configuration has
// one of the two, else the environment.
func (r *reader) eitherOr(inlinePath path.Path, inline types.String, filePath path.Path, file types.String) setting {
	switch {
	case inline.IsUnknown():
		return r.find(inlinePath, inline)
	case file.IsUnknown():
		return r.find(filePath, file)
	case !inline.IsNull() && !file.IsNull():
		r.diags.AddAttributeError(filePath, "Private key given twice", fmt.Sprintf("The configuration has both %s and %s. Keep one of them.", inlinePath, filePath))
		return setting{isReported: true}
	case !inline.IsNull():
		return r.find(inlinePath, inline)
	case !file.IsNull():
		return r.readFile(r.find(filePath, file))
	}
	fromInline, fromFile := r.find(inlinePath, inline), r.find(filePath, file)
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

// longestShown is how long a path may be for a diagnostic to repeat it: what is
// longer may be a key.
const longestShown = 255

// readFile returns the content of the file that a setting names.
func (r *reader) readFile(named setting) setting {
	if !named.isSet() {
		return named
	}
	content := setting{source: fmt.Sprintf("%s (%s)", named.source, named.value), at: named.at, fromEnvironment: named.fromEnvironment, isReported: true}
	if strings.Contains(named.value, "\n") || strings.HasPrefix(named.value, "{") || strings.HasPrefix(named.value, "-----BEGIN") {
		r.problem(named, "it looks like a key. Give the path of a file that holds the key")
		return content
	}
	shown := strconv.Quote(named.value)
	if len(named.value) > longestShown {
		shown = "of that name"
	}
	text, err := os.ReadFile(named.value)
	content.value = strings.TrimSpace(string(text))
	var pathError *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(named.value, "~"):
		r.problem(named, "there is no file %s; write pathexpand(%s) to have ~ replaced by the home directory", shown, shown)
	case errors.Is(err, fs.ErrNotExist):
		r.problem(named, "there is no file %s (a relative path starts at the working directory)", shown)
	case errors.As(err, &pathError):
		r.problem(named, "the file %s cannot be read: %s", shown, pathError.Err)
	case err != nil:
		r.problem(named, "the file %s cannot be read", shown)
	case content.value == "":
		r.problem(named, "the file %s is empty", shown)
	}
	return content
}
