// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// A client that is not ready returns an error from each call and sends nothing, whatever
// else its Config has.
func TestUnready(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s was sent", r.Method, r.URL)
	}))
	t.Cleanup(server.Close)
	missing := errors.New("no credentials")
	for name, config := range map[string]cloudadmin.Config{
		"nothing else": {Unready: missing},
		"a URL":        {Unready: missing, BaseURL: parseBaseURL(t, server.URL)},
		"credentials":  {Unready: missing, BaseURL: parseBaseURL(t, server.URL), Credentials: cloudadmin.AccessToken("token")},
	} {
		client := cloudadmin.New(config)
		for call, do := range map[string]func(context.Context) error{
			"look-up": func(ctx context.Context) error {
				_, err := client.Users.Lookup(ctx, cloudadmin.Email(adaEmail), cloudadmin.LookupOptions{})
				return err
			},
			"search": func(ctx context.Context) error {
				_, err := client.Users.Search(ctx, "@example.com", 0)
				return err
			},
			"status": func(ctx context.Context) error {
				return client.Users.SetStatus(ctx, adaID, cloudadmin.Disabled)
			},
			"synchronization": func(ctx context.Context) error {
				_, err := client.Users.Synchronize(ctx, adaID)
				return err
			},
			"mark": func(ctx context.Context) error {
				return client.Users.MarkDeleted(ctx, adaID, true)
			},
			"token": func(ctx context.Context) error {
				_, _, err := client.Token(ctx)
				return err
			},
		} {
			if err := do(t.Context()); !errors.Is(err, missing) {
				t.Errorf("with %s, a %s returns %v, want %v", name, call, err, missing)
			}
		}
	}
}
