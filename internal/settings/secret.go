// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// mayHold has the kinds of secrets that an attribute is for, or that look the same. Any
// other kind is in the wrong place.
var mayHold = map[string][]cloudadmin.Kind{
	"api_key":                {cloudadmin.LegacyFile, cloudadmin.OtherJSON, cloudadmin.Random},
	"access_token":           {cloudadmin.JWT, cloudadmin.Random},
	"oauth.private_key":      {cloudadmin.PEM, cloudadmin.JWK, cloudadmin.BareKey, cloudadmin.OtherJSON, cloudadmin.Random},
	"oauth.client_id":        {cloudadmin.Random},
	"oauth.private_key_id":   {cloudadmin.Random},
	"api_key_file":           {cloudadmin.Random},
	"oauth.private_key_file": {cloudadmin.Random},
	// An address may look as random as a token: each entry is checked separately.
	"protected_users": {cloudadmin.Random},
	// These have their own errors for a user name or a long path.
	"admin_api_url":    {cloudadmin.UserInfo, cloudadmin.Random},
	"oauth.issuer_url": {cloudadmin.UserInfo, cloudadmin.Random},
	"oauth.token_url":  {cloudadmin.UserInfo, cloudadmin.Random},
}

// home has the attribute that a kind of secret is for.
var home = map[cloudadmin.Kind]path.Path{
	cloudadmin.PEM:        oauthPath.AtName("private_key"),
	cloudadmin.JWK:        oauthPath.AtName("private_key"),
	cloudadmin.BareKey:    oauthPath.AtName("private_key"),
	cloudadmin.LegacyFile: apiKeyPath,
	cloudadmin.JWT:        accessTokenPath,
}

// misplaced returns that a value looks like a secret that does not belong in this setting,
// or an empty text.
func misplaced(found setting, value string) string {
	kind := cloudadmin.KindOf(value)
	if kind == cloudadmin.NoSecret || slices.Contains(mayHold[found.at.String()], kind) {
		return ""
	}
	text := looksLike(kind)
	switch at, known := home[kind]; {
	case isFile(found.at) && known:
		text += ". Use the path of a file that contains it, or set " + found.nameOf(at)
	case found.inFile && known && kind != cloudadmin.JWT:
		text += ", which belongs in " + found.nameOf(fileOf(at))
	case known:
		text += ", which belongs in " + found.nameOf(at)
	case kind == cloudadmin.OtherJSON && found.at.Equal(accessTokenPath):
		text += ": use only the access token in it"
	}
	return text
}

func looksLike(kind cloudadmin.Kind) string { return "it looks like " + string(kind) }

func isFile(at path.Path) bool { return strings.HasSuffix(at.String(), "_file") }

// shown returns a text as a diagnostic may repeat it. Nothing else in this package repeats
// values. A text that looks like a secret, or is too long to check, becomes otherwise.
func shown(text, otherwise string) string {
	const longest = 255
	if len(text) > longest || cloudadmin.KindOf(text) != cloudadmin.NoSecret {
		return otherwise
	}
	return strconv.Quote(text)
}

var shortNumber = regexp.MustCompile(`^[-+]?[\d.,_]{1,6} ?(%|ms|s|m|h|d|sec|min|(second|minute|hour|day)s?)?$`)

// shownNumber is shown for a number or a duration. It repeats nothing else, which may be a
// password.
func shownNumber(text string) string {
	if shortNumber.MatchString(text) {
		return strconv.Quote(text)
	}
	return notShown
}

// notShown replaces a text that is not repeated.
const notShown = "it"

// wordProblem returns what is wrong with a text of one word, such as an id.
func wordProblem(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || address.IsInvisible(r) }) {
		return "it has white space or an invisible character in it"
	}
	return ""
}

// contentOf returns the attribute whose value is in a file. fileOf is the reverse.
func contentOf(at path.Path) path.Path {
	if at.Equal(apiKeyFilePath) {
		return apiKeyPath
	}
	return oauthPath.AtName("private_key")
}

func fileOf(at path.Path) path.Path {
	if at.Equal(apiKeyPath) {
		return apiKeyFilePath
	}
	return oauthPath.AtName("private_key_file")
}
