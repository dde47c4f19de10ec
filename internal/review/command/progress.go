// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package command

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// progress reports how far a long reading is. On a terminal it is one line that changes,
// elsewhere a line now and then.
type progress struct {
	out      io.Writer
	terminal bool
	now      func() time.Time

	// The client's waits come from other goroutines.
	mu   sync.Mutex
	next time.Time
	line string
}

const (
	beforeTheFirst = time.Second
	onTerminal     = 200 * time.Millisecond
	elsewhere      = 10 * time.Second
)

// read reports how many of all users are read or confirmed; a total below 0 is not known.
func (p *progress) read(users, total int, what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	every, first := elsewhere, elsewhere
	if p.terminal {
		every, first = onTerminal, beforeTheFirst
	}
	now := p.now()
	if p.next.IsZero() {
		p.next = now.Add(first)
	}
	if now.Before(p.next) {
		return
	}
	p.next = now.Add(every)
	line := fmt.Sprintf("%d users are %s", users, what)
	if total >= 0 {
		line = fmt.Sprintf("%d of %d users are %s", users, total, what)
	}
	if !p.terminal {
		_, _ = fmt.Fprintln(p.out, line)
		return
	}
	_, _ = io.WriteString(p.out, "\r"+line+strings.Repeat(" ", max(len(p.line)-len(line), 0)))
	p.line = line
}

// say prints a line of its own.
func (p *progress) say(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	_, _ = fmt.Fprintln(p.out, line)
}

// done removes the line that changes.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

// clear removes the line. The caller holds the lock.
func (p *progress) clear() {
	if p.line != "" {
		_, _ = io.WriteString(p.out, "\r"+strings.Repeat(" ", len(p.line))+"\r")
		p.line = ""
	}
}
