// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// TestFilesThatCannotBeRead has files without a record, and the errors about them.
func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	resource := func(edit func(object)) func(*scene) { return func(s *scene) { s.resource = edit } }
	source := func(edit func(object)) func(*scene) { return func(s *scene) { s.source = edit } }
	plan := func(edit func(object)) func(*scene) { return func(s *scene) { s.plan = edit } }
	resources := func(p object) object {
		return in(p, "prior_state", "values", "root_module")
	}
	for name, test := range map[string]struct {
		change func(*scene)
		want   string
	}{
		"an empty plan":             {func(s *scene) { s.rawPlan = " \n" }, "plan.json: the file is empty: make it with terraform show -json PLANFILE"},
		"a saved plan":              {func(s *scene) { s.rawPlan = "PK\x03\x04 plan" }, "plan.json: this is a saved plan, not JSON: make it with terraform show -json PLANFILE"},
		"the log of a plan":         {func(s *scene) { s.rawPlan = logOf(s.planAt, started) }, "plan.json: this is the log of terraform plan -json: make it with terraform show -json PLANFILE"},
		"a plan in UTF-16":          {func(s *scene) { s.rawPlan = "\xff\xfe{\x00" }, "plan.json: the file is UTF-16, which > writes in Windows PowerShell 5: write it with PowerShell 7, or by cmd /c"},
		"a plan behind a wrapper":   {func(s *scene) { s.rawPlan = "[command]/bin/terraform-bin show -json p\n{}" }, "plan.json: the first line is of a wrapper around terraform: the action setup-terraform needs terraform_wrapper: false"},
		"a state":                   {func(s *scene) { s.rawPlan = `{"format_version": "1.0", "terraform_version": "1.11.4", "values": {}}` }, "plan.json: this JSON is not of a plan; make it with terraform show -json PLANFILE"},
		"other JSON":                {func(s *scene) { s.rawPlan = `{}` }, "plan.json: this JSON is not of a plan; make it with terraform show -json PLANFILE"},
		"a plan of another format":  {func(s *scene) { s.rawPlan = `{"format_version": "2.0"}` }, `plan.json: format_version is "2.0", but this version reads 1.x: use a newer version of the provider`},
		"a plan that is cut off":    {func(s *scene) { s.rawPlan = `{"format_version": "1.2", "res` }, "plan.json: this is not the JSON of a plan: the file is cut off: the JSON has no end; make it with terraform show -json PLANFILE"},
		"a plan without its time":   {plan(func(p object) { p["timestamp"] = "" }), "plan.json: the plan does not say when it was made: Terraform 1.5 and later do"},
		"a plan without the tenant": {plan(func(p object) { delete(p, "prior_state") }), `plan.json: the plan does not show the tenant: the configuration needs data "idplus_access_review", which reads the tenant in the plan`},
		"a data source that is read in the apply": {
			plan(func(p object) {
				delete(p, "prior_state")
				add(p, "resource_changes", object{"address": "data.idplus_access_review.q4", "mode": "data", "type": "idplus_access_review"})
			}), "plan.json: data.idplus_access_review.q4 is read during the apply, so the plan does not show who changes: its arguments must be known in the plan, and it must not depend on a resource that changes",
		},
		"a data source that the plan did not read": {
			func(s *scene) { s.readAt = "2026-11-25T09:59:59Z" },
			"plan.json: data.idplus_access_review.q4 was read at 2026-11-25T09:59:59Z, before this plan was made (2026-11-25T10:00:00Z): the plan did not read the tenant. Plan again, without -target",
		},
		"two data sources": {
			plan(func(p object) {
				module := resources(p)
				second := object{"address": "module.x.data.idplus_access_review.q3"}
				for name, value := range in(module, "resources") {
					if name != "address" {
						second[name] = value
					}
				}
				module["child_modules"] = []any{object{"resources": []any{second}}}
			}), "plan.json: the plan has 2 data sources idplus_access_review (data.idplus_access_review.q4, module.x.data.idplus_access_review.q3), but a record is about one review: use a separate configuration for each review",
		},
		"verdicts that are sensitive": {
			plan(func(p object) {
				in(resources(p), "resources")["sensitive_values"] = object{"verdicts": object{"ada@example.com": object{"id": true}}}
			}), "plan.json: verdicts of data.idplus_access_review.q4 are sensitive, and the record would show them: do not mark its arguments as sensitive",
		},
		"an outcome that is not known": {
			source(func(v object) { set(v, "ada@example.com", object{"outcome": "promoted"}) }),
			`plan.json: data.idplus_access_review.q4: the outcome of "ada@example.com" is "promoted", which is not known: make the evidence with the version of the provider that made the plan`,
		},
		"a verdict that contradicts itself": {
			source(func(v object) { set(v, "ada@example.com", object{"wanted": "Disabled"}) }),
			`plan.json: data.idplus_access_review.q4: the verdict on "ada@example.com" contradicts itself: keeps, from "Enabled" to "Disabled": make the evidence with the version of the provider that made the plan`,
		},
		"two verdicts on one user": {
			source(func(v object) { set(v, "ben@example.com", object{"id": "u1"}) }),
			`plan.json: data.idplus_access_review.q4: two verdicts ("ada@example.com", "ben@example.com") have one id: make the evidence with the version of the provider that made the plan`,
		},
		"a data source without verdicts": {
			source(func(v object) { delete(v, "verdicts") }),
			"plan.json: data.idplus_access_review.q4: verdicts, tenant, complete or read_at is missing: make the evidence with the version of the provider that made the plan",
		},
		"a data source that does not say whether it saw all users": {
			source(func(v object) { v["complete"] = nil }),
			"plan.json: data.idplus_access_review.q4: verdicts, tenant, complete or read_at is missing: make the evidence with the version of the provider that made the plan",
		},
		"statuses that are not known": {
			resource(func(r object) { change(r)["after_unknown"] = object{"statuses": object{"ada@example.com": true}} }),
			"plan.json: statuses of idplus_user_statuses.q4 is known only after the apply, so the plan does not show who changes: take it from the data source idplus_access_review, whose arguments must be known in the plan",
		},
		"statuses that are sensitive": {
			resource(func(r object) { change(r)["after_sensitive"] = object{"statuses": true} }),
			"plan.json: statuses of idplus_user_statuses.q4 is sensitive, and the record would show it: do not mark it as sensitive",
		},
		"statuses of another type": {
			resource(func(r object) { in(r, "change", "after")["statuses"] = []any{"ada@example.com"} }),
			"plan.json: idplus_user_statuses.q4: json: cannot unmarshal array into Go struct field managed.statuses of type map[string]cloudadmin.Status: make the evidence with the version of the provider that made the plan",
		},
		"a log in plain text":             {func(s *scene) { s.planLog = "Terraform will perform\n" }, "plan.jsonl: this is not a log of terraform plan -json: pass what the command prints with -json"},
		"a log that is damaged":           {func(s *scene) { s.planLog = logOf(s.planAt, started) + "{\"@level\"\n" + logOf(s.planAt, started) }, "plan.jsonl: line 2 is not a line of a Terraform log: the file is damaged. Pass it as Terraform wrote it"},
		"a log with another last line":    {func(s *scene) { s.planLog = logOf(s.planAt, started) + "Killed" }, "plan.jsonl: line 2 is not a line of a Terraform log: the file is damaged. Pass it as Terraform wrote it"},
		"an empty log":                    {func(s *scene) { s.applyLog = "\n" }, "apply.jsonl: the log is empty: pass what terraform apply -json prints"},
		"the log of another plan":         {func(s *scene) { s.planLog = logOf("2026-11-25T10:00:01Z", started) }, "plan.jsonl: this is not the log of the plan in plan.json, which was made at 2026-11-25T10:00:00Z: pass what terraform plan -json printed for it"},
		"an apply before the plan":        {func(s *scene) { s.applyLog = logOf("2026-11-25T09:00:00Z", started) }, "apply.jsonl: the log begins at 2026-11-25T09:00:00Z, before the plan in plan.json was made (2026-11-25T10:00:00Z): pass the log of the apply of this plan"},
		"the log of a plan for an apply":  {func(s *scene) { s.applyLog = logOf(s.planAt, `"type":"change_summary","changes":{"operation":"plan"}`) }, "apply.jsonl: this is the log of a plan: pass what terraform apply -json printed"},
		"a verification before the plan":  {func(s *scene) { s.applied().afterAt = "2026-11-25T09:59:59Z" }, "verify.json: this plan was made at 2026-11-25T09:59:59Z, before the plan in plan.json (2026-11-25T10:00:00Z): plan again after the apply"},
		"a verification during the apply": {func(s *scene) { s.applied().afterAt = "2026-11-25T10:30:01Z" }, "verify.json: this plan was made at 2026-11-25T10:30:01Z, before the apply had ended (2026-11-25T10:30:02Z): plan again"},
		"a verification of another tenant": {
			func(s *scene) { s.applied().verify = func(p object) { sourceOf(p)["tenant"] = "other.example.com" } },
			"verify.json: this plan is of other.example.com, and plan.json of example.access.securid.com: pass a plan of the same tenant",
		},
		"settings that are not known": {
			func(s *scene) { s.settings = `{"titel": "Review"}` },
			`review.json: json: unknown field "titel". It has title, deadline, roster_max_age_days and facts: [{"name": …, "value": …}]`,
		},
		"a deadline that is not a day":        {func(s *scene) { s.settings = `{"deadline": "20.11.2026"}` }, "review.json: deadline is not a day, such as 2026-12-31"},
		"a fact without a name":               {func(s *scene) { s.settings = `{"facts": [{"value": "x"}]}` }, "review.json: a fact has no name"},
		"more than settings":                  {func(s *scene) { s.settings = `{} {}` }, "review.json: there is text after the end of the JSON: remove it"},
		"approved evidence of another form":   {func(s *scene) { s.approved = []byte(`{"format": 2}`) }, "approved.json: format is 2, but this version reads 1: approve evidence that this version has made"},
		"approved evidence without its parts": {func(s *scene) { s.approved = []byte(`{"format": 1}`) }, "approved.json: this is not evidence, since conclusion, points, people or inputs are missing; pass the evidence.json of the plan that was approved"},
		"approved evidence that is cut off":   {func(s *scene) { s.approved = s.json(&testing.T{})[:100] }, "approved.json: this is not evidence: the file is cut off: the JSON has no end; pass the evidence.json of the plan that was approved"},
		"approved evidence of an apply":       {func(s *scene) { s.approved = quarter().applied().json(&testing.T{}) }, `approved.json: this is evidence of the phase "verified", but only evidence of a plan is approved: pass the evidence.json of the plan that was approved`},
		"approved evidence without a format":  {func(s *scene) { s.approved = []byte(`{}`) }, "approved.json: this is not evidence, since it has no format; pass the evidence.json of the plan that was approved"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quarter()
			test.change(s)
			e, err := Make(s.files(t))
			if err == nil {
				t.Fatalf("a record was made: %s", e.Conclusion)
			}
			if err.Error() != test.want {
				t.Errorf("got\n%s\nwant\n%s", err, test.want)
			}
		})
	}
}

func TestARosterThatWasEditedIsRefused(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func([]byte) []byte{
		"a status":   func(b []byte) []byte { return bytes.Replace(b, []byte("Disabled"), []byte("Enabled"), 1) },
		"line ends":  func(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")) },
		"a line off": func(b []byte) []byte { return b[:bytes.LastIndexByte(b[:len(b)-1], '\n')+1] },
	} {
		files := quarter().files(t)
		files.Roster.Data = edit(files.Roster.Data)
		if _, err := Make(files); err == nil || !strings.HasPrefix(err.Error(), "roster.csv: this is not the roster of roster.json") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAPlanThatFailedKnowsOfNoChange: without the data for it, the record does not say who
// changes.
func TestAPlanThatFailedKnowsOfNoChange(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*scene){
		"before the tenant was read": func(s *scene) {
			s.plan = func(p object) { p["errored"] = true; delete(p, "prior_state"); delete(p, "resource_changes") }
		},
		"with the reading of a plan before": func(s *scene) {
			s.readAt = "2026-11-24T10:00:00Z"
			s.plan = func(p object) { p["errored"] = true; delete(p, "resource_changes") }
		},
		"after the tenant was read": func(s *scene) { s.plan = func(p object) { p["errored"] = true; delete(p, "resource_changes") } },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := quarter()
			s.tenant = slices.DeleteFunc(s.tenant, func(p review.Person) bool { return p.ID == "u3" })
			fail(s)
			e := s.evidence(t)
			if !e.PlanFailed || e.Conclusion != NotReady || e.Points[0].Kind != "plan_failed" || e.Tenant != tenantHost {
				t.Errorf("concluded %q; points:\n%s", e.Conclusion, said(e))
			}
			if want := "Not ready: 5 users, it is not known who changes, 1 point stops the review"; Summary(e) != want {
				t.Errorf("summary %q, want %q", Summary(e), want)
			}
			for _, p := range e.People {
				isRead := name == "after the tenant was read"
				if p.Wanted != "" || p.Changes() || (p.Outcome == review.Left) != (isRead && p.ID == "u3") || p.Outcome != "" && p.Outcome != review.Left {
					t.Errorf("%s: %q, wanted %q", p.Email, p.Outcome, p.Wanted)
				}
				if !isRead && p.Status != "" {
					t.Errorf("%s has a status that was not read", p.Email)
				}
			}
		})
	}
}

// TestEveryoneIsThereOnce: the people of the record are those of roster and tenant.
func TestEveryoneIsThereOnce(t *testing.T) {
	t.Parallel()
	s := quarter()
	s.person("ada@example.com").ID = "u9" // another person
	s.person("ben@example.com").Email = "benjamin@example.com"
	s.tenant = slices.DeleteFunc(s.tenant, func(p review.Person) bool { return p.ID == "u3" })
	s.tenant = append(s.tenant, review.Person{ID: "u10", Email: "new@example.com", Status: "Enabled"})
	var got []string
	for _, p := range s.evidence(t).People {
		got = append(got, p.Email+" "+p.ID)
	}
	want := []string{"ada@example.com u1", "ada@example.com u9", "ben@example.com u2", "Cy@example.com u3", "dee@example.com u4", "eve@example.com u5", "new@example.com u10"}
	if !slices.Equal(got, want) {
		t.Errorf("people %q, want %q", got, want)
	}
}

func TestTheSameFilesGiveTheSameRecord(t *testing.T) {
	t.Parallel()
	s := quarter().applied()
	s.person("ada@example.com").ID = "u9"
	s.tenant = append(s.tenant, review.Person{ID: "u10", Email: "new@example.com", Status: "Enabled"})
	s.after = slices.Clone(s.tenant)
	s.resource = func(r object) {
		after(r, "statuses")["zoe@example.com"], after(r, "statuses")["kim@example.com"] = "Enabled", "Enabled"
	}
	files := s.files(t)
	record := func() []byte {
		e, err := Make(files)
		if err != nil {
			t.Fatal(err)
		}
		var text bytes.Buffer
		if err := WriteJSON(&text, e); err != nil {
			t.Fatal(err)
		}
		return text.Bytes()
	}
	first := record()
	if first[len(first)-1] != '\n' {
		t.Error("evidence.json does not end in a line end")
	}
	for range 20 {
		if !bytes.Equal(first, record()) {
			t.Fatal("two records of the same files differ")
		}
	}
}
