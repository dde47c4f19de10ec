// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Command providerschema writes the provider's schemas as JSON to standard output, in the
// format of "terraform providers schema -json".
//
// The documentation generator reads this file instead of running a Terraform binary, so
// that the generated pages do not depend on the installed Terraform: a Terraform before
// 1.14 knows neither actions nor list resources and would leave their pages out.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/idplus-community/terraform-provider-idplus/internal/provider"
)

// schemaKey is where the documentation generator looks for the provider. Terraform writes
// the full registry address here; the generator accepts that only for providers of the
// hashicorp namespace.
const schemaKey = "idplus"

func main() {
	server := providerserver.NewProtocol6(provider.New("dev")())()

	if err := write(context.Background(), os.Stdout, server); err != nil {
		fmt.Fprintln(os.Stderr, "providerschema:", err)
		os.Exit(1)
	}
}

// write asks the provider server for all its schemas and writes them to w.
func write(ctx context.Context, w io.Writer, server tfprotov6.ProviderServer) error {
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return fmt.Errorf("asking for the schemas: %w", err)
	}

	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return fmt.Errorf("asking for the identity schemas: %w", err)
	}

	if err := errors.Join(diagnosticErrors(schemas.Diagnostics), diagnosticErrors(identities.Diagnostics)); err != nil {
		return err
	}

	converted, err := convertProvider(schemas, identities)
	if err != nil {
		return err
	}

	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")

	return encoder.Encode(&tfjson.ProviderSchemas{
		FormatVersion: "1.0",
		Schemas:       map[string]*tfjson.ProviderSchema{schemaKey: converted},
	})
}

// diagnosticErrors returns the errors among the diagnostics, joined, or nil.
func diagnosticErrors(diagnostics []*tfprotov6.Diagnostic) error {
	var errs []error

	for _, diagnostic := range diagnostics {
		if diagnostic.Severity == tfprotov6.DiagnosticSeverityError {
			errs = append(errs, fmt.Errorf("%s: %s", diagnostic.Summary, diagnostic.Detail))
		}
	}

	return errors.Join(errs...)
}
