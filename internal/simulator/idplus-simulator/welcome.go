// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// welcomeText is what the program tells whoever started it.
type welcomeText struct {
	URL         string
	AdminAPIURL string
	IssuerURL   string
	Client      simulator.OAuthClient
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
	_, err := fmt.Fprintf(w, `A simulated tenant of RSA ID Plus listens at %[1]s
Everything is in memory and gone when the program ends (Ctrl-C).

1. In the shell that runs Terraform:

export IDPLUS_ADMIN_API_URL=%[2]s
export IDPLUS_OAUTH_ISSUER_URL=%[3]s
export IDPLUS_OAUTH_CLIENT_ID=%[4]s
export IDPLUS_OAUTH_PRIVATE_KEY='%[5]s'

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

%[6]s
4. Changes behind Terraform's back, and what becomes of them:

curl -X POST %[1]s/simulator/users/ada@example.com/disable
curl -X POST %[1]s/simulator/users/ines@example.com/restore-in-directory
curl -X POST '%[1]s/simulator/clock/advance?by=144h'
curl %[1]s/simulator/users
curl %[1]s/simulator/requests

5. What the API's documentation leaves open, and how to have it otherwise:

curl %[1]s/simulator/temperaments
curl -X POST '%[1]s/simulator/temperaments/same-status?is=409'
`, text.URL, text.AdminAPIURL, text.IssuerURL, text.Client.ClientID, text.Client.PrivateKeyJWK, users.String())
	return err
}
