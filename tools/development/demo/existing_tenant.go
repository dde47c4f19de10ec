// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/go-version"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// The scenes of docs/guides/existing-tenant.md.

func exportTenant(s *stage) {
	s.say("A tenant that nobody has under Terraform yet. Its users become the first review: 12 pages of search for 300 of them.")
	tenant := s.tenantBeforeReview()
	s.enter("existing-tenant/export", tenant)
	s.initialize()
	s.terraform("apply", "-auto-approve").exits(0).says("Apply complete! Resources: 0 added, 0 changed, 0 destroyed.")
	s.tenant("GET", "requests").says(`"search":12,`, `"lookup":0,`)
	exported := s.terraform("output", "-raw", "review")
	exported.exits(0).says("email,status,last signed in", "imran.patel@example.com,Enabled,never")

	s.say("This file is the review of one resource. The first plan reports that no user changes.")
	s.enter("large-review", tenant)
	s.fail(os.WriteFile(s.reviewFile(), []byte(exported.text), 0o600))
	s.initialize()
	s.terraform("plan", "-out=adopt.tfplan").exits(0).says("Plan: 1 to add, 0 to change, 0 to destroy.", "Warning: None of 300 users changes")
	s.terraform("apply", "adopt.tfplan").exits(0).says("Resources: 1 added, 0 changed, 0 destroyed.")
	s.tenant("GET", "requests").says(`"status":0,`)
	s.terraform("plan", "-detailed-exitcode").exits(0).says("No changes.")
}

// firstWithQuery is the first version of Terraform that has terraform query.
var firstWithQuery = version.Must(version.NewVersion("1.14.0"))

func (s *stage) canQuery() bool {
	var number string
	if _, err := fmt.Sscanf(s.version, "Terraform v%s", &number); err != nil {
		return false // OpenTofu does not have it.
	}
	running, err := version.NewVersion(number)
	return err == nil && running.Core().GreaterThanOrEqual(firstWithQuery)
}

func queryTenant(s *stage) {
	if !s.canQuery() {
		s.say("Left out: terraform query needs Terraform " + firstWithQuery.String() + " or later, and this is " + s.version + ".")
		return
	}
	tenant := simulator.NewTenant()
	simulator.SeedExample(tenant)
	s.enter("existing-tenant/query", tenant)
	s.initialize()
	s.terraform("query").exits(0).says("email=hugo@example.com,username=<null>", "(Disabled, pending deletion")
	s.say("Terraform writes a resource and an import block for each user:")
	s.terraform("query", "-generate-config-out=generated.tf").exits(0)
	s.tenant("DELETE", "requests")
	s.terraform("plan", "-out=import.tfplan").exits(0).says("Plan: 13 to import, 0 to add, 0 to change, 0 to destroy.")
	s.say("One look-up for each user:")
	s.tenant("GET", "requests").says(`"search":0,`, `"lookup":13,`, `"status":0,`)
	s.terraform("apply", "import.tfplan").exits(0).says("Resources: 13 imported, 0 added, 0 changed, 0 destroyed.")
	s.terraform("plan", "-detailed-exitcode").exits(0).says("No changes.")

	s.say("The warning names an action that keeps Hugo. It needs a scope that the provider requests only if it is configured.")
	s.fail(os.WriteFile(filepath.Join(s.folder, "undelete.tf"), []byte(undeleteHugo), 0o600))
	s.show("undelete.tf")
	s.env = append(s.env, "IDPLUS_OAUTH_SCOPES=rsa.user.read rsa.user.manage rsa.user.delete.soft")
	s.terraform("apply", "-auto-approve", "-invoke=action.idplus_user_mark_deleted.undelete").exits(0).says("hugo@example.com: undeleted, and still Disabled (1 of 1)")
	s.tenant("GET", "users").says("hugo@example.com Disabled ines@example.com")
}

const undeleteHugo = `action "idplus_user_mark_deleted" "undelete" {
  config {
    email        = "hugo@example.com"
    mark_deleted = false
  }
}`
