// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestWelcome(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := welcome(&out, welcomeText{
		URL: "http://127.0.0.1:1", AdminAPIURL: "http://127.0.0.1:1/AdminInterface/restapi", IssuerURL: "http://127.0.0.1:1/oauth",
		Client: simulator.OAuthClient{ClientID: "client", PrivateKeyJWK: `{"kty":"RSA"}`},
		Users:  []simulator.User{{Email: "ada@example.com", Status: simulator.Enabled}},
		Others: 7,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{
		"export IDPLUS_ADMIN_API_URL=http://127.0.0.1:1/AdminInterface/restapi",
		"export IDPLUS_OAUTH_ISSUER_URL=http://127.0.0.1:1/oauth",
		"export IDPLUS_OAUTH_CLIENT_ID=client",
		`export IDPLUS_OAUTH_PRIVATE_KEY='{"kty":"RSA"}'`,
		`      source = "idplus-community/idplus"`,
		`provider "idplus" {}`,
		"ada@example.com  Enabled",
		"and 7 others",
		"curl -X POST http://127.0.0.1:1/simulator/users/ada@example.com/disable",
		"curl -X POST 'http://127.0.0.1:1/simulator/temperaments/same-status?is=409'",
	} {
		if !strings.Contains(out.String(), line+"\n") {
			t.Errorf("the line %q is missing from\n%s", line, out.String())
		}
	}
}

func TestRunServesUntilToldToEnd(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{
			"-listen", "127.0.0.1:0", "-users", "100", "-same-status", "409", "-marked-as=Pending Deletion", "-compare-case", "-frozen-lookup=false",
		}, writer, io.Discard)
		_ = writer.Close()
	}()
	heading, err := bufio.NewReader(reader).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, reader) }()
	url := regexp.MustCompile(`http://\S+`).FindString(heading)

	users := get(t, url+"/simulator/users")
	if !strings.Contains(users, "breakglass@example.com") || strings.Count(users, "\n") != 101 {
		t.Errorf("the users are %s", users)
	}
	temperaments := strings.Join(strings.Fields(get(t, url+"/simulator/temperaments")), " ")
	for _, part := range []string{" same-status 409 200,", " marked-as Pending Deletion ", " compare-case on ", " frozen-lookup off ", " pages-from-1 off "} {
		if !strings.Contains(temperaments, part) {
			t.Errorf("%q is missing from %s", part, temperaments)
		}
	}

	taken := run(ctx, []string{"-listen", strings.TrimPrefix(url, "http://")}, io.Discard, io.Discard)
	if taken == nil || !strings.Contains(taken.Error(), "is taken by another program") {
		t.Errorf("with the port taken: %v", taken)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-listen", "0.0.0.0:0"}, {"-listen", ":8480"}, {"-port", "1"}, {"surplus"},
		{"-users", "12"}, {"-users", "many"}, {"-listen", "127.0.0.1:0", "-same-status", "418"}, {"-compare-case=perhaps"}} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
	if err := run(t.Context(), []string{"-h"}, io.Discard, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
}
