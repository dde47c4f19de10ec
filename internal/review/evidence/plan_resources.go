// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"cmp"
	"encoding/json"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

const (
	statusesType = "idplus_user_statuses"
	statusType   = "idplus_user_status"
)

// isOurs reports whether a change is about users' statuses.
func (c *resourceChange) isOurs() bool { return isStatuses(c.Mode, c.Type) }

// isStatuses reports whether a resource manages users' statuses.
func isStatuses(mode, kind string) bool {
	return mode == "managed" && (kind == statusesType || kind == statusType)
}

// managed has the values of a resource that manages one or many statuses.
type managed struct {
	Statuses  map[string]cloudadmin.Status `json:"statuses"`
	IDs       map[string]string            `json:"ids"`
	MayChange *[]string                    `json:"may_change"`
	OnRemoval string                       `json:"on_removal"`

	Email     string            `json:"email"`
	Username  string            `json:"username"`
	ID        string            `json:"id"`
	Status    cloudadmin.Status `json:"status"`
	OnDestroy string            `json:"on_destroy"`
}

// managedRow is one user of a resource.
type managedRow struct {
	who    string
	id     string
	status cloudadmin.Status
}

// readManaged reads one side of a change; it is empty without a resource.
func readManaged(values json.RawMessage) (managed, error) {
	var m managed
	if len(values) == 0 {
		return m, nil
	}
	return m, json.Unmarshal(values, &m)
}

// rows returns the users by address, regardless of case.
func (m *managed) rows() map[string]managedRow {
	rows := make(map[string]managedRow, len(m.Statuses))
	ids := make(map[string]string, len(m.IDs))
	for address, id := range m.IDs {
		ids[cloudadmin.Fold(address)] = id
	}
	for address, status := range m.Statuses {
		key := cloudadmin.Fold(address)
		rows[key] = managedRow{who: address, id: ids[key], status: status}
	}
	if who := cmp.Or(m.Email, m.Username); who != "" {
		rows[cloudadmin.Fold(who)] = managedRow{who: who, id: m.ID, status: m.Status}
	}
	return rows
}

// plannedResource is a change of users' statuses.
type plannedResource struct {
	*resourceChange
	before, after managed
}

// resources returns the changes of users' statuses, including those that change nothing.
func (p *plan) resources() ([]plannedResource, error) {
	var resources []plannedResource
	for i := range p.ResourceChanges {
		c := &p.ResourceChanges[i]
		if !c.isOurs() {
			continue
		}
		for _, attribute := range []string{"statuses", "status"} {
			if isMarked(c.Change.AfterUnknown, attribute) {
				return nil, p.file.errorf("%s of %s is known only after the apply, so the plan does not show who changes: take it from the data source %s, whose arguments must be known in the plan",
					attribute, c.Address, dataSourceType)
			}
			if isMarked(c.Change.AfterSensitive, attribute) {
				return nil, p.file.errorf("%s of %s is sensitive, and the record would show it: do not mark it as sensitive", attribute, c.Address)
			}
		}
		r := plannedResource{resourceChange: c}
		var err error
		if r.before, err = readManaged(c.Change.Before); err == nil {
			r.after, err = readManaged(c.Change.After)
		}
		if err != nil {
			return nil, p.file.errorf("%s: %w: make the evidence with the version of the provider that made the plan", c.Address, err)
		}
		resources = append(resources, r)
	}
	return resources, nil
}
