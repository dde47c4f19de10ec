// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// settings reads the provider's configuration and, for what that leaves out,
// the environment.
type settings struct {
	getenv func(string) string
	diags  *diag.Diagnostics
}

// setting is a value and where it came from.
type setting struct {
	value string
	// source names the attribute or the variable, for diagnostics.
	source string
	at     path.Path
	// fromEnvironment tells the variable from the attribute.
	fromEnvironment bool
}

func (s setting) isSet() bool { return s.value != "" }

// envName is the variable of an attribute: oauth.client_id is
// IDPLUS_OAUTH_CLIENT_ID.
func envName(at path.Path) string {
	return "IDPLUS_" + strings.ToUpper(strings.ReplaceAll(at.String(), ".", "_"))
}

// find answers what the configuration says, else the environment. It is the one
// place that knows the precedence.
func (s *settings) find(at path.Path, configured attr.Value) setting {
	switch {
	case configured.IsUnknown():
		s.unknown(at)
		return setting{}
	case configured.IsNull():
		return setting{strings.TrimSpace(s.getenv(envName(at))), envName(at), at, true}
	}
	found := setting{source: at.String(), at: at}
	if text, ok := configured.(types.String); ok {
		found.value = strings.TrimSpace(text.ValueString())
		if !found.isSet() {
			s.problem(found, "it is empty. Give a value, or leave the attribute out (null)")
		}
	} else {
		found.value = configured.String()
	}
	return found
}

func (s *settings) unknown(at path.Path) {
	s.diags.AddAttributeError(at, "Provider configuration is not known yet", fmt.Sprintf(
		"%s depends on something that is known only after an apply, but the provider needs it to plan.\n\n"+
			"Apply what it comes from first (terraform apply -target=…), use a value that is known, or leave the attribute out and set %s.", at, envName(at)))
}

// problem reports a value that cannot be used, without repeating it: it may be a
// secret.
func (s *settings) problem(found setting, format string, args ...any) {
	text := fmt.Sprintf("%s cannot be used: %s.", found.source, fmt.Sprintf(format, args...))
	if found.fromEnvironment {
		s.diags.AddError("Environment variable cannot be used", text)
		return
	}
	s.diags.AddAttributeError(found.at, "Provider configuration cannot be used", text)
}

func (s *settings) clientConfig(ctx context.Context, model providerModel) cloudadmin.Config {
	credentials, brokenKey := s.credentials(ctx, model)
	config := cloudadmin.Config{Credentials: credentials}

	url := s.find(path.Root("admin_api_url"), model.AdminAPIURL)
	if key, ok := credentials.(*cloudadmin.APIKey); ok && !url.isSet() {
		url.value, url.source = key.AdminAPIURL(), "adminRestApiUrl of the API key"
	}
	var err error
	switch {
	case model.AdminAPIURL.IsUnknown() || (!url.isSet() && !model.AdminAPIURL.IsNull()):
		// Reported already.
	case !url.isSet() && brokenKey:
		// The key, once it is mended, brings its own.
	case !url.isSet():
		s.diags.AddAttributeError(url.at, "Provider configuration is incomplete", fmt.Sprintf(
			"admin_api_url is missing. Set it, or %s, to the base URL of the tenant's Cloud Administration API, such as https://TENANT.access.securid.com/AdminInterface/restapi.", envName(url.at)))
	default:
		if config.BaseURL, err = cloudadmin.ParseBaseURL(url.value); err != nil {
			s.problem(url, "%s", err)
		}
	}

	if n := s.whole(path.Root("max_concurrent_requests"), model.MaxConcurrentRequests, 1, 100); n != nil {
		config.MaxConcurrentRequests = int(*n)
	}
	if n := s.whole(path.Root("max_retries"), model.MaxRetries, 0, 100); n != nil {
		retries := int(*n)
		config.MaxRetries = &retries
	}
	if rate := s.find(path.Root("requests_per_second"), model.RequestsPerSecond); rate.isSet() {
		config.RequestsPerSecond, err = strconv.ParseFloat(rate.value, 64)
		if err != nil || config.RequestsPerSecond < 0.01 {
			s.problem(rate, "it must be a number of at least 0.01, such as 20")
		}
	}
	if timeout := s.find(path.Root("request_timeout"), model.RequestTimeout); timeout.isSet() {
		config.RequestTimeout, err = time.ParseDuration(timeout.value)
		if err != nil || config.RequestTimeout <= 0 {
			s.problem(timeout, "%q is not a duration above zero, such as 30s or 2m", timeout.value)
		}
	}
	return config
}

// whole reads a whole number; nil when there is none. The schema bounds what the
// configuration says, but not the environment.
func (s *settings) whole(at path.Path, configured types.Int64, least, most int64) *int64 {
	found := s.find(at, configured)
	if !found.isSet() {
		return nil
	}
	n, err := strconv.ParseInt(found.value, 10, 64)
	if err != nil || n < least || n > most {
		limits := fmt.Sprintf("from %d to %d", least, most)
		if most == math.MaxInt64 {
			limits = fmt.Sprintf("of at least %d", least)
		}
		s.problem(found, "%q is not a whole number %s", found.value, limits)
		return nil
	}
	return &n
}

func (s *settings) maxChanges(model providerModel) *int64 {
	return s.whole(path.Root("max_changes"), model.MaxChanges, 0, math.MaxInt64)
}

func (s *settings) searches(model providerModel) bool {
	found := s.find(path.Root("read_with"), model.ReadWith)
	if found.isSet() && found.value != readWithSearch && found.value != readWithLookup {
		s.problem(found, "%q is neither %s nor %s", found.value, readWithLookup, readWithSearch)
	}
	return found.value == readWithSearch
}

func (s *settings) protectedUsers(ctx context.Context, model providerModel) protectedUsers {
	protected := protectedUsers{}
	emails, source := s.list(ctx, path.Root("protected_users"), model.ProtectedUsers)
	for _, email := range emails {
		if problem := emailProblem(email); problem != "" {
			s.problem(source, "%q %s. Each entry is the email address of one user", email, problem)
			continue
		}
		protected.add(email)
	}
	return protected
}

// list reads a set of strings; in the environment they are separated by commas
// or white space.
func (s *settings) list(ctx context.Context, at path.Path, configured types.Set) ([]string, setting) {
	if configured.IsNull() || configured.IsUnknown() {
		found := s.find(at, configured)
		return strings.FieldsFunc(found.value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' || r == '\n' }), found
	}
	var elements []types.String
	s.diags.Append(configured.ElementsAs(ctx, &elements, false)...)
	var values []string
	for _, element := range elements {
		if element.IsUnknown() {
			s.unknown(at)
			return nil, setting{}
		}
		values = append(values, element.ValueString())
	}
	return values, setting{source: at.String(), at: at}
}
