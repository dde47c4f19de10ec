// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package access_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

const (
	enabled  = cloudadmin.Enabled
	disabled = cloudadmin.Disabled
)

func email(i int) string { return fmt.Sprintf("user%02d@example.com", i) }

// tenant has 20 users, all Enabled.
type tenant struct {
	*simulator.Tenant
	t      *testing.T
	client *cloudadmin.Client
}

func newTenant(t *testing.T) *tenant { return newTenantWith(t, 0) }

// newTenantWith returns a tenant whose client retries a request a number of times.
func newTenantWith(t *testing.T, retries int) *tenant {
	t.Helper()
	simulated := simulator.NewTenant()
	for i := range 20 {
		simulated.AddUser(simulator.User{Email: email(i), Username: fmt.Sprintf("name%02d", i)})
	}
	server, err := simulator.Start(simulated)
	must(t, err)
	t.Cleanup(server.Close)
	base, err := cloudadmin.ParseBaseURL(server.AdminAPIURL())
	must(t, err)
	client := cloudadmin.New(cloudadmin.Config{
		BaseURL: base, Credentials: cloudadmin.AccessToken(simulated.IssueToken(time.Hour, simulator.ScopeRead, simulator.ScopeManage)), MaxRetries: &retries,
	})
	return &tenant{simulated, t, client}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// run starts a plan or an apply.
func (tt *tenant) run(guards access.Guards) *access.Run {
	return access.NewRun(snapshot.NewReader(tt.client.Users), guards)
}

func (tt *tenant) id(i int) string {
	user, ok := tt.User(email(i))
	if !ok {
		tt.t.Fatalf("no user %d", i)
	}
	return user.ID
}

func (tt *tenant) wantStatus(i int, want cloudadmin.Status) {
	tt.t.Helper()
	if user, _ := tt.User(email(i)); user.Status != string(want) {
		tt.t.Errorf("%s is %s, want %s", email(i), user.Status, want)
	}
}

func wish(i int, to cloudadmin.Status) *access.Decision {
	return &access.Decision{Who: cloudadmin.Email(email(i)), To: to}
}

// held returns a decision about a user in the state.
func (tt *tenant) held(i int, was, to cloudadmin.Status) *access.Decision {
	d := wish(i, to)
	d.InState, d.Was, d.Known = true, was, access.Known{ID: tt.id(i)}
	return d
}

func (tt *tenant) leave(i int, was, to cloudadmin.Status) *access.Decision {
	d := tt.held(i, was, to)
	d.Why = access.Leaves
	return d
}

func batch(decisions ...*access.Decision) *access.Batch { return &access.Batch{Decisions: decisions} }

func (tt *tenant) apply(r *access.Run, b *access.Batch) {
	tt.t.Helper()
	must(tt.t, r.Apply(tt.t.Context(), b))
}

func wantVerdicts(t *testing.T, b *access.Batch, want ...access.Verdict) {
	t.Helper()
	var got []access.Verdict
	for _, d := range b.Decisions {
		got = append(got, d.Verdict)
	}
	if !slices.Equal(got, want) {
		t.Errorf("verdicts %v, want %v", got, want)
	}
}

func limit(n int64) access.Guards { return access.Guards{MaxChanges: &n} }

func TestABatchThatWouldPassTheLimitSendsNothing(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	r := tt.run(limit(2))
	b := batch(wish(0, disabled), wish(1, disabled), wish(2, disabled))
	tt.apply(r, b)
	wantVerdicts(t, b, access.TooMany, access.TooMany, access.TooMany)
	// It counts for nothing, and the next batch has the whole limit.
	for i := range 3 {
		one := batch(wish(10+i, disabled))
		tt.apply(r, one)
		if want := []access.Verdict{access.Change, access.Change, access.TooMany}[i]; one.Decisions[0].Verdict != want {
			t.Errorf("verdict %d of user %d, want %d", one.Decisions[0].Verdict, i, want)
		}
	}
	if n := tt.Count(simulator.KindStatus); n != 2 {
		t.Errorf("%d PUTs, want 2", n)
	}
}

func TestAPersonCountsOnceUnderEveryName(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	r := tt.run(limit(1))
	must(t, r.Plan(t.Context(), batch(wish(0, disabled))))
	byName := &access.Decision{Who: cloudadmin.Username("name00"), To: disabled}
	tt.apply(r, batch(byName))
	wantVerdicts(t, batch(byName), access.Change)
	again := batch(wish(0, disabled))
	tt.apply(r, again)
	wantVerdicts(t, again, access.AsWanted)
}

func TestLettingGoCountsUnlessAnotherResourceWantsThePerson(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	r := tt.run(limit(0))
	left := batch(tt.leave(0, enabled, ""))
	tt.apply(r, left)
	wantVerdicts(t, left, access.TooMany)

	r = tt.run(limit(1))
	must(t, r.Plan(t.Context(), batch(tt.leave(0, enabled, ""))))
	must(t, r.Plan(t.Context(), batch(wish(0, enabled))))
	if _, used, _ := r.Limit(); used != 0 {
		t.Errorf("%d people are counted, want none: the only one stays", used)
	}
}

func TestAWishOutranksALeaveWhicheverComesFirst(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	r := tt.run(access.Guards{})
	must(t, r.Plan(t.Context(), batch(wish(0, enabled))))
	first := batch(tt.leave(0, enabled, disabled))
	tt.apply(r, first)
	wantVerdicts(t, first, access.Spared)

	// Under another name, and within one batch.
	both := batch(tt.leave(1, enabled, disabled), &access.Decision{Who: cloudadmin.Username("name01"), To: enabled})
	tt.apply(r, both)
	wantVerdicts(t, both, access.Spared, access.AsWanted)

	// A wish that comes too late to spare the user is carried out afterwards.
	late := batch(tt.leave(2, enabled, disabled))
	tt.apply(r, late)
	wantVerdicts(t, late, access.Change)
	tt.apply(r, batch(wish(2, enabled)))
	for i := range 3 {
		tt.wantStatus(i, enabled)
	}
}

func TestAWishUnknownToTheApplyFailsThePlan(t *testing.T) {
	t.Parallel()
	for _, wishFirst := range []bool{true, false} {
		tt := newTenant(t)
		r := tt.run(access.Guards{})
		idle, leaves := batch(tt.held(0, enabled, enabled)), batch(tt.leave(0, enabled, disabled))
		idle.Idle = true
		plans := []*access.Batch{idle, leaves}
		if !wishFirst {
			plans = []*access.Batch{leaves, idle}
		}
		for _, b := range plans {
			must(t, r.Plan(t.Context(), b))
		}
		wantVerdicts(t, plans[1], access.KeptElsewhere)
	}
}

func TestTwoLeavesDisableAPersonOnce(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	r := tt.run(access.Guards{})
	tt.apply(r, batch(tt.leave(0, enabled, disabled)))
	tt.apply(r, batch(tt.leave(0, enabled, disabled)))
	if n := tt.Count(simulator.KindStatus); n != 1 {
		t.Errorf("%d PUTs, want 1", n)
	}
}

func TestProtectedUsersAreComparedByID(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	for name, guards := range map[string]access.Guards{
		"email": {Protected: []string{"USER00@example.com"}}, "username": {Protected: []string{"name00"}},
	} {
		for _, b := range []*access.Batch{
			batch(wish(0, disabled)), batch(tt.held(0, enabled, disabled)), batch(tt.leave(0, enabled, disabled)),
			batch(&access.Decision{Who: cloudadmin.Username("name00"), To: disabled}),
		} {
			tt.apply(tt.run(guards), b)
			if b.Decisions[0].Verdict != access.Protected {
				t.Errorf("protected by %s: verdict %d", name, b.Decisions[0].Verdict)
			}
		}
	}
	b := batch(wish(1, disabled), wish(2, enabled))
	tt.apply(tt.run(access.Guards{Protected: []string{"nobody@example.com"}}), b)
	wantVerdicts(t, b, access.UnknownProtected, access.AsWanted)
	if n := tt.Count(simulator.KindStatus); n != 0 {
		t.Errorf("%d PUTs, want none", n)
	}
}

// The API's answer to setting the current status is not documented.
func TestARefusalIsJudgedByALookUp(t *testing.T) {
	t.Parallel()
	for _, code := range []int{http.StatusNotModified, http.StatusBadRequest, http.StatusConflict} {
		tt := newTenant(t)
		tt.AnswerSameStatus(code)
		// The state is out of date: the user is Disabled already.
		must(t, tt.SetStatus(email(0), simulator.Disabled))
		b := batch(tt.held(0, enabled, disabled))
		tt.apply(tt.run(access.Guards{}), b)
		wantVerdicts(t, b, access.Change)
	}
	for name, c := range map[string]struct {
		prepare func(*tenant)
		to      cloudadmin.Status
		want    access.Verdict
	}{
		"marked since":          {func(tt *tenant) { must(t, tt.MarkDeleted(email(0), "")) }, enabled, access.Pending},
		"synchronized":          {func(tt *tenant) { must(t, tt.DisableBySync(email(0))) }, enabled, access.SyncDisabled},
		"gone, to be enabled":   {func(tt *tenant) { must(t, tt.Delete(email(0))) }, enabled, access.Deleted},
		"gone, to be disabled":  {func(tt *tenant) { must(t, tt.Delete(email(0))) }, disabled, access.Vanished},
		"marked, disabled, 409": {func(tt *tenant) { tt.RefuseDisablingMarked(409); must(t, tt.MarkDeleted(email(0), "")) }, disabled, access.Change},
		"a lost answer":         {func(tt *tenant) { tt.LoseAnswers(simulator.KindStatus, 1, nil) }, disabled, access.Change},
		"an answer of 500":      {func(tt *tenant) { tt.LoseAnswers(simulator.KindStatus, 1, simulator.AnswerEmpty(500)) }, disabled, access.Unanswered},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt := newTenant(t)
			was := disabled
			if c.to == disabled {
				was = enabled
			}
			must(t, tt.SetStatus(email(0), string(was)))
			b := batch(tt.held(0, was, c.to))
			c.prepare(tt)
			tt.apply(tt.run(access.Guards{}), b)
			wantVerdicts(t, b, c.want)
		})
	}
}

// A request whose answer is lost is sent again, and a tenant may refuse to set the current
// status: the change was made.
func TestALostAnswerAndARefusalIsJudgedByALookUp(t *testing.T) {
	t.Parallel()
	for _, code := range []int{http.StatusNotModified, http.StatusBadRequest, http.StatusConflict} {
		tt := newTenantWith(t, 1)
		tt.AnswerSameStatus(code)
		tt.LoseAnswers(simulator.KindStatus, 1, nil)
		b := batch(tt.held(0, enabled, disabled))
		tt.apply(tt.run(access.Guards{}), b)
		wantVerdicts(t, b, access.Change)
		if puts := tt.Count(simulator.KindStatus); puts != 2 {
			t.Errorf("%d PUTs, want the lost one and one more", puts)
		}
	}
}

func TestAnIDThatOnlySearchHasShownIsConfirmedBeforeItsFirstPUT(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	lied := tt.held(0, enabled, disabled)
	lied.Known = access.Known{ID: tt.id(1), Searched: true}
	right := tt.held(2, enabled, disabled)
	right.Known.Searched = true
	b := batch(lied, right)
	tt.apply(tt.run(access.Guards{}), b)
	wantVerdicts(t, b, access.Reassigned, access.Change)
	tt.wantStatus(1, enabled)
	if _, known, _ := right.Outcome(); known.Searched {
		t.Error("the id was looked up, and counts as shown by search alone")
	}
}

func TestTenUnknownPeopleMeanTheWrongTenant(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	state := func(n int, was cloudadmin.Status, id string) *access.Batch {
		b := batch()
		for i := range n {
			d := &access.Decision{Who: cloudadmin.Email(email(i)), InState: true, Was: was, Known: access.Known{ID: id + fmt.Sprint(i)}}
			if id == "gone" {
				d.Who = cloudadmin.Email(fmt.Sprintf("gone%d@example.com", i))
			}
			b.Decisions = append(b.Decisions, d)
		}
		return b
	}
	for name, c := range map[string]struct {
		batch *access.Batch
		wrong bool
	}{
		"nine are missing":            {state(9, enabled, "gone"), false},
		"ten are missing":             {state(10, enabled, "gone"), true},
		"ten are other users":         {state(10, enabled, "other"), true},
		"ten leavers are other users": {state(10, disabled, "other"), true},
		"twenty leavers are gone":     {state(20, disabled, "gone"), false},
	} {
		if err := tt.run(access.Guards{}).Refresh(t.Context(), c.batch); errors.Is(err, access.ErrWrongTenant) != c.wrong {
			t.Errorf("%s: %v", name, err)
		}
	}
	// One at a time, and with a user who is known.
	r := tt.run(access.Guards{})
	for i, d := range state(10, enabled, "gone").Decisions {
		if err := r.Refresh(t.Context(), batch(d)); (err != nil) != (i == 9) {
			t.Errorf("user %d: %v", i, err)
		}
	}
	r = tt.run(access.Guards{})
	must(t, r.Refresh(t.Context(), batch(tt.held(19, enabled, ""))))
	must(t, r.Refresh(t.Context(), state(15, enabled, "gone")))
}

// The name of one user may be the address of another: both are protected.
func TestAProtectedNameOfTwoPeopleProtectsBoth(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	admin := tt.AddUser(simulator.User{Email: "admin@example.com", Username: email(1)})
	r := tt.run(access.Guards{Protected: []string{email(1)}})
	leave := &access.Decision{
		Who: cloudadmin.Email("admin@example.com"), Why: access.Destroyed, To: disabled, InState: true, Was: enabled, Known: access.Known{ID: admin.ID},
	}
	b := batch(leave, tt.leave(1, enabled, disabled))
	tt.apply(r, b)
	wantVerdicts(t, b, access.Protected, access.Protected)
}

// A wish that is judged while a leave is in progress finds the user as wanted, and waits.
func TestAWishThatMeetsALeaveOnItsWayEndsAsItWants(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	r := tt.run(access.Guards{})
	sent, release := make(chan struct{}), make(chan struct{})
	var first sync.Once
	tt.Inject(simulator.Fault{Kind: simulator.KindStatus, Match: func(*http.Request, []byte) bool {
		first.Do(func() {
			close(sent)
			<-release
		})
		return false
	}})
	leaving := make(chan struct{})
	go func() {
		defer close(leaving)
		_ = r.Apply(t.Context(), batch(tt.leave(0, enabled, disabled)))
	}()
	<-sent
	wants := batch(wish(0, enabled))
	must(t, r.Plan(t.Context(), wants)) // Still as wanted.
	close(release)
	<-leaving
	tt.apply(r, batch(wish(0, enabled)))
	tt.wantStatus(0, enabled)
}

// A user who moves from one resource to another is not let go.
func TestRowsThatMoveDoNotCount(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	r := tt.run(limit(0))
	must(t, r.Plan(t.Context(), batch(wish(0, enabled), wish(1, enabled))))
	moved := batch(tt.leave(0, enabled, disabled), tt.leave(1, enabled, ""))
	must(t, r.Plan(t.Context(), moved))
	wantVerdicts(t, moved, access.Spared, access.Spared)
}

func TestAPersonInTheStateIsChangedEvenIfTheAddressIsRefused(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	tt.AnswerUnknownUser(http.StatusBadRequest)
	b := batch(tt.held(0, enabled, disabled))
	must(t, tt.Delete(email(0)))
	r := tt.run(access.Guards{})
	state := tt.heldAs(email(0), b.Decisions[0].Known.ID)
	must(t, r.Refresh(t.Context(), batch(state)))
	tt.apply(r, b)
	wantVerdicts(t, b, access.Vanished)
}

func (tt *tenant) heldAs(address, id string) *access.Decision {
	return &access.Decision{Who: cloudadmin.Email(address), InState: true, Was: enabled, Known: access.Known{ID: id}}
}

func TestALeaverWhoIsGoneLeavesEvenIfTheLookUpIsRefused(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	tt.AnswerUnknownUser(http.StatusBadRequest)
	d := tt.leave(1, enabled, disabled)
	d.Known.Searched = true
	there := tt.leave(2, enabled, disabled)
	there.Known.Searched = true
	must(t, tt.Delete(email(1)))
	tt.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerAPIError(http.StatusBadRequest, "No.")})
	b := batch(d, there)
	tt.apply(tt.run(access.Guards{}), b)
	// A user that search shows must not be taken for gone.
	wantVerdicts(t, b, access.Satisfied, access.NotLookedUp)
	if puts := tt.Count(simulator.KindStatus); puts != 0 {
		t.Errorf("%d PUTs for users that no look-up has confirmed", puts)
	}
}

// A leaver who is pending deletion is not changed by the configuration.
func TestLettingGoOfAUserPendingDeletionDoesNotCount(t *testing.T) {
	t.Parallel()
	tt := newTenant(t)
	must(t, tt.MarkDeleted(email(0), "root@example.com"))
	memory := snapshot.NewReader(tt.client.Users)
	_, err := memory.Lookup(t.Context(), cloudadmin.Email(email(0)), snapshot.Options{})
	must(t, err)
	byState := tt.leave(0, enabled, "")
	byState.Known.Pending = true
	for name, c := range map[string]struct {
		run  *access.Run
		left *access.Decision
		want access.Verdict
	}{
		"by the state":             {tt.run(limit(0)), byState, access.LetGo},
		"by a look-up of this run": {access.NewRun(memory, limit(0)), tt.leave(0, enabled, ""), access.LetGo},
		"by nothing":               {tt.run(limit(0)), tt.leave(0, enabled, ""), access.TooMany},
	} {
		b := batch(c.left)
		must(t, c.run.Plan(t.Context(), b))
		if c.left.Verdict != c.want {
			t.Errorf("%s: verdict %d, want %d", name, c.left.Verdict, c.want)
		}
	}
}
