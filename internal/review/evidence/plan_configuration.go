// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
)

// configuration is what the record uses of the configuration of a plan.
type configuration struct {
	RootModule configuredModule `json:"root_module"`
}

// configuredModule is a module in the configuration, without its instances.
type configuredModule struct {
	Variables map[string]struct {
		Sensitive bool `json:"sensitive"`
	} `json:"variables"`
	Resources []struct {
		Address string `json:"address"`
		Mode    string `json:"mode"`
		Type    string `json:"type"`
		// ProviderConfigKey names the provider block, in the same way in each module.
		ProviderConfigKey string `json:"provider_config_key"`
	} `json:"resources"`
	ModuleCalls map[string]struct {
		Module configuredModule `json:"module"`
	} `json:"module_calls"`
}

// configurationSum returns the SHA-256 of the configuration and the values of its variables,
// as JSON with sorted names. It omits values of sensitive variables: the client that plans
// may have other credentials than the one that applies, and a sum of a secret does not
// belong in a record.
func (p *plan) configurationSum() string {
	var c configuration
	var made struct {
		Configuration any            `json:"configuration"`
		Variables     map[string]any `json:"variables"`
	}
	// A missing part is empty, which gives another sum.
	_ = json.Unmarshal(p.Configuration, &c)
	made.Configuration, made.Variables = exact(p.Configuration), map[string]any{}
	for name, value := range p.Variables {
		if !c.RootModule.Variables[name].Sensitive {
			made.Variables[name] = exact(value)
		}
	}
	text, _ := json.Marshal(made) // of what was JSON
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// exact returns the value of a JSON text, with numbers as they are written.
func exact(text json.RawMessage) (value any) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	_ = decoder.Decode(&value)
	return value
}

// providers returns the provider block of each data source of a review, or of each
// resource of users' statuses, by the address in the configuration.
func (m *configuredModule) providers(in string, of func(mode, kind string) bool, found map[string]string) map[string]string {
	for _, r := range m.Resources {
		if of(r.Mode, r.Type) {
			found[in+r.Address] = r.ProviderConfigKey
		}
	}
	for name, call := range m.ModuleCalls {
		call.Module.providers(in+"module."+name+".", of, found)
	}
	return found
}

// judgeProviders checks whether the resources change the tenant that the data source has
// read. Another provider block may be another tenant, or have other guards.
func (r *record) judgeProviders() {
	var c configuration
	if err := json.Unmarshal(r.plan.Configuration, &c); err != nil {
		r.stop("other_provider", "Which tenant is changed is not known", "The plan does not show its configuration: make it with terraform show -json PLANFILE.")
		return
	}
	read := c.RootModule.providers("", func(mode, kind string) bool { return mode == "data" && kind == dataSourceType }, map[string]string{})
	var others []string
	for address, provider := range c.RootModule.providers("", isStatuses, map[string]string{}) {
		for source, of := range read {
			if of != provider {
				others = append(others, address+": "+provider+", and "+source+" reads with "+of)
			}
		}
		if len(read) == 0 {
			others = append(others, address+": "+provider+", and no data source "+dataSourceType+" is in the configuration")
		}
	}
	slices.Sort(others)
	r.stopFor(others, "other_provider", "The plan may change another tenant than it has read", "Data source and resources have to use one provider block: set the same provider for all of them.")
}
