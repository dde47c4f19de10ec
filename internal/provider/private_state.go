// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
)

// The private state of both resources.

const (
	// usersKey is what is known of the users in addition to their statuses, by Address.Key.
	usersKey = "users"
	// keepsKey is in a plan: the users that the accompanying destroy must leave alone.
	keepsKey = "keeps"
	// plannedByKey is in the plan of a destroy: the run that has planned it.
	plannedByKey = "planned_by"
)

type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// knownUsers are what is known of users, by Address.Key.
type knownUsers map[string]access.Known

// loadKnownUsers returns none if there is no private state: it is lost when a provider dies
// during an apply.
func loadKnownUsers(ctx context.Context, private privateReader) (knownUsers, diag.Diagnostics) {
	known := knownUsers{}
	diags := loadPrivate(ctx, private, usersKey, &known)
	return known, diags
}

func (k knownUsers) store(ctx context.Context, private privateWriter) diag.Diagnostics {
	return storePrivate(ctx, private, usersKey, k)
}

// keeps names users, by id and by Address.Key. Terraform does not plan the destroy half of a
// replacement, and hands it the private state of the plan to create. So a destroy knows
// which users the create keeps.
type keeps []string

// keepsAll is for a create whose users are not known yet.
const keepsAll = "*"

func keepsOf(decisions []*access.Decision, of func(*access.Decision) bool) keeps {
	kept := keeps{}
	for _, d := range decisions {
		if of(d) {
			kept = append(kept, d.Who.Key())
			if d.ID != "" {
				kept = append(kept, d.ID)
			}
		}
	}
	return kept
}

// spare marks the decisions that a destroy must leave alone.
func (k keeps) spare(decisions []*access.Decision) {
	kept := make(map[string]bool, len(k))
	for _, name := range k {
		kept[name] = true
	}
	for _, d := range decisions {
		d.Kept = kept[keepsAll] || kept[d.Who.Key()] || d.Known.ID != "" && kept[d.Known.ID]
	}
}

func loadKeeps(ctx context.Context, private privateReader) keeps {
	var kept keeps
	if loadPrivate(ctx, private, keepsKey, &kept).HasError() {
		return keeps{keepsAll} // The kept users cannot be read.
	}
	return kept
}

// store writes which users a plan keeps, even if there are none: it must replace those of
// the prior plan.
func (k keeps) store(ctx context.Context, private privateWriter) diag.Diagnostics {
	if k == nil {
		k = keeps{}
	}
	return storePrivate(ctx, private, keepsKey, k)
}

// planDestroy records which run has planned a destroy.
func (d *providerData) planDestroy(ctx context.Context, private privateWriter) diag.Diagnostics {
	return storePrivate(ctx, private, plannedByKey, d.id)
}

// isLeftOver reports whether a destroy is, or may be, of a deposed object that an earlier
// apply has left behind. Terraform plans the destroy of a deposed object in the apply
// itself, where it is not known which users the plan keeps, and does not consult the
// current object if it does not change. If this run has created a resource of the kind,
// it was planned here too, and the run knows which users it keeps.
func (d *providerData) isLeftOver(ctx context.Context, private privateReader, created *atomic.Bool) bool {
	var plannedBy string
	_ = loadPrivate(ctx, private, plannedByKey, &plannedBy) // Empty is another run.
	return plannedBy == d.id && !created.Load()
}

func loadPrivate(ctx context.Context, private privateReader, key string, into any) diag.Diagnostics {
	stored, diags := private.GetKey(ctx, key)
	if len(stored) > 0 {
		if err := json.Unmarshal(stored, into); err != nil {
			diags.AddError("Private state cannot be read", "The provider's private data in the state is damaged: "+err.Error()+
				".\n\nRestore the state from a backup, or remove this resource from it (terraform state rm): the next apply adopts the users again.")
		}
	}
	return diags
}

func storePrivate(ctx context.Context, private privateWriter, key string, value any) diag.Diagnostics {
	stored, err := json.Marshal(value)
	if err != nil {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Private state cannot be written", err.Error()+". This is a bug in the provider: please report it.")}
	}
	return private.SetKey(ctx, key, stored)
}
