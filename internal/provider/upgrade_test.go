// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/mirror"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// What a version leaves behind is in testdata/upgrade/VERSION: in the folder resources a
// configuration and the state of its apply, in the folder review an access review with
// its plan, logs and evidence; each with the users of its tenant. It is recorded with the
// code of the version's tag and a Terraform that knows identities, and never changed:
//
//	go test ./internal/provider -run TestUpgradeRecords -record 0.1.0
var record = flag.String("record", "", "write the files of this version to testdata/upgrade")

const upgrades = "testdata/upgrade"

// upgradeResources has resources of every kind, with each argument that a state keeps.
const upgradeResources = `
resource "idplus_user_status" "by_email" {
  email      = "Ada@example.com"
  status     = "Enabled"
  on_destroy = "disable"
}

resource "idplus_user_status" "by_username" {
  username = "ben"
  status   = "Disabled"
  timeouts = {
    read = "2m"
  }
}

resource "idplus_user_status" "pinned" {
  email           = "carla@example.com"
  id              = data.idplus_user.carla.id
  status          = "Enabled"
  search_unsynced = true
}

resource "idplus_user_statuses" "rows" {
  statuses = {
    "dora@example.com"  = "Enabled"
    "Emil@Example.com"  = "Disabled"
    "farid@example.com" = "Disabled"
  }
  ids = {
    "dora@example.com" = data.idplus_users.rows.users[0].id
  }
  may_change = ["emil@example.com"]
  on_removal = "disable"
  read_with  = "lookup"
}

data "idplus_user" "carla" {
  email = "carla@example.com"
}

data "idplus_users" "rows" {
  emails = ["dora@example.com"]
}
`

const upgradeReview = `
locals {
  review = provider::idplus::access_review(
    file("${path.module}/q4/roster.csv"),
    { for f in fileset("${path.module}/q4", "decisions/*.csv") : f => file("${path.module}/q4/${f}") },
    plantimestamp()
  )
}

data "idplus_access_review" "q4" {
  rows = local.review.rows
}

resource "idplus_user_statuses" "q4" {
  statuses   = data.idplus_access_review.q4.statuses
  ids        = data.idplus_access_review.q4.ids
  may_change = data.idplus_access_review.q4.changing
}
`

const requiredProvider = `
terraform {
  required_providers {
    idplus = {
      source = "idplus-community/idplus"
    }
  }
}
`

// A state that an earlier version wrote plans empty, and its apply sends nothing: an
// upgrade changes no user's access.
func TestUpgradePlansTheStateOfEachVersionEmpty(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, folder string) {
		for _, part := range []string{"resources", "review"} {
			w := recorded(t, filepath.Join(folder, part))
			w.terraform("plan", "-detailed-exitcode").exits(0)
			w.terraform("apply", "-auto-approve").says("Resources: 0 added, 0 changed, 0 destroyed.")
			if puts := w.tenant.Count(simulator.KindStatus); puts != 0 {
				t.Errorf("the apply sent %d status PUTs", puts)
			}
		}
	})
}

// The state of an earlier version still has the people behind its addresses, also in the
// private state, which no plan shows.
func TestUpgradeKeepsThePeopleBehindTheAddresses(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, folder string) {
		w := recorded(t, filepath.Join(folder, "resources"))
		ada, another := w.tenant.gaveAddress(t, "ada@example.com")
		emil, other := w.tenant.gaveAddress(t, "emil@example.com")
		w.terraform("plan").succeeds().says(
			"Address belongs to another user now: Ada@example.com", ada, another,
			"Address belongs to another user now: Emil@Example.com", emil, other)
	})
}

// The record of an earlier version is read with the same outcome: auditors may ask late.
func TestUpgradeReadsTheReviewOfEachVersion(t *testing.T) {
	t.Parallel()
	eachVersion(t, func(t *testing.T, folder string) {
		recorded(t, filepath.Join(folder, "review")).
			review(0, "evidence", "-dir", "q4", "-plan", "plan.json", "-plan-log", "plan.jsonl", "-approved", "approved.json",
				"-apply-log", "apply.jsonl", "-verify", "verified.json", "-gate").
			says("Applied and verified: 4 users, 2 changes")
	})
}

func eachVersion(t *testing.T, do func(t *testing.T, folder string)) {
	t.Helper()
	needsVersion(t, "functions of providers", "1.8.0", "1.7.0")
	if *record != "" {
		t.Skip("-record writes a version, and checks no other")
	}
	versions, err := os.ReadDir(upgrades)
	must(t, err)
	for _, version := range versions {
		t.Run(version.Name(), func(t *testing.T) {
			t.Parallel()
			do(t, filepath.Join(upgrades, version.Name()))
		})
	}
}

// recorded returns a copy of a recorded folder, with its tenant.
func recorded(t *testing.T, folder string) *workspace {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "users.json"))
	must(t, err)
	var users []simulator.User
	must(t, json.Unmarshal(text, &users))
	w := upgradeWorkspace(t, users)
	must(t, os.Remove(filepath.Join(w.dir, "versions.tf"))) // The recorded configuration has it.
	must(t, os.CopyFS(w.dir, os.DirFS(folder)))
	return w
}

func upgradeWorkspace(t *testing.T, users []simulator.User) *workspace {
	t.Helper()
	tenant := newTestTenant(t)
	for _, user := range users {
		tenant.AddUser(user)
	}
	w := newTerraformWorkspace(t, tenant)
	w.env = append(w.env, "IDPLUS_ADMIN_API_URL="+tenant.server.AdminAPIURL(), "IDPLUS_ACCESS_TOKEN="+tenant.token)
	return w
}

// TestUpgradeRecords records a version, if -record asks for it.
func TestUpgradeRecords(t *testing.T) {
	t.Parallel()
	if *record == "" {
		t.Skip("records a version with -record")
	}
	cliConfig, err := mirror.Build(t.Context(), "../..", t.TempDir())
	must(t, err)
	for part, play := range map[string]func(*workspace){
		"resources": func(w *workspace) {
			w.write("main.tf", requiredProvider+upgradeResources)
			w.terraform("init").succeeds()
			w.terraform("apply", "-auto-approve").succeeds()
		},
		"review": func(w *workspace) {
			w.write("main.tf", requiredProvider+upgradeReview)
			w.terraform("init").succeeds()
			w.review(0, "roster", "-out", "q4")
			w.decide(map[string]string{"gina@example.com": "remove,has left", "ines@example.com": "restore,is back"})
			w.plan(0, "plan")
			w.review(0, "evidence", "-dir", "q4", "-plan", "plan.json", "-plan-log", "plan.jsonl", "-gate", "-json", "approved.json")
			w.apply("plan")
			w.plan(0, "verified")
		},
	} {
		w := upgradeWorkspace(t, usersToRecord(part))
		must(t, os.Remove(filepath.Join(w.dir, "versions.tf")))
		w.env = append(w.env, "TF_CLI_CONFIG_FILE="+cliConfig)
		play(w)
		w.keep(filepath.Join(upgrades, *record, part))
	}
}

func usersToRecord(part string) []simulator.User {
	users := map[string][]simulator.User{
		"resources": {
			{Username: "ada"}, {Username: "ben"}, {Username: "carla"}, {Username: "dora"}, {Username: "emil"},
			{Username: "farid", Status: "Disabled", MarkDeleted: true},
		},
		"review": {{Username: "gina"}, {Username: "henry"}, {Username: "ines", Status: "Disabled"}, {Username: "jonas"}},
	}[part]
	for i := range users {
		users[i].ID = personID(i)
		users[i].Email = users[i].Username + "@example.com"
		users[i].Created = time.Date(2026, 1, 1+i, 8, 0, 0, 0, time.UTC)
	}
	return users
}

// keep copies the folder to testdata, with the users as they are now.
func (w *workspace) keep(to string) {
	w.t.Helper()
	for _, passing := range []string{".terraform", ".terraform.lock.hcl", "terraform.rc", "terraform.tfstate.backup", "plan.tfplan", "verified.tfplan", "verified.jsonl"} {
		must(w.t, os.RemoveAll(filepath.Join(w.dir, passing)))
	}
	users, err := json.MarshalIndent(w.tenant.Users(), "", "  ")
	must(w.t, err)
	w.write("users.json", string(users)+"\n")
	w.write("main.tf", strings.TrimPrefix(w.read("main.tf"), "\n"))
	must(w.t, os.CopyFS(to, os.DirFS(w.dir)))
}
