// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/hashicorp/go-version"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// remedies words the ways out that depend on what the running Terraform can do.
type remedies struct {
	// actions is whether it can invoke actions.
	actions bool
}

// firstWithActions is the first Terraform that invokes actions. OpenTofu, which
// tells its own version here, has none in any version below that.
var firstWithActions = version.Must(version.NewVersion("1.14.0"))

func newRemedies(terraform string) remedies {
	running, err := version.NewVersion(terraform)
	return remedies{actions: err == nil && running.Core().GreaterThanOrEqual(firstWithActions)}
}

// undelete says how users who are pending deletion are kept; undeleteBelow is what
// that refers to.
func (r remedies) undelete(users ...cloudadmin.Address) string {
	if !r.actions {
		return "undelete " + them(users) + " in the Cloud Administration Console (or with the API's markDeleted call)"
	}
	return "undelete " + them(users) + " with the action below (it needs the scope rsa.user.delete.soft, see oauth.scopes, and this resource's provider argument, if it has one)"
}

func (r remedies) undeleteBelow(users ...cloudadmin.Address) string {
	return r.below("idplus_user_mark_deleted", "undelete", users, argument{"mark_deleted", "false"})
}

// undeleteInShort is for warnings, of which there may be many.
func (r remedies) undeleteInShort() string {
	if !r.actions {
		return "undelete the user in the Cloud Administration Console"
	}
	return "undelete the user with the action idplus_user_mark_deleted and mark_deleted = false"
}

// synchronize says how users are synchronized from the identity source;
// synchronizeBelow is what that refers to.
func (r remedies) synchronize(users ...cloudadmin.Address) string {
	if !r.actions {
		return "synchronize " + them(users) + " (in the Cloud Administration Console or with the API's sync call)"
	}
	return "synchronize " + them(users) + " with the action below (it needs this resource's provider argument, if it has one)"
}

func (r remedies) synchronizeBelow(users ...cloudadmin.Address) string {
	return r.below("idplus_user_sync", "sync", users)
}

// bringBack says what can be done for users who are gone.
func (r remedies) bringBack() string {
	if !r.actions {
		return ""
	}
	return " Whoever is still in the identity source comes back, with another id, by the action idplus_user_sync with search_unsynced = true."
}

// firstSynchronization says how users come into the tenant who never were.
func (r remedies) firstSynchronization() string {
	if !r.actions {
		return ""
	}
	return ", by the action idplus_user_sync with search_unsynced = true"
}

func them(users []cloudadmin.Address) string {
	if len(users) == 1 {
		return "the user"
	}
	return "them"
}

// below is an action and the command that invokes it, indented so that Terraform
// leaves the lines alone.
func (r remedies) below(action, name string, users []cloudadmin.Address, arguments ...argument) string {
	if !r.actions {
		return ""
	}
	// Several resources may say so in one plan: their actions need names of their own.
	name += "_" + notLabel.ReplaceAllString(users[0].String(), "_")
	arguments = append([]argument{targetArgument(users)}, arguments...)
	width := 0
	for _, a := range arguments {
		width = max(width, len(a.name))
	}
	var text strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&text, "\n  "+format, args...) }
	text.WriteString("\n")
	line("action %q %q {", action, name)
	line("  config {")
	for _, a := range arguments {
		line("    %-*s = %s", width, a.name, a.value)
	}
	line("  }")
	line("}")
	line("")
	line("terraform apply -invoke=action.%s.%s", action, name)
	return text.String()
}

// proposedUsers is how many users a proposed action names: more than a person
// reads, since the block is for pasting.
const proposedUsers = 100

// notLabel is what cannot stand in the name of an action.
var notLabel = regexp.MustCompile(`[^A-Za-z0-9]+`)

// argument is one of an action, as HCL has it.
type argument struct{ name, value string }

func targetArgument(users []cloudadmin.Address) argument {
	switch {
	case len(users) == 1 && users[0].IsEmail():
		return argument{"email", fmt.Sprintf("%q", users[0])}
	case len(users) == 1:
		return argument{"username", fmt.Sprintf("%q", users[0])}
	}
	var list strings.Builder
	for i, who := range users {
		if i == proposedUsers {
			fmt.Fprintf(&list, "\n        # and %d more", len(users)-i)
			break
		}
		fmt.Fprintf(&list, "\n        %q,", who)
	}
	return argument{"emails", "[" + list.String() + "\n      ]"}
}
