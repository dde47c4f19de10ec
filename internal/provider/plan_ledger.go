// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"fmt"
	"sync"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// planLedger is what one plan wants of users, over all resources. Terraform may
// plan a resource more than once; the ledger counts users, not calls.
type planLedger struct {
	// maxChanges is how many users may change; nil is no limit.
	maxChanges *int64

	mu      sync.Mutex
	wishes  map[string]wish
	changed map[string]bool
	// names are those of the changes, in the order in which they came.
	names    []string
	exceeded bool
}

type wish struct {
	who    string
	status cloudadmin.Status
}

func newPlanLedger(maxChanges *int64) *planLedger {
	return &planLedger{maxChanges: maxChanges, wishes: map[string]wish{}, changed: map[string]bool{}}
}

// want notes that the plan wants a user in a status. The user is known by id,
// or by address while there is no id. It answers the earlier wish that this one
// contradicts.
func (l *planLedger) want(user, who string, status cloudadmin.Status) (earlier wish, contradicts bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	earlier, known := l.wishes[user]
	if !known {
		l.wishes[user] = wish{who, status}
	}
	return earlier, known && earlier.status != status
}

// change notes that the plan moves a user from one status to another. It
// answers, once, the names of the changes when they pass the limit.
func (l *planLedger) change(user, who string, from, to cloudadmin.Status) (names []string, exceeds bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.maxChanges == nil || l.changed[user] {
		return nil, false
	}
	l.changed[user] = true
	l.names = append(l.names, fmt.Sprintf("%s (%s to %s)", who, cmp.Or(from, "unknown"), to))
	if l.exceeded || int64(len(l.changed)) <= *l.maxChanges {
		return nil, false
	}
	l.exceeded = true
	return l.names, true
}
