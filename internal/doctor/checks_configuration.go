// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/console"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
	"github.com/idplus-community/terraform-provider-idplus/internal/settings"
)

// checkConfiguration reads the environment as the provider does.
func (x *examination) checkConfiguration(ctx context.Context) bool {
	read, empty, unread := x.environment.sorted()
	if len(read) > 0 {
		x.ok("variables", "set: %s", strings.Join(read, ", "))
	}
	if len(empty) > 0 {
		x.note("variables", "set, but empty: "+strings.Join(empty, ", "), "They are treated as not set.")
	}
	for _, name := range unread {
		// An invented name may contain that of the tenant.
		f := finding{name: "variables", result: note, text: "set, but unknown to the provider", detail: shownName(name)}
		if known := settings.Meant(name); known != "" {
			f.advice = "Is " + known + " meant?"
		}
		x.found(f)
	}

	configured, diags := settings.Read(ctx, settings.Model{}, x.environment.get, false)
	x.settings = configured
	x.private.keep(configured.Protected...)
	usable := true
	for _, d := range diags {
		usable = false
		x.found(finding{
			name: "configuration", result: failed, text: publicSummary(d.Summary(), d.Detail()), detail: d.Detail(),
			advice: "The guide \"Authentication\" explains where each value comes from.",
		})
	}
	var incomplete *settings.IncompleteError
	if errors.As(x.settings.Client.Unready, &incomplete) && usable {
		usable = false
		// The provider's own text, with nothing from the environment in it.
		x.found(finding{name: "configuration", result: failed, text: incomplete.Summary + ".", advice: incomplete.Detail})
	}
	if base := x.settings.Client.BaseURL; base != nil {
		x.private.keepURL(base)
		x.checkBaseURL(base)
	}
	if !usable {
		return false
	}
	x.checkCredentials()
	if rate := x.settings.Client.RequestsPerSecond; rate > 0 && rate < slowRate {
		x.note("rate", "IDPLUS_REQUESTS_PER_SECOND allows less than one request a second", "This makes the following checks and each plan slow. The provider finds the tenant's limit by itself: unset the variable.")
	}
	x.connect()
	return true
}

var variableName = regexp.MustCompile(`IDPLUS_[A-Z_]+`)

// publicSummary returns the summary of a diagnostic without the value, which its detail may
// contain.
func publicSummary(summary, detail string) string {
	var names []string
	for _, name := range variableName.FindAllString(detail, -1) {
		if slices.Contains(settings.Variables, name) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return summary + "."
	}
	return summary + ": " + strings.Join(names, ", ") + "."
}

var plainName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,59}$`)

func shownName(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return settings.VariablePrefix + "..."
}

// placeholders are first parts of hosts in documentation.
var placeholders = []string{"tenant", "your-tenant", "yourtenant", "your_tenant", "example", "mytenant", "my-tenant", "company", "yourcompany"}

// checkBaseURL reports what looks wrong in a well-formed base URL.
func (x *examination) checkBaseURL(base *url.URL) {
	const usual = "https://TENANT.access.securid.com/AdminInterface/restapi"
	tenant, rest, _ := strings.Cut(strings.ToLower(base.Hostname()), ".")
	f := finding{name: "base URL", result: note, detail: base.String()}
	switch {
	case slices.Contains(placeholders, tenant) && strings.Contains(rest, "."):
		f.text, f.advice = "its host begins with a placeholder from the documentation", "Replace it with the name of your tenant: "+usual
	case !strings.HasSuffix(base.Path, "/AdminInterface/restapi"):
		f.text, f.advice = "its path is not /AdminInterface/restapi", "The base URL of a tenant is usually "+usual
	case base.Hostname() == "access.securid.com" || regexp.MustCompile(`^(na|eu|anz)\d*\.access\.securid\.com$`).MatchString(base.Hostname()):
		f.text = "it is one of the shared hosts that RSA withdraws"
		f.advice = "Use the tenant's own host (" + usual + "); a legacy key has to be created again for it."
	default:
		f.result, f.text = ok, "well-formed"
	}
	x.found(f)
}

// checkCredentials reports the kind of the credentials.
func (x *examination) checkCredentials() {
	switch credentials := x.settings.Client.Credentials.(type) {
	case cloudadmin.OAuthClient:
		id := "with an id"
		if credentials.Key.ID == "" {
			id = "without an id"
		}
		x.ok("credentials", "OAuth client, private key (%s) %s", credentials.Key.Kind(), id)
		if issuer, err := url.Parse(credentials.TokenURL); err == nil {
			x.private.keepURL(issuer)
		}
	case *cloudadmin.APIKey:
		x.ok("credentials", "legacy API key (RSA), which signs the tokens")
	case cloudadmin.AccessToken:
		x.checkAccessToken(string(credentials))
	}
}

// checkAccessToken reads when a bearer token expires, which the token itself may contain.
func (x *examination) checkAccessToken(value string) {
	const name = "credentials"
	var claims struct {
		Expiry int64 `json:"exp"`
	}
	parts := strings.Split(value, ".")
	if len(parts) == 3 {
		payload, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err != nil || json.Unmarshal(payload, &claims) != nil {
			claims.Expiry = 0
		}
	}
	left := time.Unix(claims.Expiry, 0).Sub(x.command.now())
	exact := time.Second
	if left.Abs() > 10*time.Minute {
		exact = time.Minute
	}
	left = left.Round(exact)
	switch {
	case claims.Expiry == 0:
		x.ok(name, "bearer token without an expiry")
	case left <= 0:
		x.found(finding{
			name: name, result: failed, text: "the bearer token expired " + phrase.Duration(-left) + " ago",
			advice: "Get a new one. The provider cannot renew a bearer token; with an OAuth client it fetches new tokens.",
		})
	default:
		x.ok(name, "bearer token, valid for another %s", phrase.Duration(left))
	}
}

// slowRate is one request per second.
const slowRate = 1

// quickRetries are enough for a tenant that asks to wait, and few enough for a person who
// waits.
const quickRetries = 2

// connect creates the client, with the observer between it and the transport.
func (x *examination) connect() {
	config := x.settings.Client
	transport := cloudadmin.NewTransport(cloudadmin.DefaultMaxConcurrentRequests)
	x.observer = &observer{next: transport, now: x.command.now, proxy: transport.Proxy}
	if oauth, is := config.Credentials.(cloudadmin.OAuthClient); is {
		x.observer.tokenURL = oauth.TokenURL
	}
	x.settings.Client.Transport = x.observer
	x.settings.Client.UserAgent = "terraform-provider-idplus/" + x.command.Version + " doctor"
	x.settings.Client.Logger = slog.New(console.Waits(x.sayWait))
	x.client = x.newClient(quickRetries)
}

// patience limits one attempt.
const patience = 8 * time.Second

func (x *examination) newClient(retries int) *cloudadmin.Client {
	config := x.settings.Client
	config.MaxRetries = &retries
	if config.RequestTimeout <= 0 || config.RequestTimeout > patience {
		config.RequestTimeout = patience
	}
	return cloudadmin.New(config)
}

var _ http.RoundTripper = (*observer)(nil)
