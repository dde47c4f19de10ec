// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/idplus-community/terraform-provider-idplus/internal/spelling"
)

// VariablePrefix begins the name of each of the provider's variables.
const VariablePrefix = "IDPLUS_"

// Variables are the provider's variables, one for each attribute of its configuration.
var Variables = variablesOf(VariablePrefix, reflect.TypeFor[Model]())

func variablesOf(prefix string, model reflect.Type) []string {
	var names []string
	for i := range model.NumField() {
		name := prefix + strings.ToUpper(model.Field(i).Tag.Get("tfsdk"))
		if name == prefix+"OAUTH" {
			names = append(names, variablesOf(name+"_", reflect.TypeFor[OAuthModel]())...)
			continue
		}
		names = append(names, name)
	}
	return names
}

// WarnOfTypos warns of variables whose names are nearly those of the provider: a guard must
// not be off silently. Other names with the prefix may belong to another program.
func WarnOfTypos(environ []string, getenv func(string) string) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, name := range mistypedIn(environ, getenv) {
		diags.AddWarning("Environment variable is not read: "+name, fmt.Sprintf(
			"%s is set, but the provider does not read it. Is %s meant?\n\nCorrect the name, or unset the variable.", name, mistyped(name)))
	}
	return diags
}

func mistypedIn(environ []string, getenv func(string) string) []string {
	var names []string
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		switch {
		case !strings.HasPrefix(strings.ToUpper(name), VariablePrefix) || strings.TrimSpace(value) == "":
		case slices.Contains(Variables, name) || mistyped(name) == "":
		case strings.ToUpper(name) == mistyped(name) && getenv(mistyped(name)) == value: // Windows ignores case.
		default:
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Meant guesses which variable an unknown name was meant to be.
func Meant(name string) string {
	if known := mistyped(name); known != "" {
		return known
	}
	name = strings.ToUpper(name)
	words := strings.Split(strings.TrimPrefix(name, VariablePrefix), "_")
	best, bestShare, bestDistance := "", 0.0, 0
	for _, candidate := range Variables {
		distance := spelling.Slips(name, candidate, len(name)+len(candidate))
		shared := 0
		parts := strings.Split(strings.TrimPrefix(candidate, VariablePrefix), "_")
		for _, word := range words {
			if slices.Contains(parts, word) {
				shared++
			}
		}
		share := float64(shared) / float64(len(words)+len(parts)-shared)
		if share > bestShare || share == bestShare && share > 0 && distance < bestDistance {
			best, bestShare, bestDistance = candidate, share, distance
		}
	}
	return best
}

// mistyped returns the variable from which a name differs by at most two letters and by
// case, or an empty text.
func mistyped(name string) string {
	name = strings.ToUpper(name)
	for _, candidate := range Variables {
		if spelling.Slips(name, candidate, 2) <= 2 {
			return candidate
		}
	}
	return ""
}
