// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestTrafficIsCounted(t *testing.T) {
	t.Parallel()
	a := newAccount(t, simulator.OAuthOptions{})
	a.tenant.Inject(simulator.Fault{Kind: simulator.KindLookup, Times: 2, Respond: simulator.AnswerTooManyRequests("3")})
	client := New(a.config)
	must(t, lookUp(t.Context(), client, ada))
	got := client.Traffic()
	waited := a.clock.Waits()[0] + a.clock.Waits()[1]
	if want := (Traffic{Requests: 4, Retries: 2, Refused: 2, Waited: waited}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// A write that is on its way when the caller goes is heard out, since it has
// probably been carried out; a look-up is not, and nothing new is sent.
func TestCallerWhoGoesHearsOfAWrite(t *testing.T) {
	t.Parallel()
	a := newAccount(t, simulator.OAuthOptions{})
	client := New(a.config)
	must(t, lookUp(t.Context(), client, ada))

	gone := errors.New("the caller went")
	ctx, leave := context.WithCancelCause(t.Context())
	remove := a.tenant.Inject(simulator.Fault{Match: func(*http.Request, []byte) bool { leave(gone); return false }})
	must(t, client.Users.SetStatus(ctx, "1", Disabled))
	if err := client.Users.SetStatus(ctx, "1", Enabled); !errors.Is(err, gone) {
		t.Errorf("a write after the caller went got %v", err)
	}
	if user, _ := a.tenant.User(ada); user.Status != string(Disabled) {
		t.Errorf("the user is %s, want Disabled", user.Status)
	}
	remove()

	for name, call := range map[string]func(context.Context) error{
		"a look-up": func(ctx context.Context) error { return lookUp(ctx, client, ada) },
		// A write that is never answered ends all the same.
		"a write": func(ctx context.Context) error { return client.Users.SetStatus(ctx, "1", Disabled) },
	} {
		ctx, leave := context.WithCancelCause(t.Context())
		remove := a.tenant.Inject(simulator.Fault{Respond: func(_ http.ResponseWriter, r *http.Request) { leave(gone); <-r.Context().Done() }})
		if err := call(ctx); !errors.Is(err, gone) {
			t.Errorf("%s that was not answered got %v", name, err)
		}
		remove()
	}
}
