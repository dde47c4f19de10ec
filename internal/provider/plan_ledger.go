// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"math"
	"sync"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// planLedger is what one plan wants of users, over all resources. Terraform may
// plan a resource more than once; the ledger counts users, not calls.
type planLedger struct {
	// maxChanges is how many users may change; nil is no limit.
	maxChanges *int64

	mu      sync.Mutex
	byID    map[string]wish
	byName  map[string]wish
	changed map[string]bool
	// names are those of the changes, in the order in which they came.
	names    []string
	exceeded bool
}

// wish is what one resource wants of a user. The id is empty while it is not
// known.
type wish struct {
	id     string
	who    cloudadmin.Address
	status cloudadmin.Status
}

// user is what changes are counted by: the id, or the address while there is none.
func (w wish) user() string { return cmp.Or(w.id, w.who.Key()) }

func newPlanLedger(maxChanges *int64) *planLedger {
	return &planLedger{maxChanges: maxChanges, byID: map[string]wish{}, byName: map[string]wish{}, changed: map[string]bool{}}
}

// limit is max_changes.
func (l *planLedger) limit() (most int, limited bool) {
	if l.maxChanges == nil {
		return 0, false
	}
	return int(min(*l.maxChanges, math.MaxInt32)), true
}

// want notes what a plan wants of a user. It answers the earlier wish that this
// one contradicts. The address tells whether two wishes are about one user only
// where an id is missing: the same address may have led to two people.
func (l *planLedger) want(w wish) (earlier wish, contradicts bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	earlier, known := l.byID[w.id]
	if named, found := l.byName[w.who.Key()]; !known && found && (named.id == "" || w.id == "") {
		earlier, known = named, true
	}
	if !known {
		earlier = w
	}
	if _, noted := l.byName[w.who.Key()]; !noted {
		l.byName[w.who.Key()] = earlier
	}
	if _, noted := l.byID[w.id]; !noted && w.id != "" {
		l.byID[w.id] = earlier
	}
	return earlier, earlier.status != w.status
}

// change notes that fulfilling a wish moves the user from another status.
func (l *planLedger) change(w wish, from cloudadmin.Status) {
	if l.maxChanges == nil || from == w.status {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if user := w.user(); !l.changed[user] {
		l.changed[user] = true
		l.names = append(l.names, statusChange(w.who.String(), from, w.status))
	}
}

// exceeds answers, once, the names of the changes when they pass the limit.
func (l *planLedger) exceeds() (names []string, limit int64, exceeds bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.maxChanges == nil || l.exceeded || int64(len(l.changed)) <= *l.maxChanges {
		return nil, 0, false
	}
	l.exceeded = true
	return l.names, *l.maxChanges, true
}
