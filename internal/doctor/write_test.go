// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// puts returns the statuses that were sent, and the users they were sent for.
func (b *bench) puts() (statuses, ids []string) {
	for _, r := range b.tenant.Requests() {
		if r.Kind != simulator.KindStatus {
			continue
		}
		var body struct{ UserStatus string }
		must(b.t, json.Unmarshal([]byte(r.Body), &body))
		statuses, ids = append(statuses, body.UserStatus), append(ids, r.UserID)
	}
	return statuses, slices.Compact(ids)
}

func (b *bench) wantPuts(statuses ...string) {
	b.t.Helper()
	if got, _ := b.puts(); !slices.Equal(got, statuses) {
		b.t.Errorf("sent %v, want %v", got, statuses)
	}
}

func (b *bench) wantStatus(address, status string) {
	b.t.Helper()
	if user, _ := b.tenant.User(address); user.Status != status {
		b.t.Errorf("%s is %s, want %s", address, user.Status, status)
	}
}

// strikeFrom makes the PUTs from the nth on fail.
func (b *bench) strikeFrom(n int32, fault simulator.Fault) {
	var count atomic.Int32
	fault.Kind = simulator.KindStatus
	fault.Match = func(*http.Request, []byte) bool { return count.Add(1) >= n }
	b.tenant.Inject(fault)
}

const enabled, disabled = simulator.Enabled, simulator.Disabled

func TestWriteSetsTheUserBack(t *testing.T) {
	t.Parallel()
	for address, statuses := range map[string][]string{
		enabledUser:         {enabled, disabled, enabled},
		"elena@example.com": {disabled, enabled, disabled},
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			stdout, _, code := b.run("-write", address)
			wantCode(t, code, ExitFine, stdout)
			b.wantPuts(statuses...)
			b.wantStatus(address, statuses[0])
			user, _ := b.tenant.User(address)
			if _, ids := b.puts(); len(ids) != 1 || ids[0] != user.ID {
				t.Errorf("the PUTs went to %v", ids)
			}
			wantText(t, stdout, ".. write PUT "+statuses[0]+": the user's current status .. write PUT "+statuses[1]+", the other status .. write waits until look-up and search show it, at most 10s .. write PUT "+statuses[2]+", which sets the user back")
		})
	}
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		prepare func(*bench)
		address string
		want    string
	}{
		"a protected user":                 {protect(enabledUser), enabledUser, "one of IDPLUS_PROTECTED_USERS"},
		"a protected user in another case": {protect("breakglass@example.com,ADA@example.com"), enabledUser, "one of IDPLUS_PROTECTED_USERS"},
		"a protected user by an alias": {func(b *bench) {
			must(b.t, b.tenant.Alias("former@example.com", enabledUser))
			protect("former@example.com")(b)
		}, enabledUser, "one of IDPLUS_PROTECTED_USERS"},
		"where no user has a protected name": {protect("nobody@example.com"), enabledUser, "is not found, and may be this one"},
		"where no change is allowed":         {func(b *bench) { b.environ["IDPLUS_MAX_CHANGES"] = "0" }, enabledUser, "IDPLUS_MAX_CHANGES allows no change"},
		"an address in another case":         {func(*bench) {}, "Ada@example.com", "in another case"},
		"an address that is an alias":        {func(b *bench) { must(b.t, b.tenant.Alias("former@example.com", enabledUser)) }, "former@example.com", "did not confirm the user"},
		"no such user":                       {func(*bench) {}, "nobody@example.com", "no user has exactly this address"},
		"a marked user who is Enabled":       {func(b *bench) { must(b.t, b.tenant.MarkDeleted(enabledUser, "admin")) }, enabledUser, "disabling could not be undone"},
		"an unknown status":                  {func(b *bench) { must(b.t, b.tenant.SetStatus(enabledUser, "Locked")) }, enabledUser, "could not be set back"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			tc.prepare(b)
			stdout, _, code := b.run("-write", tc.address)
			wantCode(t, code, ExitStopped, stdout)
			wantText(t, stdout, "!! write refused: ", tc.want)
			b.wantPuts()
		})
	}
}

func protect(users string) func(*bench) {
	return func(b *bench) { b.environ["IDPLUS_PROTECTED_USERS"] = users }
}

func TestMarkedUserIsNeverEnabled(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"", "Pending Deletion"} {
		b := newBench(t)
		b.tenant.ShowMarkedAs(word)
		stdout, _, code := b.run("-write", markedUser)
		wantCode(t, code, ExitFine, stdout)
		b.wantPuts(disabled)
	}
}

func TestWriteOfAUserDisabledByASynchronization(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	stdout, _, code := b.run("-write", "ines@example.com")
	wantCode(t, code, ExitFine, stdout)
	b.wantPuts(disabled, enabled)
	b.wantStatus("ines@example.com", disabled)
	wantText(t, stdout, "PUT of the other status is refused: 409", "If the user was disabled by a synchronization")
}

// Whatever happens after the second PUT, the third is sent.
func TestWriteSetsTheUserBackAfterTrouble(t *testing.T) {
	t.Parallel()
	t.Run("an interrupt", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.tenant.FreezeLookup()
		ctx, interrupt := context.WithCancel(t.Context())
		b.command.wait = func(ctx context.Context, _ time.Duration) error {
			interrupt()
			return context.Cause(ctx)
		}
		stdout, _, code := b.runIn(ctx, "-write", enabledUser)
		b.wantPuts(enabled, disabled, enabled)
		b.wantStatus(enabledUser, enabled)
		wantText(t, stdout, "look-up shows a change: not known: interrupted", "set back to Enabled")
		wantCode(t, code, ExitStopped, stdout)
	})
	t.Run("an interrupt before the second PUT", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		ctx, interrupt := context.WithCancel(t.Context())
		b.strikeFrom(1, simulator.Fault{After: true, Respond: func(w http.ResponseWriter, r *http.Request) {
			interrupt()
			simulator.AnswerAPIError(409, "")(w, r)
		}})
		stdout, _, code := b.runIn(ctx, "-write", enabledUser)
		b.wantPuts(enabled)
		wantCode(t, code, ExitStopped, stdout)
		wantText(t, stdout, "-- write interrupted")
	})
	t.Run("a lost answer", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.strikeFrom(2, simulator.Fault{After: true, Times: 1, Respond: simulator.CutConnection})
		stdout, _, code := b.run("-write", enabledUser)
		b.wantPuts(enabled, disabled, enabled)
		b.wantStatus(enabledUser, enabled)
		wantCode(t, code, ExitFine, stdout)
	})
	t.Run("a lost answer of the last", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		b.tenant.AnswerSameStatus(409)
		b.strikeFrom(3, simulator.Fault{After: true, Times: 1, Respond: simulator.CutConnection})
		stdout, _, code := b.run("-write", enabledUser)
		b.wantStatus(enabledUser, enabled)
		wantCode(t, code, ExitFine, stdout)
	})
}

func TestWriteThatCannotSetTheUserBack(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-write", enabledUser}, {"-json", "-write", enabledUser}} {
		b := newBench(t)
		b.strikeFrom(3, simulator.Fault{Respond: simulator.AnswerAPIError(403, "No longer.")})
		stdout, stderr, code := b.run(args...)
		b.wantStatus(enabledUser, disabled)
		wantCode(t, code, ExitLeftChanged, stdout)
		text := stdout
		if args[0] == "-json" {
			text = stderr
			wantNoPieces(t, stdout, []string{enabledUser})
			wantText(t, stdout, `"exit_code": 3`, "THE USER WAS NOT SET BACK: was Enabled, may be Disabled now")
		}
		lines := strings.Split(strings.TrimSpace(text), "\n")
		wantText(t, lines[len(lines)-1], "!! ada@example.com was Enabled, and may be Disabled now: set the status to Enabled in the Cloud Administration Console")
	}
}

func TestNothingIsWrittenWithoutWrite(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, args := range [][]string{nil, {enabledUser}, {"-json"}, {"-username", enabledUser}} {
		b.run(args...)
	}
	b.wantPuts()
	for _, r := range b.tenant.Requests() {
		if r.Kind == simulator.KindSync || r.Kind == simulator.KindMarkDeleted || strings.Contains(r.Body, "searchUnsynched") {
			t.Errorf("sent %s %s: %s", r.Method, r.Path, r.Body)
		}
	}
}
