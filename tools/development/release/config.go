// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

const configFile = ".goreleaser.yml"

// The builds of .goreleaser.yml.
const (
	providerBuild  = "provider"
	simulatorBuild = "simulator"
)

// platforms are what each build is for, as archives name it: linux_arm, not linux_arm_6.
type platforms map[string][]string

// config is .goreleaser.yml, as far as it is of interest here.
type config struct {
	Builds []struct {
		ID      string   `yaml:"id"`
		Targets []string `yaml:"targets"`
	} `yaml:"builds"`
}

func readConfig() (config, error) {
	var c config
	text, err := os.ReadFile(configFile)
	if err != nil {
		return c, fmt.Errorf("the command runs in the root of a checkout: %w", err)
	}
	return c, yaml.Unmarshal(text, &c)
}

func (c config) platforms() platforms {
	all := platforms{}
	for _, build := range c.Builds {
		for _, target := range build.Targets {
			all[build.ID] = append(all[build.ID], platform(target))
		}
	}
	return all
}

// only returns the platforms that are among some.
func (p platforms) only(some []string) platforms {
	kept := platforms{}
	for build, all := range p {
		for _, one := range all {
			if slices.Contains(some, one) {
				kept[build] = append(kept[build], one)
			}
		}
	}
	return kept
}

// platform returns the platform of a target, which may have a third part: linux_arm_6.
func platform(target string) string {
	parts := strings.SplitN(target, "_", 3)
	return strings.Join(parts[:min(len(parts), 2)], "_")
}

// narrowed returns the text of the configuration with those targets alone.
func narrowed(text []byte, some platforms) ([]byte, error) {
	var all map[string]any
	if err := yaml.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	builds, _ := all["builds"].([]any)
	for _, one := range builds {
		build, _ := one.(map[string]any)
		id, _ := build["id"].(string)
		targets, _ := build["targets"].([]any)
		build["targets"] = slices.DeleteFunc(targets, func(target any) bool {
			name, _ := target.(string)
			return !slices.Contains(some[id], platform(name))
		})
	}
	return yaml.Marshal(all)
}
