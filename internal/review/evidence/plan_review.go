// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

const dataSourceType = "idplus_access_review"

// accessReview is the data source of a review in a plan: the tenant as the plan read it, and
// the results of the decisions.
type accessReview struct {
	address string
	// Rows are the decisions that the plan was made from.
	Rows map[string]struct {
		ID      string `json:"id"`
		Expires string `json:"expires"`
	} `json:"rows"`
	Undecided       review.Decision    `json:"undecided"`
	EmailContains   string             `json:"email_contains"`
	IdentitySources []string           `json:"identity_sources"`
	Verdicts        map[string]verdict `json:"verdicts"`
	Tenant          string             `json:"tenant"`
	ReadAt          string             `json:"read_at"`
	// Complete reports whether search showed as many users as it counted. It is false also
	// where the API refused to search.
	Complete *bool `json:"complete"`
}

// verdict is a review.Verdict in the data source. Null values are empty.
type verdict struct {
	ID             string            `json:"id"`
	Email          string            `json:"email"`
	Address        string            `json:"address"`
	IdentitySource string            `json:"identity_source"`
	RosterStatus   cloudadmin.Status `json:"roster_status"`
	Status         cloudadmin.Status `json:"status"`
	Decision       review.Decision   `json:"decision"`
	Wanted         cloudadmin.Status `json:"wanted"`
	Outcome        review.Outcome    `json:"outcome"`
	Detail         string            `json:"detail"`
}

// wayToDataSource is the way out for a plan that does not show the tenant.
const wayToDataSource = `the configuration needs data "` + dataSourceType + `", which reads the tenant in the plan`

// accessReview returns the data source that the plan has read, or nil if a failed plan has
// not read it.
func (p *plan) accessReview() (*accessReview, error) {
	found, err := p.PriorState.Values.RootModule.accessReviews(p.file, nil)
	if err != nil {
		return nil, err
	}
	if len(found) > 1 {
		addresses := make([]string, len(found))
		for i, r := range found {
			addresses[i] = r.address
		}
		return nil, p.file.errorf("the plan has %d data sources %s (%s), but a record is about one review: use a separate configuration for each review",
			len(found), dataSourceType, strings.Join(addresses, ", "))
	}
	// A plan that did not read the data source shows it as in the state.
	if len(found) == 1 && !found[0].isReadIn(p) {
		if p.Errored {
			return nil, nil
		}
		return nil, p.file.errorf("%s was read at %s, before this plan was made (%s): the plan did not read the tenant. Plan again, without -target",
			found[0].address, found[0].ReadAt, p.Timestamp)
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case p.Errored:
		return nil, nil
	}
	for _, change := range p.ResourceChanges {
		if change.Mode == "data" && change.Type == dataSourceType {
			return nil, p.file.errorf("%s is read during the apply, so the plan does not show who changes: its arguments must be known in the plan, and it must not depend on a resource that changes", change.Address)
		}
	}
	return nil, p.file.errorf("the plan does not show the tenant: %s", wayToDataSource)
}

func (m *module) accessReviews(f File, found []*accessReview) ([]*accessReview, error) {
	for _, r := range m.Resources {
		if r.Mode != "data" || r.Type != dataSourceType {
			continue
		}
		if isMarked(r.Sensitive, "verdicts") {
			return nil, f.errorf("verdicts of %s are sensitive, and the record would show them: do not mark its arguments as sensitive", r.Address)
		}
		read := &accessReview{address: r.Address}
		if err := json.Unmarshal(r.Values, read); err != nil {
			return nil, f.errorf("%s: %w: make the evidence with the version of the provider that made the plan", r.Address, err)
		}
		if err := read.check(); err != nil {
			return nil, f.errorf("%s: %w: make the evidence with the version of the provider that made the plan", r.Address, err)
		}
		found = append(found, read)
	}
	for i := range m.ChildModules {
		var err error
		if found, err = m.ChildModules[i].accessReviews(f, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// isReadIn reports whether this plan has read the data source. Both times are from one
// clock, in whole seconds.
func (r *accessReview) isReadIn(p *plan) bool {
	at, err := time.Parse(time.RFC3339, r.ReadAt)
	return err == nil && !at.Before(p.at.Truncate(time.Second))
}

// check returns an error for values that no data source has, so that a record does not
// misinterpret them.
func (r *accessReview) check() error {
	if _, err := time.Parse(time.RFC3339, r.ReadAt); err != nil || r.Verdicts == nil || r.Tenant == "" || r.Complete == nil {
		return fmt.Errorf("verdicts, tenant, complete or read_at is missing")
	}
	ids := make(map[string]string, len(r.Verdicts))
	for key, v := range r.Verdicts {
		changes := v.Wanted != "" && v.Wanted != v.Status
		switch {
		case v.ID == "" || v.Email == "":
			return fmt.Errorf("the verdict %q has no id or no email", key)
		case ids[v.ID] != "":
			return fmt.Errorf("two verdicts (%q, %q) have one id", min(key, ids[v.ID]), max(key, ids[v.ID]))
		case !slices.Contains(outcomes, v.Outcome):
			return fmt.Errorf("the outcome of %q is %q, which is not known", key, v.Outcome)
		case v.Outcome != review.PendingDeletion && changes != v.Outcome.Changes():
			return fmt.Errorf("the verdict on %q contradicts itself: %s, from %q to %q", key, v.Outcome, v.Status, v.Wanted)
		}
		ids[v.ID] = key
	}
	return nil
}
