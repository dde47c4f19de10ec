// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"os"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/explain"
)

// explained says of an error of the client what the provider says of it. What doctor
// has found out itself is better advice, and stands in its place: it knows more than
// one answer.
func explained(err error, credentials cloudadmin.Credentials) (said, advice string) {
	explanation := explain.Explainer{Credentials: credentials, Getenv: os.Getenv}.Explain(err)
	return explanation.Lead + ": " + err.Error(), explanation.Advice
}
