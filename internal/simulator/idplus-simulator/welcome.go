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

// welcomeText is the content of the welcome.
type welcomeText struct {
	URL         string
	AdminAPIURL string
	IssuerURL   string
	Client      simulator.OAuthClient
	Key         []byte           // the legacy API key
	KeyFile     string           // with the key; empty: none
	EnvFile     string           // with the exports; empty: none
	CLIConfig   string           // with which Terraform installs the provider; empty: not known
	Programs    string           // folder to put on the PATH; empty: none
	Users       []simulator.User // the users to show
	Others      int              // how many more there are
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
	signIn, err := text.signIn()
	if err != nil {
		return err
	}
	changes, err := listChanges()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, `A simulated tenant of RSA ID Plus listens at %[1]s
Everything is in memory and gone when the program ends (Ctrl-C).

1. In the shell that runs Terraform (bash, zsh or sh):

%[2]s
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

%[3]s
4. Changes behind Terraform's back, of any user:

curl -X POST '%[1]s/simulator/users/ada@example.com/disable'

Instead of disable, with the result:

%[4]s
Add a user, with or without an identity source:

curl -X POST '%[1]s/simulator/users?email=new@example.com&identity_source=Local'

Let six days pass, list the users, and count the requests so far:

curl -X POST '%[1]s/simulator/clock/advance?by=144h'
curl %[1]s/simulator/users
curl %[1]s/simulator/requests

5. What the API's documentation leaves open, and how to switch it:

curl %[1]s/simulator/temperaments
curl -X POST '%[1]s/simulator/temperaments/same-status?is=409'
`, text.URL, signIn, users.String(), changes)
	return err
}

// exports are the lines with which a shell's Terraform uses the tenant.
func (text welcomeText) exports() ([]string, error) {
	var lines []string
	if text.CLIConfig != "" {
		path, err := filepath.Abs(text.CLIConfig)
		if err != nil {
			return nil, err
		}
		lines = append(lines, "export TF_CLI_CONFIG_FILE="+quoted(path))
	}
	if text.Programs != "" {
		lines = append(lines, "export PATH="+quoted(text.Programs)+`:"$PATH"`)
	}
	return append(lines,
		"export IDPLUS_ADMIN_API_URL="+text.AdminAPIURL,
		"export IDPLUS_OAUTH_ISSUER_URL="+text.IssuerURL,
		"export IDPLUS_OAUTH_CLIENT_ID="+text.Client.ClientID,
		"export IDPLUS_OAUTH_PRIVATE_KEY="+quoted(text.Client.PrivateKeyJWK),
	), nil
}

// signIn returns how a shell gets its exports.
func (text welcomeText) signIn() (string, error) {
	exports, err := text.exports()
	if err != nil {
		return "", err
	}
	if text.EnvFile != "" {
		path, err := filepath.Abs(text.EnvFile)
		if err != nil {
			return "", err
		}
		exports = []string{". " + quoted(path)}
		if text.KeyFile == "" {
			// The complete key would hide the important line.
			return exports[0] + "\n", nil
		}
	}
	key, err := text.exportOfKey()
	return strings.Join(exports, "\n") + `

Or, to sign in with a legacy API key instead:

unset IDPLUS_OAUTH_ISSUER_URL IDPLUS_OAUTH_CLIENT_ID IDPLUS_OAUTH_PRIVATE_KEY
` + key + "\n", err
}

// exportOfKey returns the line that gives the legacy API key to the provider.
func (text welcomeText) exportOfKey() (string, error) {
	if text.KeyFile != "" {
		path, err := filepath.Abs(text.KeyFile)
		return "export IDPLUS_API_KEY_FILE=" + quoted(path), err
	}
	var oneLine bytes.Buffer
	err := json.Compact(&oneLine, text.Key)
	return "export IDPLUS_API_KEY=" + quoted(oneLine.String()), err
}

// listChanges lists the changes of a user, and the result of each.
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
