// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import "github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"

// explain says of an error of the client what it is, and what to do in general.
// What doctor has found out itself is better advice, and stands in its place.
func explain(err error, credentials cloudadmin.Credentials) (said, advice string) {
	if cloudadmin.IsUnauthorized(err) {
		advice = likelyCauses(credentials)
	}
	return err.Error(), advice
}

// likelyCauses is what a refusal of credentials is about in general.
func likelyCauses(credentials cloudadmin.Credentials) string {
	switch credentials.(type) {
	case cloudadmin.OAuthClient:
		return "Check, in this order: was the client published (Publish Changes in the console); do client id and private key " +
			"belong together; does the client have the scopes that are asked for; is the issuer of the same tenant as the base URL."
	case *cloudadmin.APIKey:
		return "Check, in this order: was the key deleted or made anew in the console; is the key file as it was downloaded; " +
			"does the key's role cover users; does the licence include the administration API."
	}
	return "Check, in this order: has the token ended; is it of the same tenant as the base URL; does it have the scope rsa.user.read."
}
