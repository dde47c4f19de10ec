// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

const accessTokenResource = "idplus_access_token"

func (p *protocol) openAccessToken() *tfprotov6.OpenEphemeralResourceResponse {
	p.t.Helper()
	p.tenant.ResetCounts()
	opened, err := p.server.OpenEphemeralResource(p.t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: accessTokenResource, Config: p.value(p.EphemeralResourceSchemas[accessTokenResource], nil),
	})
	must(p.t, err)
	return opened
}

// oauthArguments returns the settings of a new client as attributes of the provider; the
// id may be another client's.
func (tt *testTenant) oauthArguments(t *testing.T, options simulator.OAuthOptions, id string) map[string]any {
	t.Helper()
	options.KeyType = "EC"
	client, err := tt.CreateOAuthClient(options)
	must(t, err)
	return map[string]any{"access_token": nil, "oauth": map[string]any{
		"issuer_url": tt.server.IssuerURL(), "client_id": cmp.Or(id, client.ClientID), "private_key": client.PrivateKeyJWK,
	}}
}

func TestAccessToken(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	p := newProtocolOf(t, tenant, terraformWithEverything, tenant.oauthArguments(t, simulator.OAuthOptions{TokenLifetime: time.Hour}, ""))
	before := time.Now()
	opened := p.openAccessToken()
	wantTexts(t, opened.Diagnostics)
	got := p.attributes(p.EphemeralResourceSchemas[accessTokenResource].ValueType(), opened.Result)
	expiry, err := time.Parse(time.RFC3339, got["expires_at"])
	must(t, err)
	if got["access_token"] == "" || expiry.Before(before.Add(59*time.Minute)) || expiry.After(time.Now().Add(time.Hour)) {
		t.Errorf("a token of %d characters, until %s", len(got["access_token"]), expiry)
	}
	if !opened.RenewAt.Truncate(time.Second).Equal(expiry) {
		t.Errorf("Terraform renews at %s, the token ends at %s", opened.RenewAt, expiry)
	}
	// The provider keeps using this token.
	_, said := p.usersOfThisRun(map[string]any{"emails": []any{"ada@example.com"}})
	wantTexts(t, said)
	if n := tenant.Count(simulator.KindToken); n != 0 {
		t.Errorf("%d more tokens were fetched", n)
	}
	renewed, err := p.server.RenewEphemeralResource(t.Context(), &tfprotov6.RenewEphemeralResourceRequest{TypeName: accessTokenResource, Private: opened.Private})
	must(t, err)
	wantTexts(t, renewed.Diagnostics, "WARNING Access token expired while Terraform was running")
	if !renewed.RenewAt.IsZero() {
		t.Error("Terraform is asked to renew again")
	}
}

func TestAccessTokenOfUnknownEnd(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t)
	p := newProtocol(t, tenant)
	opened := p.openAccessToken()
	wantTexts(t, opened.Diagnostics)
	got := p.attributes(p.EphemeralResourceSchemas[accessTokenResource].ValueType(), opened.Result)
	if got["access_token"] != tenant.token || len(got) != 1 || !opened.RenewAt.IsZero() {
		t.Errorf("attributes %d, to renew at %s; want the configured token alone", len(got), opened.RenewAt)
	}
}

func TestAccessTokenRefused(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t)
	arguments := tenant.oauthArguments(t, simulator.OAuthOptions{}, "somebody-else")
	opened := newProtocolOf(t, tenant, terraformWithEverything, arguments).openAccessToken()
	wantTexts(t, opened.Diagnostics, "ERROR Cannot get an access token | The sign-in was refused: POST "+tenant.server.IssuerURL()+"/token answered 401")
}

func TestAccessTokenInTerraform(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t)
	resource.UnitTest(t, resource.TestCase{
		TerraformVersionChecks: []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_10_0)},
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"idplus": providerserver.NewProtocol6WithError(New("test")()),
			"echo":   echoprovider.NewProviderServer(),
		},
		Steps: []resource.TestStep{{
			Config: tenant.config("", `
ephemeral "idplus_access_token" "script" {}
provider "echo" { data = ephemeral.idplus_access_token.script }
resource "echo" "script" {}
`),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("echo.script", tfjsonpath.New("data").AtMapKey("access_token"), knownvalue.StringExact(tenant.token)),
				statecheck.ExpectKnownValue("echo.script", tfjsonpath.New("data").AtMapKey("expires_at"), knownvalue.Null()),
			},
		}},
	})
}

// Terraform leaves no file behind that has the token.
func TestAccessTokenIsInNoFile(t *testing.T) {
	t.Parallel()
	needsVersion(t, "an ephemeral resource", "1.10.0", "1.11.0")
	tenant := newTestTenant(t, "ada@example.com")
	w := newTerraformWorkspace(t, tenant)
	w.env = append(w.env, "IDPLUS_ACCESS_TOKEN="+tenant.token)
	w.write("main.tf", fmt.Sprintf(`
provider "idplus" {
  admin_api_url = %[1]q
}
ephemeral "idplus_access_token" "script" {}
provider "idplus" {
  alias         = "lent"
  admin_api_url = %[1]q
  access_token  = ephemeral.idplus_access_token.script.access_token
}
resource "idplus_user_status" "ada" {
  provider = idplus.lent
  email    = "ada@example.com"
  status   = "Disabled"
}
`, tenant.server.AdminAPIURL()))
	w.terraform("plan", "-out=saved.tfplan").succeeds()
	w.terraform("apply", "saved.tfplan").succeeds()
	contents := map[string]string{"state": w.read("terraform.tfstate")}
	plan, err := zip.OpenReader(filepath.Join(w.dir, "saved.tfplan"))
	must(t, err)
	defer func() { _ = plan.Close() }()
	for _, entry := range plan.File {
		file, err := entry.Open()
		must(t, err)
		content, err := io.ReadAll(file)
		must(t, err)
		contents["plan: "+entry.Name] = string(content)
	}
	if len(contents) < 3 {
		t.Fatalf("only %v to search", slices.Collect(maps.Keys(contents)))
	}
	for name, content := range contents {
		if strings.Contains(content, tenant.token) {
			t.Errorf("%s holds the token", name)
		}
	}
}
