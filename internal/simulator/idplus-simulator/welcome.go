// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// welcomeText is what the program tells whoever started it.
type welcomeText struct {
	URL         string
	AdminAPIURL string
	IssuerURL   string
	Client      simulator.OAuthClient
	Key         []byte           // the legacy API key
	KeyFile     string           // that has the key; empty: none
	Users       []simulator.User // those to show
	Others      int              // how many there are besides
}

// welcome prints what is needed to use the tenant, ready to be pasted.
func welcome(w io.Writer, text welcomeText) error {
	var users strings.Builder
	if err := simulator.WriteUserTable(&users, text.Users); err != nil {
		return err
	}
	if text.Others > 0 {
		fmt.Fprintf(&users, "and %d others\n", text.Others)
	}
	key, err := exportOfKey(text)
	if err != nil {
		return err
	}
	changes, err := listChanges()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, `A simulated tenant of RSA ID Plus listens at %[1]s
Everything is in memory and gone when the program ends (Ctrl-C).

1. In the shell that runs Terraform:

export IDPLUS_ADMIN_API_URL=%[2]s
export IDPLUS_OAUTH_ISSUER_URL=%[3]s
export IDPLUS_OAUTH_CLIENT_ID=%[4]s
export IDPLUS_OAUTH_PRIVATE_KEY=%[5]s

Or, to sign in with a legacy API key instead:

unset IDPLUS_OAUTH_ISSUER_URL IDPLUS_OAUTH_CLIENT_ID IDPLUS_OAUTH_PRIVATE_KEY
%[6]s

2. In the configuration:

terraform {
  required_providers {
    idplus = {
      source = "idplus-community/idplus"
    }
  }
}

# Reads the IDPLUS_ variables above.
provider "idplus" {}

3. The users:

%[7]s
4. Changes behind Terraform's back, of any user:

curl -X POST '%[1]s/simulator/users/ada@example.com/disable'

Instead of disable, and what is so afterwards:

%[8]s
Somebody joins, with an identity source or without:

curl -X POST '%[1]s/simulator/users?email=new@example.com&identity_source=Local'

Six days later, how the users are now, and the requests so far:

curl -X POST '%[1]s/simulator/clock/advance?by=144h'
curl %[1]s/simulator/users
curl %[1]s/simulator/requests

5. What the API's documentation leaves open, and how to have it otherwise:

curl %[1]s/simulator/temperaments
curl -X POST '%[1]s/simulator/temperaments/same-status?is=409'
`, text.URL, text.AdminAPIURL, text.IssuerURL, text.Client.ClientID, quoted(text.Client.PrivateKeyJWK), key, users.String(), changes)
	return err
}

// exportOfKey is the line that hands the legacy API key to the provider.
func exportOfKey(text welcomeText) (string, error) {
	if text.KeyFile != "" {
		path, err := filepath.Abs(text.KeyFile)
		return "export IDPLUS_API_KEY_FILE=" + quoted(path), err
	}
	var oneLine bytes.Buffer
	err := json.Compact(&oneLine, text.Key)
	return "export IDPLUS_API_KEY=" + quoted(oneLine.String()), err
}

// quoted is a word for a shell that changes nothing in it.
func quoted(word string) string {
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// listChanges lists the changes of a user, and what each does.
func listChanges() (string, error) {
	var list strings.Builder
	table := tabwriter.NewWriter(&list, 0, 0, 2, ' ', 0)
	for _, change := range simulator.UserChanges() {
		if _, err := fmt.Fprintf(table, "%s\t%s\n", change.Call(), change.Does); err != nil {
			return "", err
		}
	}
	err := table.Flush()
	return list.String(), err
}
