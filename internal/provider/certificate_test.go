// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/pem"
	"io"
	"log"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// With a private certificate authority, the error names the way out, and that way works.
func TestCertificateOfAPrivateAuthority(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("elsewhere Go uses the system's store, which a test must not change")
	}
	tenant := newTestTenant(t, adaEmail)
	server := httptest.NewUnstartedServer(tenant.Handler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	w := newTerraformWorkspace(t, tenant)
	w.write("authority.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	w.write("main.tf", `
provider "idplus" {
  admin_api_url = "`+server.URL+`/AdminInterface/restapi"
  access_token  = "`+tenant.token+`"
}
`+userStatus("ada", "email = \"ada@example.com\"\nstatus = \"Disabled\""))

	w.env = slices.DeleteFunc(w.env, func(variable string) bool { return strings.HasPrefix(variable, "SSL_CERT_") })
	w.terraform("plan").fails().says("certificate signed by unknown authority", "save its certificate as PEM in a file and set SSL_CERT_FILE", "Trying again does not help.")
	if sent := len(tenant.Requests()); sent != 0 {
		t.Errorf("%d requests arrived", sent)
	}
	w.env = append(w.env, "SSL_CERT_FILE="+filepath.Join(w.dir, "authority.pem"))
	w.terraform("apply", "-auto-approve").succeeds()
	if got := tenant.status(t, adaEmail); got != "Disabled" {
		t.Errorf("ada is %s", got)
	}
}
