// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	// A change of the commands runs this test again: go test does not see what it builds.
	_ "github.com/idplus-community/terraform-provider-idplus/internal/review/command"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// TestReviewFromRosterToEvidence runs a review as a pipeline does, with the commands of
// the built provider and the plans of the Terraform at hand: the evidence reads what
// Terraform and the data source write.
func TestReviewFromRosterToEvidence(t *testing.T) {
	t.Parallel()
	emails := manyUsers(30)
	tenant := newTestTenant(t, emails...)
	must(t, tenant.SetStatus(emails[0], "Disabled"))
	w := newTerraformWorkspace(t, tenant)
	needsVersion(t, "functions of providers", "1.8.0", "1.7.0")
	w.env = append(w.env, "IDPLUS_ADMIN_API_URL="+tenant.server.AdminAPIURL(), "IDPLUS_ACCESS_TOKEN="+tenant.token)
	w.write("main.tf", tenant.config("", `
locals {
  review = provider::idplus::access_review(file("${path.module}/q4/roster.csv"),
    { for f in fileset("${path.module}/q4", "decisions/*.csv") : f => file("${path.module}/q4/${f}") }, plantimestamp())
}

data "idplus_access_review" "q4" {
  rows = local.review.rows
}

resource "idplus_user_statuses" "q4" {
  statuses   = data.idplus_access_review.q4.statuses
  ids        = data.idplus_access_review.q4.ids
  may_change = data.idplus_access_review.q4.changing
}
`))
	w.review(0, "roster", "-out", "q4")

	// A reviewer forgets one, and the plan fails.
	w.decide(map[string]string{emails[0]: "restore,is back", emails[1]: "remove,has left", emails[2]: ","})
	w.plan(1, "first")
	w.review(1, "evidence", "-dir", "q4", "-plan", "first.json", "-plan-log", "first.jsonl", "-gate").
		says("Not ready: 30 users, it is not known who changes, 2 points stop the review", "stops: No decision (1): "+emails[2]+": decisions/")

	w.decide(map[string]string{emails[0]: "restore,is back", emails[1]: "remove,has left"})
	w.plan(0, "second")
	w.review(0, "evidence", "-dir", "q4", "-plan", "second.json", "-plan-log", "second.jsonl", "-gate", "-json", "approved.json").
		says("Ready to approve: 30 users, 2 changes. Written: approved.json")

	// Between approval and merge one is disabled, one is deleted, and one joins.
	must(t, tenant.SetStatus(emails[3], "Disabled"))
	must(t, tenant.Delete(emails[4]))
	_, err := tenant.Join(simulator.User{Email: "new@example.com", Username: "new"})
	must(t, err)
	w.plan(0, "third")
	evidence := []string{"evidence", "-dir", "q4", "-plan", "third.json", "-plan-log", "third.jsonl", "-approved", "approved.json", "-gate"}
	w.review(0, append(evidence, "-markdown", "third.md")...).says("Ready to approve: 31 users, 2 changes")

	w.apply("third")
	w.review(0, append(evidence, "-apply-log", "apply.jsonl")...).says("Applied, not verified: 31 users, 2 changes")
	// Changes by others before the verification are named, and undo nothing.
	must(t, tenant.Delete(emails[5]))
	must(t, tenant.MarkDeleted(emails[6], "admin@example.com"))
	must(t, tenant.Rename(emails[7], "moved@example.com"))
	_, err = tenant.Reassign(emails[8])
	must(t, err)
	must(t, tenant.SetStatus(emails[9], "Disabled"))
	w.plan(0, "fourth")
	w.review(0, append(evidence, "-apply-log", "apply.jsonl", "-verify", "fourth.json", "-markdown", "fourth.md")...).
		says("Applied and verified: 32 users, 2 changes. Written: fourth.md")
	for _, want := range []string{
		emails[5] + ": no longer found by an email address`", emails[6] + ": marked for deletion in the tenant`", emails[7] + ": the address is now moved@example.com`",
		emails[8] + ": no longer found by an email address: the address now belongs to another user", emails[9] + ": Enabled -> Disabled`",
	} {
		if text := w.read("fourth.md"); !strings.Contains(text, want) {
			t.Errorf("the summary does not say %q:\n%s", want, text)
		}
	}

	// By the next night, the user was enabled again.
	must(t, tenant.SetStatus(emails[1], "Enabled"))
	w.plan(0, "night")
	w.review(0, "evidence", "-dir", "q4", "-plan", "night.json", "-plan-log", "night.jsonl", "-json", "night.evidence.json").says("32 users, 1 change")
	if text := w.read("night.evidence.json"); !strings.Contains(text, `"kind": "drift"`) || !strings.Contains(text, emails[1]+": Disabled -> Enabled") {
		t.Errorf("the evidence does not report the drift:\n%s", text)
	}
	// A plan without a refresh is not evidence.
	w.plan(0, "blind", "-refresh=false")
	w.review(1, "evidence", "-dir", "q4", "-plan", "blind.json", "-plan-log", "blind.jsonl", "-gate").says("stops: The plan did not refresh its resources")
}

// review runs a command of the built provider.
func (w *workspace) review(code int, arguments ...string) outcome {
	w.t.Helper()
	command := exec.CommandContext(w.t.Context(), filepath.Join(buildFolder, "terraform-provider-idplus"), append([]string{"review"}, arguments...)...)
	command.Dir, command.Env = w.dir, w.env
	text, err := command.CombinedOutput()
	if err != nil && command.ProcessState == nil {
		w.t.Fatal(err)
	}
	return outcome{w.t, string(text), command.ProcessState.ExitCode()}.exits(code)
}

// plan writes a plan, its JSON and its log.
func (w *workspace) plan(code int, name string, arguments ...string) {
	w.t.Helper()
	w.save(code, name+".jsonl", append([]string{"plan", "-json", "-out=" + name + ".tfplan"}, arguments...)...)
	w.save(0, name+".json", "show", "-json", name+".tfplan")
}

func (w *workspace) apply(name string) {
	w.t.Helper()
	w.save(0, "apply.jsonl", "apply", "-json", name+".tfplan")
}

// save runs Terraform, and saves what it prints as it is.
func (w *workspace) save(code int, file string, arguments ...string) {
	w.t.Helper()
	command := exec.CommandContext(w.t.Context(), terraformPath(w.t), arguments...)
	command.Dir, command.Env = w.dir, w.env
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil && command.ProcessState == nil {
		w.t.Fatal(err)
	}
	if got := command.ProcessState.ExitCode(); got != code {
		w.t.Fatalf("terraform %s: exit code %d, want %d:\n%s%s", strings.Join(arguments, " "), got, code, stdout.String(), stderr.String())
	}
	w.write(file, stdout.String())
}

// decide fills in the worksheets: decision and reason by address, and keep for all
// others.
func (w *workspace) decide(decisions map[string]string) {
	w.t.Helper()
	sheets, err := filepath.Glob(filepath.Join(w.dir, "q4", "decisions", "*.csv"))
	must(w.t, err)
	for _, sheet := range sheets {
		text, err := os.ReadFile(sheet)
		must(w.t, err)
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		must(w.t, err)
		column := map[string]int{}
		for i, name := range rows[0] {
			column[name] = i
		}
		for _, row := range rows[1:] {
			decision, decided := decisions[row[column["email"]]]
			if !decided {
				decision = "keep,"
			}
			row[column["decision"]], row[column["reason"]], _ = strings.Cut(decision, ",")
			row[column["reviewer"]], row[column["decided_on"]] = "", ""
			if row[column["decision"]] != "" {
				row[column["reviewer"]], row[column["decided_on"]] = "anna@corp.example", time.Now().UTC().Format(time.DateOnly)
			}
		}
		var filled bytes.Buffer
		must(w.t, csv.NewWriter(&filled).WriteAll(rows))
		must(w.t, os.WriteFile(sheet, filled.Bytes(), 0o600))
	}
}
