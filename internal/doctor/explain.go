// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/explain"
)

// explained returns the provider's explanation of an error of the client. The advice that
// doctor has found itself replaces it: doctor knows more than one answer.
func (x *examination) explained(err error) (detail, advice string) {
	explanation := explain.Explainer{Credentials: x.settings.Client.Credentials, Getenv: os.Getenv}.Explain(err)
	advice = explanation.Advice
	// The host is the only thing from the environment in such advice.
	for _, host := range x.hosts() {
		advice = strings.ReplaceAll(advice, host, foreign(host))
	}
	return explanation.Lead + ": " + err.Error(), advice
}

// hosts returns the hosts of the API and of the token endpoint.
func (x *examination) hosts() (hosts []string) {
	if base := x.settings.Client.BaseURL; base != nil && base.Host != "" {
		hosts = append(hosts, base.Host)
	}
	if endpoint, err := url.Parse(x.observer.tokenURL); err == nil && endpoint.Host != "" && !slices.Contains(hosts, endpoint.Host) {
		hosts = append(hosts, endpoint.Host)
	}
	return hosts
}
