// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/rehearsal"
	decided "github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// reviewFolder is where the files of the access review are, beside the configuration.
const reviewFolder = "review"

// accessReview is a review from roster to evidence of all users of the tenant: of a
// hundred, one is removed and one restored.
func accessReview() shape {
	return shape{
		name: "users in an access review",
		resources: providerSource + `
locals {
  review = provider::idplus::access_review(
    file("${path.module}/review/roster.csv"),
    { for name in fileset("${path.module}/review", "decisions/*.csv") : name => file("${path.module}/review/${name}") },
    plantimestamp(),
  )
}

data "idplus_access_review" "review" {
  rows = local.review.rows
}

resource "idplus_user_statuses" "review" {
  statuses   = data.idplus_access_review.review.statuses
  ids        = data.idplus_access_review.review.ids
  may_change = data.idplus_access_review.review.changing
}
`,
		// What HCL does without the provider: it reads the same files, and puts a map of
		// all users into the state.
		floorResources: `locals {
  roster    = csvdecode(file("${path.module}/review/roster.csv"))
  decisions = merge([for name in fileset("${path.module}/review", "decisions/*.csv") : { for row in csvdecode(file("${path.module}/review/${name}")) : row.id => row.decision }]...)
}

resource "terraform_data" "review" {
  input = { for row in local.roster : row.email => local.decisions[row.id] == "keep" ? row.status : row.status == "Enabled" ? "Disabled" : "Enabled" }
}
`,
		files:    writeReview,
		disabled: ofAHundredth,
		differs:  ofAHundredth,
		restored: ofAHundredth,
		phases: []phase{
			planChanges("create", ofNone, budget{pages: true, lookups: ofAFiftieth, mostBeyond: 4 * time.Second}),
			{name: "evidence", command: makeEvidence, budget: budget{mostBeyond: 2 * time.Second, memory: memoryGoal{mostUsers: 5000, mostMiB: 64}}},
			applyChanges("create", budget{pages: true, lookups: ofAFiftieth, puts: ofAFiftieth}),
			planNothing(budget{pages: true, mostBeyond: 4 * time.Second}),
		},
		timedFrom: 5000,
	}
}

// writeReview has the provider make the roster and the worksheets, fills them in, and
// gives the floor the same.
func writeReview(ctx context.Context, r *review) error {
	folder := filepath.Join(r.folder, reviewFolder)
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if _, err := r.withProvider.runProvider(ctx, r.folder, "review", "roster", "-out", reviewFolder); err != nil {
		return err
	}
	statuses := map[string]string{}
	for i, status := range r.decisions {
		statuses[r.address(i)] = status
	}
	if err := rehearsal.FillIn(folder, func(row rehearsal.Row) {
		switch wanted := statuses[row.Cell("email")]; {
		case row.Cell("status") == wanted:
			row.Decide(rehearsal.Decision{Decision: decided.Keep})
		case wanted == simulator.Disabled:
			row.Decide(rehearsal.Decision{Decision: decided.Remove, Reason: "left the company", Ticket: "HR-1201"})
		default:
			row.Decide(rehearsal.Decision{Decision: decided.Restore, Reason: "back from leave", Ticket: "HR-1203"})
		}
	}); err != nil {
		return err
	}
	floor := filepath.Join(r.floorFolder, reviewFolder)
	return errors.Join(os.RemoveAll(floor), os.CopyFS(floor, os.DirFS(folder)))
}

// makeEvidence makes the record of the plan that was saved last.
func makeEvidence(ctx context.Context, r *review) (cost, error) {
	shown, err := r.withProvider.start(ctx, r.folder, 0, r.withProvider.binary, "show", "-json", "create.tfplan")
	if err != nil {
		return cost{}, err
	}
	if err := os.WriteFile(filepath.Join(r.folder, "plan.json"), shown.stdout, 0o600); err != nil {
		return cost{}, err
	}
	c, err := r.withProvider.runProvider(ctx, r.folder, "review", "evidence", "-dir", reviewFolder, "-plan", "plan.json", "-gate",
		"-html", "evidence.html", "-markdown", "summary.md", "-json", "evidence.json")
	if err != nil {
		return cost{}, err
	}
	for _, name := range []string{"evidence.html", "summary.md", "evidence.json"} {
		if info, err := os.Stat(filepath.Join(r.folder, name)); err != nil || info.Size() == 0 {
			return cost{}, errors.Join(fmt.Errorf("review evidence has not written %s", name), err)
		}
	}
	return c, nil
}
