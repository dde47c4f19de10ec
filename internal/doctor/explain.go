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

// explained says of an error of the client what the provider says of it. What doctor
// has found out itself is better advice, and stands in its place: it knows more than
// one answer.
func (x *examination) explained(err error) (said, advice string) {
	explanation := explain.Explainer{Credentials: x.settings.Client.Credentials, Getenv: os.Getenv}.Explain(err)
	advice = explanation.Advice
	// The host is all that such an advice has of the environment.
	for _, host := range x.hosts() {
		advice = strings.ReplaceAll(advice, host, foreign(host))
	}
	return explanation.Lead + ": " + err.Error(), advice
}

// hosts are those of the API and of the token endpoint.
func (x *examination) hosts() (hosts []string) {
	if base := x.settings.Client.BaseURL; base != nil && base.Host != "" {
		hosts = append(hosts, base.Host)
	}
	if endpoint, err := url.Parse(x.observer.tokenURL); err == nil && endpoint.Host != "" && !slices.Contains(hosts, endpoint.Host) {
		hosts = append(hosts, endpoint.Host)
	}
	return hosts
}
