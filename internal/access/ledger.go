// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access

import (
	"cmp"
	"sync"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// Wish is what a resource wants for a person.
type Wish struct {
	Who cloudadmin.Address
	To  cloudadmin.Status
	// Here is whether the same resource wants it.
	Here bool
}

// ledger records what a run wants for people and has changed, over all resources. Terraform
// may plan a resource more than once; the ledger counts people, not calls.
type ledger struct {
	// limit is how many people may change or be let go; nil is no limit.
	limit *int64

	mu      sync.Mutex
	wishes  people
	leaves  people
	meant   map[string]*stance // by id; people in it are protected from leaves only
	counted map[string]bool    // by person: whether they did more than leave the state
	// statuses are the statuses that this run has set, by id; changing is held while it
	// sets them.
	statuses map[string]cloudadmin.Status
	changing map[string]*sync.Mutex
}

func newLedger(limit *int64) *ledger {
	return &ledger{
		limit: limit, wishes: newPeople(), leaves: newPeople(), meant: map[string]*stance{}, counted: map[string]bool{},
		statuses: map[string]cloudadmin.Status{}, changing: map[string]*sync.Mutex{},
	}
}

// stance is a wish for a person, or the intention to disable a person who leaves.
type stance struct {
	who   cloudadmin.Address
	id    string // empty until it is known
	to    cloudadmin.Status
	batch *Batch
	idle  bool // from Batch.isIdle
}

// people are the stances by person.
type people struct {
	byID, byName map[string]*stance
}

func newPeople() people { return people{map[string]*stance{}, map[string]*stance{}} }

// of finds the stance on a person. It uses the address only if an id is missing, because an
// address may have led to two people.
func (p people) of(id string, who cloudadmin.Address) *stance {
	if s := p.byID[id]; s != nil {
		return s
	}
	if s := p.byName[who.Key()]; s != nil && (s.id == "" || id == "") {
		return s
	}
	return nil
}

func (p people) note(s *stance, id string, who cloudadmin.Address) {
	if id != "" && p.byID[id] == nil {
		p.byID[id] = s
	}
	if p.byName[who.Key()] == nil {
		p.byName[who.Key()] = s
	}
}

// isIdle reports whether an apply does not know the wishes of the batch, or may know them
// too late.
func (b *Batch) isIdle() bool { return b.Idle || b.Late }

func (b *Batch) stance(d *Decision, id string) *stance {
	return &stance{who: d.Who, id: id, to: d.To, batch: b, idle: b.isIdle()}
}

// announce records wishes before anything is read, for resources that are about to disable
// one of these people meanwhile.
func (l *ledger) announce(b *Batch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range b.Decisions {
		id := cmp.Or(d.Pin, d.Known.ID)
		if d.isWish() && l.wishes.of(id, d.Who) == nil {
			l.wishes.note(b.stance(d, id), id, d.Who)
		}
		l.noteMeant(b, d)
	}
}

// noteMeant records the people that the wishes of a batch are about, if their ids are known.
func (b *Batch) noteMeant() {
	b.meant = map[string]bool{}
	for _, d := range b.Decisions {
		if d.isWish() && d.about() != "" {
			b.meant[d.about()] = true
		}
	}
}

// noteMeant needs the lock. It records the other person that a wish names by id: the person
// in the state, if the configuration pins another one.
func (l *ledger) noteMeant(b *Batch, d *Decision) {
	if d.isWish() && d.Known.ID != "" && d.Known.ID != d.about() && l.meant[d.Known.ID] == nil {
		l.meant[d.Known.ID] = b.stance(d, d.Known.ID)
	}
}

// wish records the person that a wish is about. It returns an earlier wish that contradicts
// it, and whether the person leaves another resource that was planned to disable them
// without knowing of this wish, and has not done so yet.
func (l *ledger) wish(b *Batch, d *Decision) (earlier *Wish, endangered bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := d.about()
	s := l.wishes.of(id, d.Who)
	if s == nil {
		s = b.stance(d, id)
	}
	if s.id == "" && s.who.Key() == d.Who.Key() {
		s.id = id
	}
	s.idle = s.idle && b.isIdle()
	l.wishes.note(s, id, d.Who)
	if !l.counted[d.person()] {
		delete(l.counted, d.person()) // A person that a resource wants is not let go.
	}
	if s.to != d.To {
		return &Wish{s.who, s.to, s.batch == b}, false
	}
	leaves := l.leaves.of(id, d.Who)
	return nil, d.To == cloudadmin.Enabled && leaves != nil && leaves.batch != b && l.statuses[id] != cloudadmin.Disabled
}

// leave returns the wish for a person who leaves. If there is none, a plan records who is
// about to be disabled, for wishes that come later.
func (l *ledger) leave(b *Batch, d *Decision, disables bool) (wish Wish, wanted, idle bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := l.wishes.of(d.ID, d.Who)
	if s == nil {
		s = l.meant[d.ID]
	}
	if s == nil {
		if b.planning && disables {
			l.leaves.note(b.stance(d, d.ID), d.ID, d.Who)
		}
		return Wish{}, false, false
	}
	return Wish{s.who, s.to, b.meant[d.ID]}, true, s.idle
}

// fits reports whether these people may change within the limit.
func (l *ledger) fits(decisions []*Decision) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.limit == nil || l.with(decisions) <= *l.limit
}

// with needs the lock. It returns how many people have changed, these included.
func (l *ledger) with(decisions []*Decision) int64 {
	others := map[string]bool{}
	for _, d := range decisions {
		if _, counted := l.counted[d.person()]; !counted {
			others[d.person()] = true
		}
	}
	return int64(len(l.counted) + len(others))
}

// admit counts these people if they fit within the limit; otherwise it counts none of them.
func (l *ledger) admit(decisions []*Decision) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.limit != nil && l.with(decisions) > *l.limit {
		return false
	}
	for _, d := range decisions {
		l.counted[d.person()] = l.counted[d.person()] || d.Verdict != LetGo
	}
	return true
}

// used returns how many people were counted.
func (l *ledger) used() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.counted)
}

// hold makes changes of one person run one after another.
func (l *ledger) hold(id string) (release func()) {
	l.mu.Lock()
	person := l.changing[id]
	if person == nil {
		person = new(sync.Mutex)
		l.changing[id] = person
	}
	l.mu.Unlock()
	person.Lock()
	return person.Unlock
}

// isHeld reports whether this run has changed a person, or is about to.
func (l *ledger) isHeld(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.changing[id] != nil
}

// status returns the status that this run has set, or an empty status.
func (l *ledger) status(id string) cloudadmin.Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.statuses[id]
}

func (l *ledger) set(id string, status cloudadmin.Status) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.statuses[id] = status
}
