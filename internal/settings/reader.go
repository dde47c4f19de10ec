// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// reader reads the attributes one after the other, and collects problems.
type reader struct {
	getenv func(string) string
	// mayDefer reports whether Terraform defers what depends on an unknown value.
	mayDefer bool
	// keyInConfiguration reports whether oauth.private_key is set in the configuration.
	keyInConfiguration bool

	// diags are about values that are set but cannot be used.
	diags diag.Diagnostics
	// lacks are missing or unknown values that a request needs.
	lacks []lack
	// deferred reports whether Terraform waits for an unknown value.
	deferred bool
}

// setting is a value and its source.
type setting struct {
	value string
	// source names the attribute or the variable, for diagnostics.
	source string
	at     path.Path
	// fromEnvironment reports whether source is a variable.
	fromEnvironment bool
	// inFile reports whether the value is the content of a file.
	inFile bool
	// isReported reports whether the reason for a missing value is reported already.
	isReported bool
}

func (s setting) isSet() bool { return s.value != "" }

// isMissing reports whether neither the configuration nor the environment has it.
func (s setting) isMissing() bool { return s.value == "" && !s.isReported }

// envName returns the variable of an attribute: IDPLUS_OAUTH_CLIENT_ID for
// oauth.client_id.
func envName(at path.Path) string {
	return VariablePrefix + strings.ToUpper(strings.ReplaceAll(at.String(), ".", "_"))
}

// nameOf returns the name of another attribute in the source of this setting.
func (s setting) nameOf(at path.Path) string {
	if s.fromEnvironment {
		return envName(at)
	}
	return at.String()
}

// given returns the value from the configuration or else from the environment, unless it is
// a secret that does not belong there.
func (r *reader) given(at path.Path, configured attr.Value) setting {
	found := r.written(at, configured)
	if problem := misplaced(found, found.value); problem != "" {
		r.problem(found, "%s", problem)
		found.value, found.isReported = "", true
	}
	return found
}

// written returns the value from the configuration or else from the environment. Only this
// function knows the precedence.
func (r *reader) written(at path.Path, configured attr.Value) setting {
	switch {
	case configured.IsUnknown():
		r.unknown(at)
		return setting{isReported: true}
	case configured.IsNull():
		return setting{value: strings.TrimSpace(r.getenv(envName(at))), source: envName(at), at: at, fromEnvironment: true}
	}
	found := setting{source: at.String(), at: at}
	if text, ok := configured.(types.String); ok {
		found.value = strings.TrimSpace(text.ValueString())
		if !found.isSet() {
			r.problem(found, "it is empty. Set a value, or omit the attribute (null)")
			found.isReported = true
		}
	} else {
		found.value = configured.String()
	}
	return found
}

// find is given for a single value without quotes around it. Quotes are left over from a
// file of variables that no shell has read.
func (r *reader) find(at path.Path, configured attr.Value) setting {
	found := r.given(at, configured)
	if problem := address.QuoteProblem(found.value); problem != "" {
		r.problem(found, "it %s", problem)
		found.value, found.isReported = "", true
	}
	return found
}

// missing notes a missing value that every request needs.
func (r *reader) missing(summary, format string, args ...any) {
	r.lacks = append(r.lacks, lack{summary, fmt.Sprintf(format, args...)})
}

// unknown notes a value that is known only after apply.
func (r *reader) unknown(at path.Path) {
	const summary = "Provider configuration is not known yet"
	detail := fmt.Sprintf("%s depends on a value that is known only after apply, but the provider needs it to plan.\n\n"+
		"Apply its source first (terraform apply -target=…), use a known value, or omit the attribute and set %s.", at, envName(at))
	r.deferred = r.deferred || r.mayDefer
	if isGuard(at) && !r.mayDefer {
		r.diags.AddAttributeError(at, summary, detail)
		return
	}
	r.missing(summary, "%s", detail)
}

// isGuard reports whether an attribute limits what a run may do. Such a limit may be off
// only if it is omitted.
func isGuard(at path.Path) bool {
	return at.Equal(path.Root("protected_users")) || at.Equal(path.Root("max_changes"))
}

// problem reports a value that cannot be used, without repeating it, since it may be a
// secret.
func (r *reader) problem(found setting, format string, args ...any) {
	const summary = "Provider configuration cannot be used"
	text := fmt.Sprintf("%s cannot be used: %s.", found.source, fmt.Sprintf(format, args...))
	switch {
	case found.fromEnvironment:
		r.diags.AddError("Environment variable cannot be used", text)
	case found.isSecret() || r.isBesideKey(found):
		r.diags.AddError(summary, text)
	default:
		r.diags.AddAttributeError(found.at, summary, text)
	}
}

// isSecret reports whether the line of the configuration may contain a secret. Terraform
// shows the line of an attribute that a diagnostic points at.
func (s setting) isSecret() bool {
	switch {
	case s.value == "" || s.inFile:
		return false
	case s.at.Equal(apiKeyPath) || s.at.Equal(accessTokenPath):
		return true
	case s.at.Equal(path.Root("request_timeout")):
		return shownNumber(s.value) == notShown // It may be a password.
	}
	return cloudadmin.KindOf(s.value) != cloudadmin.NoSecret
}

// isBesideKey reports whether a setting is inside oauth, and so is the private key itself.
// Depending on its version, Terraform shows the line of the setting or that of oauth, and
// the key may be on either.
func (r *reader) isBesideKey(s setting) bool {
	return r.keyInConfiguration && s.at.ParentPath().Equal(oauthPath)
}

func (r *reader) client(ctx context.Context, model Model) cloudadmin.Config {
	credentials, keyToCome := r.credentials(ctx, model)
	config := cloudadmin.Config{Credentials: credentials}

	url := r.find(path.Root("admin_api_url"), model.AdminAPIURL)
	if key, ok := credentials.(*cloudadmin.APIKey); ok && url.isMissing() {
		url.value, url.source = key.AdminAPIURL(), "adminRestApiUrl of the API key"
	}
	var err error
	switch {
	case url.isSet():
		if config.BaseURL, err = cloudadmin.ParseBaseURL(url.value); err != nil {
			r.problem(url, "%s", err)
		}
	case url.isMissing() && !keyToCome:
		r.missing(isIncomplete, "admin_api_url is missing. Set it, or %s, to the base URL of the tenant's Cloud Administration API, such as https://TENANT.access.securid.com/AdminInterface/restapi.", envName(url.at))
	}

	if n := r.whole(path.Root("max_concurrent_requests"), model.MaxConcurrentRequests, 1, 100); n != nil {
		config.MaxConcurrentRequests = int(*n)
	}
	if n := r.whole(path.Root("max_retries"), model.MaxRetries, 0, 100); n != nil {
		retries := int(*n)
		config.MaxRetries = &retries
	}
	if rate := r.find(path.Root("requests_per_second"), model.RequestsPerSecond); rate.isSet() {
		config.RequestsPerSecond, err = strconv.ParseFloat(rate.value, 64)
		if err != nil || config.RequestsPerSecond < 0.01 {
			r.problem(rate, "it must be a number of at least 0.01, such as 20")
		}
	}
	if timeout := r.find(path.Root("request_timeout"), model.RequestTimeout); timeout.isSet() {
		config.RequestTimeout, err = time.ParseDuration(timeout.value)
		if err != nil || config.RequestTimeout <= 0 {
			r.problem(timeout, "%s is not a duration above zero, such as 30s or 2m", shownNumber(timeout.value))
		}
	}
	return config
}

// whole reads a whole number; it returns nil without one. The schema limits values in the
// configuration, but not in the environment.
func (r *reader) whole(at path.Path, configured types.Int64, least, most int64) *int64 {
	found := r.find(at, configured)
	if !found.isSet() {
		return nil
	}
	n, err := strconv.ParseInt(found.value, 10, 64)
	if err != nil || n < least || n > most {
		limits := fmt.Sprintf("from %d to %d", least, most)
		if most == math.MaxInt64 {
			limits = fmt.Sprintf("of at least %d", least)
		}
		r.problem(found, "%s is not a whole number %s", shownNumber(found.value), limits)
		return nil
	}
	return &n
}

func (r *reader) maxChanges(model Model) *int64 {
	return r.whole(path.Root("max_changes"), model.MaxChanges, 0, math.MaxInt64)
}

// scopes reads a set of scopes. In the environment, or within one element, commas or white
// space separate them.
func (r *reader) scopes(ctx context.Context, configured types.Set) []string {
	at := oauthPath.AtName("scopes")
	split := func(text string) []string {
		return strings.FieldsFunc(text, func(c rune) bool { return c == ',' || unicode.IsSpace(c) })
	}
	var values []string
	source := setting{source: at.String(), at: at}
	if configured.IsNull() || configured.IsUnknown() {
		source = r.find(at, configured)
		values = split(source.value)
	} else {
		var elements []types.String
		r.diags.Append(configured.ElementsAs(ctx, &elements, false)...)
		for _, element := range elements {
			if element.IsUnknown() {
				r.unknown(at)
				return nil
			}
			if problem := misplaced(source, element.ValueString()); problem != "" {
				source.value = element.ValueString()
				r.problem(source, "one entry is wrong: %s", problem)
				return nil
			}
			values = append(values, split(element.ValueString())...)
		}
	}
	for _, scope := range values {
		problem := misplaced(source, scope)
		if quotes := address.QuoteProblem(scope); quotes != "" {
			problem = "it " + quotes
		} else if problem == "" {
			problem = wordProblem(scope)
		}
		if problem != "" {
			source.value = scope
			r.problem(source, "one entry is wrong: %s", problem)
			return nil
		}
	}
	return values
}
