// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

type userStatusesModel struct {
	Statuses  types.Map      `tfsdk:"statuses"`
	OnRemoval types.String   `tfsdk:"on_removal"`
	ReadWith  types.String   `tfsdk:"read_with"`
	Timeouts  timeouts.Value `tfsdk:"timeouts"`
}

func (m *userStatusesModel) disablesOnRemoval() bool {
	return m.OnRemoval.ValueString() == onDestroyDisable
}

func (m *userStatusesModel) readsBySearch() bool { return m.ReadWith.ValueString() != readWithLookup }

// statusMap is the map of statuses by address, as it was written.
type statusMap map[string]cloudadmin.Status

// statuses are the elements that are known. A status that the API did not tell
// is null in the state, and empty here.
func (m *userStatusesModel) statuses() statusMap {
	known, _ := m.partlyKnown()
	return known
}

// partlyKnown also answers the addresses whose status is not known yet.
func (m *userStatusesModel) partlyKnown() (known statusMap, undecided []string) {
	elements := m.Statuses.Elements()
	known = make(statusMap, len(elements))
	for address, element := range elements {
		if element.IsUnknown() {
			undecided = append(undecided, address)
		} else if status, ok := element.(types.String); ok {
			known[address] = cloudadmin.Status(status.ValueString())
		}
	}
	return known, undecided
}

func (m *userStatusesModel) setStatuses(statuses statusMap) diag.Diagnostics {
	elements := make(map[string]attr.Value, len(statuses))
	for address, status := range statuses {
		elements[address] = textOrNull(string(status))
	}
	value, diags := types.MapValue(types.StringType, elements)
	m.Statuses = value
	return diags
}

func (s statusMap) addresses() []string { return slices.Sorted(maps.Keys(s)) }

// isUnread holds right after an import, which gives addresses alone.
func (s statusMap) isUnread() bool {
	for _, status := range s {
		if status != "" {
			return false
		}
	}
	return true
}

// byKey is the map by snapshot.Key of the address, with the address as written.
func (s statusMap) byKey() map[string]entry {
	entries := make(map[string]entry, len(s))
	for address, status := range s {
		entries[snapshot.Key(address)] = entry{address, status}
	}
	return entries
}

type entry struct {
	address string
	status  cloudadmin.Status
}

// knownUser is what private state holds of a user: what is needed to tell people
// apart and to plan, but would only be noise in a plan.
type knownUser struct {
	ID string `json:"id,omitempty"`
	// Gone is whether the last refresh found nobody behind the address.
	Gone bool `json:"gone,omitempty"`
	// Pending is whether it found the user marked for deletion.
	Pending bool `json:"pending,omitempty"`
}

// knownUsers are the users of the map by snapshot.Key of their address.
type knownUsers map[string]knownUser

const (
	usersKey = "users"
	// replacingKey is set in the private state of a plan to create and cleared
	// in any other. A destroy that finds it is half of a replacement.
	replacingKey = "replacing"
)

type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// loadKnownUsers answers none where there is no private state: it is lost when a
// provider dies in mid-apply.
func loadKnownUsers(ctx context.Context, private privateReader) (knownUsers, diag.Diagnostics) {
	known := knownUsers{}
	stored, diags := private.GetKey(ctx, usersKey)
	if len(stored) > 0 {
		if err := json.Unmarshal(stored, &known); err != nil {
			diags.AddError("Private state cannot be read", "The provider's private data in the state is damaged: "+err.Error()+
				".\n\nRestore the state from a backup, or take this resource out of it (terraform state rm): the next apply adopts the users anew.")
		}
	}
	return known, diags
}

func (k knownUsers) store(ctx context.Context, private privateWriter) diag.Diagnostics {
	stored, err := json.Marshal(k)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Private state cannot be written", err.Error())}
	}
	return private.SetKey(ctx, usersKey, stored)
}

func markReplacing(ctx context.Context, private privateWriter, replacing bool) diag.Diagnostics {
	value := []byte("false")
	if replacing {
		value = []byte("true")
	}
	return private.SetKey(ctx, replacingKey, value)
}

func isReplacing(ctx context.Context, private privateReader) bool {
	value, _ := private.GetKey(ctx, replacingKey)
	return string(value) == "true"
}
