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

// mayHold are the secrets that an attribute is for, or that cannot be told from
// what it is for. Any other is in the wrong place.
var mayHold = map[string][]cloudadmin.Kind{
	"api_key":                {cloudadmin.LegacyFile, cloudadmin.OtherJSON, cloudadmin.Random},
	"access_token":           {cloudadmin.JWT, cloudadmin.Random},
	"oauth.private_key":      {cloudadmin.PEM, cloudadmin.JWK, cloudadmin.BareKey, cloudadmin.OtherJSON, cloudadmin.Random},
	"oauth.client_id":        {cloudadmin.Random},
	"oauth.private_key_id":   {cloudadmin.Random},
	"api_key_file":           {cloudadmin.Random},
	"oauth.private_key_file": {cloudadmin.Random},
	// An address may be as random as a token: each entry is looked at by itself.
	"protected_users": {cloudadmin.Random},
	// These say themselves what is wrong with a user name or a long path.
	"admin_api_url":    {cloudadmin.UserInfo, cloudadmin.Random},
	"oauth.issuer_url": {cloudadmin.UserInfo, cloudadmin.Random},
	"oauth.token_url":  {cloudadmin.UserInfo, cloudadmin.Random},
}

// home is the attribute that a kind of secret is for.
var home = map[cloudadmin.Kind]path.Path{
	cloudadmin.PEM:        oauthPath.AtName("private_key"),
	cloudadmin.JWK:        oauthPath.AtName("private_key"),
	cloudadmin.BareKey:    oauthPath.AtName("private_key"),
	cloudadmin.LegacyFile: apiKeyPath,
	cloudadmin.JWT:        accessTokenPath,
}

// misplaced says that a value looks like a secret that does not belong in this
// setting; it is empty where it may stand there.
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

// shown is a text as a diagnostic may repeat it. Nothing else in this package repeats
// what was set: what looks like a secret, or is too long to tell, becomes the words
// that stand for it.
func shown(text, otherwise string) string {
	const longest = 255
	if len(text) > longest || cloudadmin.KindOf(text) != cloudadmin.NoSecret {
		return otherwise
	}
	return strconv.Quote(text)
}

var shortNumber = regexp.MustCompile(`^[-+]?[\d.,_]{1,6} ?(%|ms|s|m|h|d|sec|min|(second|minute|hour|day)s?)?$`)

// shownNumber is shown for what should be a number or a duration: nothing else than
// a number is repeated, since it may be a password.
func shownNumber(text string) string {
	if shortNumber.MatchString(text) {
		return strconv.Quote(text)
	}
	return notShown
}

// notShown stands for a text that is not repeated.
const notShown = "it"

// wordProblem says what is wrong with a text that is one word, such as an id.
func wordProblem(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || address.IsInvisible(r) }) {
		return "it has white space or an invisible character in it"
	}
	return ""
}

// contentOf is the attribute whose value a file holds, and fileOf the opposite.
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
