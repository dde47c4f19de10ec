// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// What a search may leave out of users, and what idplus_users makes of that.

type completableAttribute struct {
	name     string
	property cloudadmin.Property
	// everyone is whether every user has one.
	everyone bool
}

// completable are the attributes that an element of a search may lack.
var completable = []completableAttribute{
	{"status", cloudadmin.PropertyStatus, true},
	{"mark_deleted", cloudadmin.PropertyMarkDeleted, true},
	{"identity_source", cloudadmin.PropertyIdentitySource, false},
	{"last_sync_time", cloudadmin.PropertyLastSyncTime, false},
	{"month_last_authenticated", cloudadmin.PropertyMonthLastSignIn, false},
}

func completableNames() []string {
	names := make([]string, len(completable))
	for i, c := range completable {
		names[i] = c.name
	}
	return names
}

func completableList() string {
	names := completableNames()
	last := len(names) - 1
	return "`" + strings.Join(names[:last], "`, `") + "` and `" + names[last] + "`"
}

func propertiesOf(attributes []string) []cloudadmin.Property {
	var properties []cloudadmin.Property
	for _, c := range completable {
		if slices.Contains(attributes, c.name) {
			properties = append(properties, c.property)
		}
	}
	return properties
}

// toldBySearch is what a search has told of anybody, and of how many users it was.
type toldBySearch struct {
	users      int
	properties map[cloudadmin.Property]bool
}

func (t *toldBySearch) note(user *cloudadmin.User) {
	if t.users++; t.properties == nil {
		t.properties = map[cloudadmin.Property]bool{}
	}
	for _, c := range completable {
		t.properties[c.property] = t.properties[c.property] || !user.Lacks(c.property)
	}
}

// incompleteUsers warns of attributes that are null because search did not tell
// them: to a condition, a status that is not told looks like another one. Of what
// not everybody has, it is said only where search told it of nobody at all.
func incompleteUsers(users []*cloudadmin.User, told toldBySearch) diag.Diagnostics {
	var incomplete findings
	var attributes []string
	isUntold := func(user *cloudadmin.User, c completableAttribute) bool {
		return user.Lacks(c.property) && (c.everyone || told.users > 1 && !told.properties[c.property])
	}
	for _, c := range completable {
		if slices.ContainsFunc(users, func(user *cloudadmin.User) bool { return isUntold(user, c) }) {
			attributes = append(attributes, c.name)
		}
	}
	for _, user := range users {
		if slices.ContainsFunc(completable, func(c completableAttribute) bool { return isUntold(user, c) }) {
			incomplete.add(cmp.Or(user.Email, user.Username, user.ID))
		}
	}
	if len(incomplete) == 0 {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("users"), incomplete.summary("User is shown incompletely", "users are shown incompletely"), fmt.Sprintf(
		"The tenant's search does not tell everything of these users, so that there are nulls for them among: %s.\n%s\n\n"+
			"Name the attributes that this configuration goes by in complete: whoever lacks one is looked up. With complete = [] this warning ends.",
		strings.Join(attributes, ", "), incomplete.lines()))}
}
