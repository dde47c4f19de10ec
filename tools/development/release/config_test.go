// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"slices"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestPlatformsOfTheConfiguration(t *testing.T) {
	t.Parallel()

	text, err := os.ReadFile("../../../" + configFile)
	must(t, err)
	var all config
	must(t, yaml.Unmarshal(text, &all))
	must(t, all.platforms().missing())

	some, err := chosen(all.platforms(), "linux_arm", "linux_amd64")
	must(t, err)
	text, err = narrowed(text, some)
	must(t, err)
	var few config
	must(t, yaml.Unmarshal(text, &few))
	got := few.platforms()
	if !slices.Equal(got[providerBuild], []string{"linux_amd64", "linux_arm"}) || !slices.Equal(got[simulatorBuild], []string{"linux_amd64"}) {
		t.Errorf("narrowed to %v", got)
	}
	if err := got.missing(); !says(err, "does not build for darwin_arm64") {
		t.Errorf("got %v for missing platforms", err)
	}
	if _, err := chosen(all.platforms(), "plan9_amd64", "linux_amd64"); !says(err, "does not build the provider for plan9_amd64") {
		t.Errorf("got %v for a platform that is not built", err)
	}
}
