// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

const ada = "idplus_user_status.ada"

func plans(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(ada, action)}}
}

func holds(attribute string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(ada, tfjsonpath.New(attribute), value)
}

func TestUserStatusKeepsAUser(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	enabled := tenant.config("", userStatus("ada", `email = "ada@example.com"
status = "Enabled"`))
	disabled := tenant.config("", userStatus("ada", `email = "ada@example.com"
status = "Disabled"`))
	unitTest(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				// A create adopts, so the plan knows the id. The mark may still change
				// before the apply.
				Config: disabled,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(ada, plancheck.ResourceActionCreate),
					plancheck.ExpectKnownValue(ada, tfjsonpath.New("id"), knownvalue.StringExact(tenant.id(t, "ada@example.com"))),
					plancheck.ExpectUnknownValue(ada, tfjsonpath.New("mark_deleted")),
				}},
				ConfigStateChecks: []statecheck.StateCheck{
					holds("id", knownvalue.StringExact(tenant.id(t, "ada@example.com"))),
					holds("status", knownvalue.StringExact("Disabled")),
					holds("mark_deleted", knownvalue.Bool(false)),
					holds("username", knownvalue.Null()),
				},
				Check: expectStatus(tenant, "ada@example.com", "Disabled"),
			},
			{
				Config:           disabled,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
			{
				Config:           enabled,
				ConfigPlanChecks: plans(plancheck.ResourceActionUpdate),
				Check:            expectStatus(tenant, "ada@example.com", "Enabled"),
			},
			{
				// Changed by hand: drift, and its repair.
				PreConfig:        func() { must(t, tenant.SetStatus("ada@example.com", "Disabled")) },
				Config:           enabled,
				ConfigPlanChecks: plans(plancheck.ResourceActionUpdate),
				Check:            expectStatus(tenant, "ada@example.com", "Enabled"),
			},
			{
				// An unknown status is shown and repaired.
				PreConfig:        func() { must(t, tenant.SetStatus("ada@example.com", "Hibernating")) },
				Config:           enabled,
				ConfigPlanChecks: plans(plancheck.ResourceActionUpdate),
				Check:            expectStatus(tenant, "ada@example.com", "Enabled"),
			},
			{
				// A change of case is the same user, as the address stays written.
				Config: tenant.config("", userStatus("ada", `email = "Ada@Example.com"
status = "Enabled"`)),
				ConfigPlanChecks:  resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				ConfigStateChecks: []statecheck.StateCheck{holds("email", knownvalue.StringExact("ada@example.com"))},
			},
		},
	})
	// The end of the test destroyed the resource; retain is the default.
	if got := tenant.status(t, "ada@example.com"); got != "Enabled" {
		t.Errorf("after a destroy the user is %s, want Enabled", got)
	}
}

func TestUserStatusByUsername(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	unitTest(t, resource.TestCase{
		Steps: []resource.TestStep{{
			Config: tenant.config("", userStatus("ada", `username = "ada"
status = "Disabled"`)),
			ConfigStateChecks: []statecheck.StateCheck{
				holds("id", knownvalue.StringExact(tenant.id(t, "ada@example.com"))),
				holds("email", knownvalue.Null()),
			},
			Check: expectStatus(tenant, "ada@example.com", "Disabled"),
		}},
	})
}

func TestUserStatusOfAnotherUserIsReplacement(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "ben@example.com")
	unitTest(t, resource.TestCase{
		Steps: []resource.TestStep{
			{Config: tenant.config("", userStatus("ada", `email = "ada@example.com"
status = "Disabled"`))},
			{
				Config: tenant.config("", userStatus("ada", `email = "ben@example.com"
status = "Disabled"`)),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(ada, plancheck.ResourceActionDestroyBeforeCreate),
					plancheck.ExpectKnownValue(ada, tfjsonpath.New("id"), knownvalue.StringExact(tenant.id(t, "ben@example.com"))),
				}},
				Check: expectStatus(tenant, "ben@example.com", "Disabled"),
			},
		},
	})
}

func TestUserStatusFromUnknownValues(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	unitTest(t, resource.TestCase{
		Steps: []resource.TestStep{{
			Config: tenant.config("", `
resource "terraform_data" "email" { input = "ada@example.com" }
resource "terraform_data" "status" { input = "Disabled" }
`+userStatus("ada", `email = terraform_data.email.output
status = terraform_data.status.output`)),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue(ada, tfjsonpath.New("id")),
			}},
			ConfigStateChecks: []statecheck.StateCheck{holds("id", knownvalue.StringExact(tenant.id(t, "ada@example.com")))},
			Check:             expectStatus(tenant, "ada@example.com", "Disabled"),
		}},
	})
}

func TestUserStatusSearchesUnsynced(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t)
	tenant.AddDirectoryUser(simulator.User{Email: "ada@example.com"})
	unitTest(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				Config: tenant.config("", userStatus("ada", `email = "ada@example.com"
status = "Disabled"`)),
				ExpectError: says(`User does not exist: ada@example.com`),
			},
			{
				Config: tenant.config("", userStatus("ada", `email = "ada@example.com"
status = "Disabled"
search_unsynced = true`)),
				Check: expectStatus(tenant, "ada@example.com", "Disabled"),
			},
		},
	})
}

func TestUserStatusOnDestroyDisable(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com", "gone@example.com", "off@example.com")
	unitTest(t, resource.TestCase{
		Steps: []resource.TestStep{
			{
				Config: tenant.config("", userStatus("ada", `email = "ada@example.com"
status = "Enabled"
on_destroy = "disable"`)+userStatus("gone", `email = "gone@example.com"
status = "Enabled"
on_destroy = "disable"`)+userStatus("off", `email = "off@example.com"
status = "Disabled"
on_destroy = "disable"`)),
			},
			{
				// One user vanishes after the plan: the destroy still succeeds.
				PreConfig: func() {
					tenant.ResetCounts()
					tenant.Inject(simulator.Fault{
						Kind:  simulator.KindStatus,
						Match: forUser(tenant.id(t, "gone@example.com")),
						Respond: func(w http.ResponseWriter, r *http.Request) {
							_ = tenant.Delete("gone@example.com") // gone by now
							simulator.AnswerAPIError(http.StatusNotFound, "User not found")(w, r)
						},
					})
				},
				Config: tenant.config("", ""),
				Check:  expectStatus(tenant, "ada@example.com", "Disabled"),
			},
		},
	})
	if got := tenant.Count(simulator.KindStatus); got != 2 {
		t.Errorf("the destroy of three users, one of them already Disabled, sent %d PUTs, want 2", got)
	}
}

func TestUserStatusRemovedBlockForgets(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: testProviders,
		Steps: []resource.TestStep{
			{Config: tenant.config("", userStatus("ada", `email = "ada@example.com"
status = "Enabled"
on_destroy = "disable"`))},
			{
				PreConfig: tenant.ResetCounts,
				Config: tenant.config("", `
removed {
  from = idplus_user_status.ada
  lifecycle {
    destroy = false
  }
}`),
				Check: expectStatus(tenant, "ada@example.com", "Enabled"),
			},
		},
	})
	if got := tenant.Count(simulator.KindStatus); got != 0 {
		t.Errorf("forgetting a user sent %d PUTs, want none", got)
	}
}

func TestUserStatusApplyErrors(t *testing.T) {
	t.Parallel()
	wanted := userStatus("ada", `email = "ada@example.com"
status = "Enabled"`)
	for name, c := range map[string]struct {
		behindTheBack func(*testing.T, *testTenant)
		says          string
	}{
		"disabled by a synchronization": {
			func(t *testing.T, tt *testTenant) { must(t, tt.DisableBySync("ada@example.com")) },
			"The user is not pending deletion. A synchronization has probably disabled the user",
		},
		"marked after the plan": {
			func(t *testing.T, tt *testTenant) {
				tt.Inject(simulator.Fault{Kind: simulator.KindStatus, Times: 1, Respond: func(w http.ResponseWriter, r *http.Request) {
					_ = tt.MarkDeleted("ada@example.com", "root@example.com")
					simulator.AnswerAPIError(http.StatusConflict, "Conflict")(w, r)
				}})
			},
			"ada@example.com was marked for deletion by root@example.com",
		},
		"gone after the plan": {
			func(t *testing.T, tt *testTenant) {
				tt.Inject(simulator.Fault{Kind: simulator.KindStatus, Times: 1, Respond: func(w http.ResponseWriter, r *http.Request) {
					_ = tt.Delete("ada@example.com") // gone by now
					simulator.AnswerAPIError(http.StatusNotFound, "User not found")(w, r)
				}})
			},
			"The API no longer knows the user that the plan was made for (404), so nothing was changed.",
		},
		"reassigned after the plan": {
			func(t *testing.T, tt *testTenant) {
				tt.Inject(simulator.Fault{Kind: simulator.KindStatus, Times: 1, Respond: func(w http.ResponseWriter, r *http.Request) {
					_, _ = tt.Reassign("ada@example.com")
					simulator.AnswerAPIError(http.StatusConflict, "Conflict")(w, r)
				}})
			},
			"Address belongs to another user now: ada@example.com",
		},
		"managed by SCIM": {
			func(t *testing.T, tt *testTenant) {
				tt.Inject(simulator.Fault{Kind: simulator.KindStatus, Respond: simulator.AnswerAPIError(http.StatusMethodNotAllowed, "Not allowed")})
			},
			"Users of SCIM-managed identity sources",
		},
		"an answer about another user": {
			func(t *testing.T, tt *testTenant) {
				tt.Inject(simulator.Fault{Kind: simulator.KindStatus, Respond: simulator.AnswerRaw(200, "application/json", `{"id":"someone-else","userStatus":"Enabled"}`)})
			},
			`the answer is about "someone-else"`,
		},
		"an answer with another status": {
			func(t *testing.T, tt *testTenant) {
				tt.Inject(simulator.Fault{Kind: simulator.KindStatus, Respond: simulator.AnswerRaw(200, "application/json", `{"id":"`+tt.id(t, "ada@example.com")+`","userStatus":"Disabled"}`)})
			},
			`asked for Enabled, but the answer has the status "Disabled"`,
		},
		"a wrong URL": {
			func(t *testing.T, tt *testTenant) {
				tt.Inject(simulator.Fault{Kind: simulator.KindLookup, Respond: simulator.AnswerRaw(404, "text/html", "<html><title>Not Found</title></html>")})
			},
			`an HTML page titled "Not Found", not the API`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, "ada@example.com")
			must(t, tenant.SetStatus("ada@example.com", "Disabled"))
			c.behindTheBack(t, tenant)
			unitTest(t, resource.TestCase{
				Steps: []resource.TestStep{
					{Config: tenant.config("", wanted), ExpectError: says(c.says)},
					{
						// A create that failed left no state: nothing is tainted, and
						// there is nothing to destroy.
						Config:           tenant.config("", ""),
						ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
						Check:            expectNoResources,
					},
				},
			})
		})
	}
}

func TestUserStatusUpdateErrorKeepsTheTruth(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	disabled := tenant.config("", userStatus("ada", `email = "ada@example.com"
status = "Disabled"`))
	enabled := tenant.config("", userStatus("ada", `email = "ada@example.com"
status = "Enabled"`))
	unitTest(t, resource.TestCase{
		Steps: []resource.TestStep{
			{Config: disabled},
			{
				PreConfig:   func() { must(t, tenant.DisableBySync("ada@example.com")) },
				Config:      enabled,
				ExpectError: says("Enable the user in the identity source, synchronize the user"),
			},
			{
				RefreshState:       true,
				ExpectNonEmptyPlan: true,
			},
			{
				PreConfig: func() {
					must(t, tenant.SetStatus("ada@example.com", "Disabled"))
					must(t, tenant.RestoreInDirectory("ada@example.com"))
					must(t, tenant.SetStatus("ada@example.com", "Enabled"))
					must(t, tenant.SetStatus("ada@example.com", "Disabled"))
				},
				Config:           enabled,
				ConfigPlanChecks: plans(plancheck.ResourceActionUpdate),
				Check:            expectStatus(tenant, "ada@example.com", "Enabled"),
			},
		},
	})
}

// A replacement of the same person destroys a user that its create keeps.
func TestAReplacementOfTheSamePersonDisablesNoUser(t *testing.T) {
	t.Parallel()
	adaBlock := func(lifecycle string) string {
		return userStatus("ada", `email = "ada@example.com"
status = "Enabled"
on_destroy = "disable"
`+lifecycle)
	}
	trigger := func(input string) string {
		return fmt.Sprintf("resource \"terraform_data\" \"trigger\" { input = %q }\n", input)
	}
	const createFirst = "lifecycle { create_before_destroy = true }"
	triggered := adaBlock("lifecycle { replace_triggered_by = [terraform_data.trigger] }")
	for name, c := range map[string]struct {
		before, after string // after is before, unless it is set
		taint         bool
		force         bool
		real          bool // needs more of Terraform than its imitation knows
	}{
		"forced":                                        {before: adaBlock(""), force: true},
		"tainted":                                       {before: adaBlock(""), taint: true},
		"replace_triggered_by":                          {before: triggered + trigger("one"), after: triggered + trigger("two"), real: true},
		"forced, its own create_before_destroy":         {before: adaBlock(createFirst), force: true},
		"tainted, its own create_before_destroy":        {before: adaBlock(createFirst), taint: true},
		"forced, an inherited create_before_destroy":    {before: adaBlock("") + dependent(createFirst), force: true, real: true},
		"tainted, an inherited create_before_destroy":   {before: adaBlock("") + dependent(createFirst), taint: true, real: true},
		"forced by username":                            {before: strings.Replace(adaBlock(""), `email = "ada@example.com"`, `username = "ada"`, 1), force: true},
		"forced by username with create_before_destroy": {before: strings.Replace(adaBlock(createFirst), `email = "ada@example.com"`, `username = "ada"`, 1), force: true},
	} {
		for _, limit := range []string{"", "max_changes = 0"} {
			for _, refresh := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s/%s/refresh=%t", name, limit, refresh), func(t *testing.T) {
					t.Parallel()
					if c.real && !isReal() && (limit != "" || !refresh) {
						t.Skip("more of these are left to " + engineVariable + "=terraform, as in CI")
					}
					tenant := newTestTenant(t, "ada@example.com")
					w := newWorkspaceFor(t, tenant, c.real)
					w.write("main.tf", tenant.config(limit, c.before))
					w.terraform("apply", "-auto-approve").succeeds()
					if c.after != "" {
						w.write("main.tf", tenant.config(limit, c.after))
					}
					if c.taint {
						w.terraform("taint", "idplus_user_status.ada").succeeds()
					}
					arguments := []string{fmt.Sprintf("-refresh=%t", refresh)}
					if c.force {
						arguments = append(arguments, "-replace=idplus_user_status.ada")
					}

					seen := w.terraform(append([]string{"plan", "-out=saved.tfplan"}, arguments...)...).succeeds().says("idplus_user_status.ada")
					if !strings.Contains(seen.text, "must be replaced") && !strings.Contains(seen.text, "will be replaced") {
						t.Fatalf("nothing is replaced:\n%s", seen.text)
					}
					if strings.Contains(seen.text, "is disabled") {
						t.Errorf("the plan says that a user is disabled:\n%s", seen.text)
					}
					w.sent(1, 0) // The look-up of the create, or the refresh before it.
					w.terraform("apply", "saved.tfplan").succeeds()
					w.sent(1, 0)
					if got := tenant.status(t, "ada@example.com"); got != "Enabled" {
						t.Errorf("Ada is %s", got)
					}
					w.terraform("plan", "-detailed-exitcode").succeeds().says("No changes.")
					w.sent(1, 0)
				})
			}
		}
	}
}

// dependent is a resource that depends on ada.
func dependent(lifecycle string) string {
	return "resource \"terraform_data\" \"dependent\" {\ninput = idplus_user_status.ada.id\n" + lifecycle + "\n}\n"
}

// After a replacement, an intended destroy disables.
func TestADestroyAfterAReplacementDisables(t *testing.T) {
	t.Parallel()
	for _, lifecycle := range []string{"", "lifecycle { create_before_destroy = true }"} {
		t.Run(lifecycle, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, "ada@example.com")
			w := newWorkspace(t, tenant)
			w.write("main.tf", tenant.config("", userStatus("ada", `email = "ada@example.com"
status = "Enabled"
on_destroy = "disable"
`+lifecycle)))
			w.terraform("apply", "-auto-approve").succeeds()
			w.terraform("apply", "-auto-approve", "-replace=idplus_user_status.ada").succeeds()
			w.write("main.tf", tenant.config("", ""))
			w.terraform("apply", "-auto-approve").succeeds().says("Warning: User leaves the configuration and will be disabled: ada@example.com", "ada@example.com: Enabled -> Disabled")
			w.sent(1, 1)
			if got := tenant.status(t, "ada@example.com"); got != "Disabled" {
				t.Errorf("Ada is %s", got)
			}
		})
	}
}

func TestAnotherNameOfTheSamePersonIsAnUpdateWithoutAPut(t *testing.T) {
	t.Parallel()
	names := map[string]string{"username": `username = "ada"`, "email": `email = "ada@example.com"`}
	for from, to := range map[string]string{"username": "email", "email": "username"} {
		t.Run(from+" to "+to, func(t *testing.T) {
			t.Parallel()
			tenant := newTestTenant(t, "ada@example.com")
			w := newWorkspace(t, tenant)
			config := func(name string) string {
				return tenant.config("max_changes = 0", userStatus("ada", name+"\nstatus = \"Enabled\"\non_destroy = \"disable\""))
			}
			w.write("main.tf", config(names[from]))
			w.terraform("apply", "-auto-approve").succeeds()

			w.write("main.tf", config(names[to]))
			w.terraform("plan", "-out=saved.tfplan").succeeds().says(
				"Plan: 0 to add, 1 to change, 0 to destroy.", tenant.id(t, "ada@example.com"))
			w.sent(2, 0) // By the old name in the refresh, by the new one in the plan.
			w.terraform("apply", "saved.tfplan").succeeds().says("0 added, 1 changed, 0 destroyed")
			w.sent(1, 0)
			w.terraform("plan", "-detailed-exitcode").succeeds().says("No changes.")
			w.sent(1, 0)
			if got := tenant.status(t, "ada@example.com"); got != "Enabled" {
				t.Errorf("Ada is %s", got)
			}
		})
	}
}

// The new address may lead to another user by the time it is applied. Terraform then plans
// once more, and blames the provider for the other plan.
func TestANewNameOfAnotherUserInTheApplyChangesNoUser(t *testing.T) {
	t.Parallel()
	tenant := newTestTenant(t, "ada@example.com")
	w := newWorkspace(t, tenant)
	w.write("main.tf", tenant.config("", userStatus("ada", "username = \"ada\"\nstatus = \"Enabled\"")))
	w.terraform("apply", "-auto-approve").succeeds()
	w.write("main.tf", tenant.config("", userStatus("ada", "email = \"ada@example.com\"\nstatus = \"Disabled\"")))
	w.terraform("plan", "-out=saved.tfplan").succeeds().says("Plan: 0 to add, 1 to change, 0 to destroy.")
	before := w.read("terraform.tfstate")
	_, err := tenant.Reassign("ada@example.com")
	must(t, err)
	w.terraform("apply", "saved.tfplan").fails()
	w.sent(1, 0)
	if got := tenant.status(t, "ada@example.com"); got != "Enabled" {
		t.Errorf("the person without a decision is %s", got)
	}
	if w.read("terraform.tfstate") != before {
		t.Error("the state has changed")
	}
}
