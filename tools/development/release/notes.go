// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// unreleased is the heading above changes that no version has yet.
const unreleased = "Unreleased"

// dateLayout is how a heading has the date of a version.
const dateLayout = "January 2, 2006"

// tags are what the registries take as versions.
var tags = regexp.MustCompile(`^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$`)

// versionOf returns the version of a tag.
func versionOf(tag string) (string, error) {
	if !tags.MatchString(tag) {
		return "", fmt.Errorf("the tag %q is not a version such as v1.2.3 or v1.2.3-rc.1, and the registries do not take it", tag)
	}
	return strings.TrimPrefix(tag, "v"), nil
}

var headings = regexp.MustCompile(`(?m)^## (.+)$`)

// topHeading returns the first heading of the changelog below its title, and what is
// written under it.
func topHeading(changelog string) (heading, text string, err error) {
	found := headings.FindAllStringSubmatchIndex(changelog, 2)
	if len(found) == 0 {
		return "", "", errors.New("CHANGELOG.md has no heading for a version")
	}
	end := len(changelog)
	if len(found) == 2 {
		end = found[1][0]
	}
	return changelog[found[0][2]:found[0][3]], strings.TrimSpace(changelog[found[0][1]:end]), nil
}

// notes returns what the changelog says of a version, which has to be its newest.
func notes(changelog, version string) (string, error) {
	heading, text, err := topHeading(changelog)
	if err != nil {
		return "", err
	}
	name, date, dated := strings.Cut(heading, " (")
	if name != version || !dated || !strings.HasSuffix(date, ")") {
		return "", fmt.Errorf("the top heading of CHANGELOG.md is %q, and has to be \"%s (month day, year)\" before %s is released", heading, version, version)
	}
	if _, err := time.Parse(dateLayout, strings.TrimSuffix(date, ")")); err != nil {
		return "", fmt.Errorf("the top heading of CHANGELOG.md is %q: its date has to be one such as \"May 4, 2027\": %w", heading, err)
	}
	if text == "" {
		return "", fmt.Errorf("CHANGELOG.md says nothing of %s", version)
	}
	return text, nil
}
