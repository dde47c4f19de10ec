// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import "sync"

// missingBeforeDoubt is how many users of the state may be gone, with not one
// found, before that is taken for a wrong tenant instead of drift.
const missingBeforeDoubt = 10

// tenantGuard keeps a wrong URL or a lost permission from emptying a state.
type tenantGuard struct {
	mu      sync.Mutex
	found   bool
	missing int
}

func (g *tenantGuard) userFound() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.found = true
}

// userMissing notes a user of the state who is not in the tenant. It answers
// whether that is in doubt, because nobody else was found either.
func (g *tenantGuard) userMissing() (inDoubt bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.missing++
	return !g.found && g.missing > missingBeforeDoubt
}
