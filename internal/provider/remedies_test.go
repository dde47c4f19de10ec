// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

func TestRemediesByVersion(t *testing.T) {
	t.Parallel()
	for version, actions := range map[string]bool{
		"1.14.0": true, "1.14.0-beta1": true, "1.17.0-dev": true, "2.0.0": true,
		"1.13.9": false, "1.11.4": false, "1.12.6": false, "": false, "unknown": false,
	} {
		if got := newRemedies(version); got.actions != actions {
			t.Errorf("%q: actions %t, want %t", version, got.actions, actions)
		}
	}
	resp := configure(t, map[string]string{"IDPLUS_ADMIN_API_URL": "https://tenant.access.securid.com", "IDPLUS_ACCESS_TOKEN": "token"}, nil)
	if data, ok := resp.ResourceData.(*providerData); !ok || data.remedies.actions {
		t.Error("the remedies do not go by the Terraform that configures the provider, 1.11")
	}
}

// No remedy names an action that the running Terraform cannot invoke.
func TestRemediesNameWhatThereIs(t *testing.T) {
	t.Parallel()
	who := cloudadmin.Email("ada@example.com")
	var one, many findings
	one.add("ada@example.com")
	for _, email := range numbered(22) {
		many.add(email)
	}
	for _, r := range []remedies{{actions: false}, {actions: true}} {
		for name, detail := range map[string]string{
			"pending deletion":         r.pendingDeletionError(who, nil).Detail(),
			"pending deletion, agreed": r.pendingDeletionWarning(who, nil).Detail(),
			"disabled by sync":         r.disabledBySyncError(who).Detail(),
			"gone":                     r.userGone(who).Detail(),
			"many pending deletion":    r.usersPendingDeletion(many).Detail(),
			"many pending, agreed":     r.usersPendingDeletionAnyway(one).Detail(),
			"many disabled by sync":    r.usersDisabledBySync(many).Detail(),
			"many gone":                r.usersGone(one).Detail(),
			"many missing from a plan": r.usersMissing(one).Detail(),
		} {
			if named := strings.Contains(detail, "idplus_user_mark_deleted") || strings.Contains(detail, "idplus_user_sync"); named != r.actions {
				t.Errorf("%s, actions %t: %s", name, r.actions, detail)
			}
		}
	}
}

func TestRemedyBlocks(t *testing.T) {
	t.Parallel()
	r := remedies{actions: true}
	for want, got := range map[string]string{
		`

  action "idplus_user_mark_deleted" "undelete_ada_example_com" {
    config {
      email        = "ada@example.com"
      mark_deleted = false
    }
  }
  
  terraform apply -invoke=action.idplus_user_mark_deleted.undelete_ada_example_com`: r.undeleteBelow(cloudadmin.Email("ada@example.com")),
		`

  action "idplus_user_sync" "sync_ada" {
    config {
      username = "ada"
    }
  }
  
  terraform apply -invoke=action.idplus_user_sync.sync_ada`: r.synchronizeBelow(cloudadmin.Username("ada")),
		`

  action "idplus_user_sync" "sync_ada_example_com" {
    config {
      emails = [
        "ada@example.com",
        "ben@example.com",
      ]
    }
  }
  
  terraform apply -invoke=action.idplus_user_sync.sync_ada_example_com`: r.synchronizeBelow(cloudadmin.Email("ada@example.com"), cloudadmin.Email("ben@example.com")),
	} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("block (-want +got):\n%s", diff)
		}
	}
}
