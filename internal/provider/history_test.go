// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"flag"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"
)

// The promises that no history may break.
const (
	protectedStayEnabled = "no protected user is disabled"
	limitHolds           = "no more people change than the limit"
	changesAllowed       = "only users who may change do"
	lettingGoCounts      = "letting go counts as a change"
	personNotAddress     = "a change goes to the person the decision is about"
	planAfterApply       = "after an apply the plan is empty or says why"
	stateIsTrue          = "the state claims nothing that the tenant denies"
	wantedEnabled        = "no user wanted Enabled is left Disabled"
	wantedDisabled       = "no user wanted Disabled is left Enabled"
	leaversDisabled      = "a leave that disables does disable"
	replacementKeeps     = "a replacement disables no user it keeps"
	wishOutranksLeave    = "a wish outranks a leave"
	planChangesNoUser    = "a plan changes no user"
	noChangeNoPut        = "a user with the wanted status gets no PUT"
	noTaint              = "a failed create leaves no tainted state"
	noBug                = "Terraform finds no bug in the provider"
	// Only the step of that name asks for succeeds.
	succeeds = "a command that must succeed does"
)

var promises = []string{
	protectedStayEnabled, limitHolds, lettingGoCounts, changesAllowed, personNotAddress, planAfterApply, stateIsTrue, wantedEnabled, wantedDisabled,
	leaversDisabled, replacementKeeps, wishOutranksLeave, planChangesNoUser, noChangeNoPut, noTaint, noBug,
}

// violation is a broken promise, with the step that broke it.
type violation struct {
	promise, text string
	step          int
}

// TestHistories runs random histories of configurations, applies and changes to the
// tenant. Each promise is a subtest, which prints the shortest history found that breaks
// it, as a test to paste. HISTORIES is the number of histories (with the real Terraform,
// as in CI, eight times the default), SOAK the time to spend instead, HISTORIES_SEED the
// first seed (0: random).
func TestHistories(t *testing.T) { //nolint:paralleltest // it sets rapid's flags
	tries, seed, soak := defaultHistories, uint64(1), time.Duration(0)
	if isReal() {
		tries *= 8
	}
	var err error
	if text := os.Getenv("HISTORIES"); text != "" {
		tries, err = strconv.Atoi(text)
		must(t, err)
	}
	if text := os.Getenv("SOAK"); text != "" {
		soak, err = time.ParseDuration(text)
		must(t, err)
		seed = 0
	}
	if text := os.Getenv("HISTORIES_SEED"); text != "" {
		seed, err = strconv.ParseUint(text, 10, 64)
		must(t, err)
	}
	if seed == 0 {
		seed = rand.Uint64() //nolint:gosec // histories, no secrets
	}
	set := func(name, value string) { must(t, flag.Set("rapid."+name, value)) }
	set("nofailfile", "true")
	set("checks", strconv.Itoa(tries))

	broken := map[string][]string{}
	for began, first := time.Now(), seed; ; seed++ {
		set("seed", strconv.FormatUint(seed, 10))
		var histories [][]string
		rapid.Check(t, func(rt *rapid.T) { histories = append(histories, drawHistory(rt)) })
		runHistories(t, histories, broken)
		if time.Since(began) >= soak || len(broken) > 0 {
			t.Logf("%d histories for each of HISTORIES_SEED=%d to %d", len(histories), first, seed)
			break
		}
	}
	for _, promise := range promises {
		t.Run(promise, func(t *testing.T) {
			if lines := broken[promise]; lines != nil {
				lines = shrunk(t, lines, promise)
				t.Errorf("%s\n\n%s", said(t, lines, promise), asTest(lines))
			}
		})
	}
}

// shrunk leaves out lines and words while the promise stays broken. It knows steps, so it
// gets further, and faster, than rapid, which knows only the random bits behind them.
func shrunk(t *testing.T, lines []string, promise string) []string {
	breaks := func(lines []string) bool { return len(runHistory(t, lines, promise)) > 0 }
	for again := true; again; {
		again = false
		for size := len(lines) / 2; size > 0; size /= 2 {
			for i := 0; i+size <= len(lines); {
				if without := slices.Delete(slices.Clone(lines), i, i+size); breaks(without) {
					lines, again = without, true
				} else {
					i += size
				}
			}
		}
		for i := range lines {
			for w := len(strings.Fields(lines[i])) - 1; w > 0; w-- {
				words := strings.Fields(lines[i])
				word := words[w]
				for _, instead := range []string{"", strings.TrimSuffix(word, "?"), strings.ToLower(word)} {
					if instead == word {
						continue
					}
					words[w] = instead
					shorter := slices.Clone(lines)
					if shorter[i] = strings.Join(strings.Fields(strings.Join(words, " ")), " "); breaks(shorter) {
						lines, again = shorter, true
						break
					}
				}
			}
		}
	}
	return lines
}

func said(t *testing.T, lines []string, promise string) string {
	for _, v := range runHistory(t, lines, promise) {
		return v.promise + ": " + v.text
	}
	return promise + ": not every time; which request comes first matters"
}

// runHistories runs several at a time, and keeps the shortest that breaks a promise.
func runHistories(t *testing.T, histories [][]string, broken map[string][]string) {
	t.Helper()
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, lines := range histories {
		group.Go(func() error {
			found := runHistory(t, lines, "")
			mu.Lock()
			defer mu.Unlock()
			for _, v := range found {
				if shortest := broken[v.promise]; shortest == nil || v.step+1 < len(shortest) {
					broken[v.promise] = lines[:v.step+1]
				}
			}
			return nil
		})
	}
	must(t, group.Wait())
}

// runHistory returns the broken promises. Given a promise, it ends when that one is broken
// first.
func runHistory(t *testing.T, lines []string, promise string) []violation {
	h, end := newHistory(t)
	defer end()
	for i, line := range lines {
		s, ok := parseStep(line)
		if !ok {
			continue
		}
		already := len(h.found)
		h.do(s)
		for j := already; j < len(h.found); j++ {
			h.found[j].step = i
			if h.found[j].promise == promise {
				return h.found[j : j+1]
			}
		}
	}
	if promise != "" {
		return nil
	}
	return h.found
}

func asTest(lines []string) string {
	return "func TestHistory(t *testing.T) {\n\tt.Parallel()\n\treplayHistory(t, `\n\t\t" + strings.Join(lines, "\n\t\t") + "\n\t`)\n}"
}

// replayHistory fails if a history breaks a promise; history_known_test.go has them. With
// -v it prints diagnostics and PUTs.
func replayHistory(t *testing.T, script string) {
	t.Helper()
	h, end := newHistory(t)
	defer end()
	h.tf.hear = func(address string, diagnostics []*tfprotov6.Diagnostic) {
		for _, text := range texts(diagnostics) {
			t.Logf("\t%s: %s", address, text)
		}
	}
	h.sent = func(a *applied) {
		for _, p := range a.puts {
			t.Logf("\tPUT %s of %s: %d", p.status, a.users.name(p.id), p.answer)
		}
	}
	for line := range strings.Lines(script) {
		s, ok := parseStep(line)
		if !ok {
			continue
		}
		t.Log(strings.TrimSpace(line))
		already := len(h.found)
		h.do(s)
		for _, v := range h.found[already:] {
			t.Errorf("%s: %s", v.promise, v.text)
		}
	}
}
