// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// scene is a review in which all files belong together. A test changes one of them.
type scene struct {
	roster   []review.User
	manifest review.Manifest
	// decided has the cells of a worksheet from the decision on, by address.
	decided map[string]string
	// tenant has the users at the time of the plan.
	tenant   []review.Person
	settings string
	// source and resource change the data source's and the resource's values; plan changes
	// the whole plan.
	source, resource, plan func(object)
	planAt, readAt         string
	planLog, applyLog      string
	approved               []byte
	// after is the tenant of a plan after the apply; nil for none.
	after       []review.Person
	afterAt     string
	verify      func(object)
	undecided   string
	nightly     bool
	rawPlan     string
	rawManifest string
}

type object = map[string]any

const (
	tenantHost = "example.access.securid.com"
	header     = "id,email,name,identity_source,status,last_signed_in,decision,reason,reviewer,decided_on,expires,ticket\n"
	kept       = "keep,,anna@example.com,2026-11-10,,"
)

// quarter returns a review that is ready to approve: of five users, ben loses and dee
// gains access.
func quarter() *scene {
	s := &scene{decided: map[string]string{}, planAt: "2026-11-25T10:00:00Z", afterAt: "2026-11-25T11:00:00Z"}
	for _, u := range []struct{ id, email, status, cells string }{
		{"u1", "ada@example.com", "Enabled", kept},
		{"u2", "ben@example.com", "Enabled", "remove,left the project,anna@example.com,2026-11-10,,HR-1"},
		{"u3", "Cy@example.com", "Disabled", kept},
		{"u4", "dee@example.com", "Disabled", "restore,back from leave,anna@example.com,2026-11-11,,"},
		{"u5", "eve@example.com", "Enabled", "keep,migration,anna@example.com,2026-11-12,2026-12-31,"},
	} {
		s.roster = append(s.roster, review.User{ID: u.id, Email: u.email, Name: "Name of " + u.id, Status: cloudadmin.Status(u.status), IdentitySource: "AD"})
		s.tenant = append(s.tenant, review.Person{ID: u.id, Email: u.email, IdentitySource: "AD", Status: cloudadmin.Status(u.status)})
		s.decided[u.email] = u.cells
	}
	s.manifest = review.Manifest{
		Tenant: "https://" + tenantHost + "/AdminInterface/restapi", ReadAt: "2026-11-01T08:00:00Z",
		Scope: review.Scope{EmailContains: "@"}, ProviderVersion: "0.9.0",
	}
	s.settings = `{"title": "Access review 2026-Q4", "deadline": "2026-11-20", "facts": [{"name": "Commit", "value": "3f9c2b1"}]}`
	return s
}

func (s *scene) person(email string) *review.Person { return personIn(s.tenant, email) }

func personIn(people []review.Person, email string) *review.Person {
	return &people[slices.IndexFunc(people, func(p review.Person) bool { return p.Email == email })]
}

// applied gives the tenant of after the statuses that the plan wants.
func (s *scene) applied() *scene {
	s.after = slices.Clone(s.tenant)
	personIn(s.after, "ben@example.com").Status = "Disabled"
	personIn(s.after, "dee@example.com").Status = "Enabled"
	s.applyLog = logOf("2026-11-25T10:30:00Z", started, `"type":"apply_complete","hook":{"resource":{"addr":"idplus_user_statuses.q4"}}`,
		`"type":"change_summary","changes":{"operation":"apply"}`)
	return s
}

const started = `"type":"version"`

// logOf returns a log whose lines are a second apart.
func logOf(from string, lines ...string) string {
	at, _ := time.Parse(time.RFC3339, from)
	var text strings.Builder
	for i, line := range lines {
		text.WriteString(`{"@level":"info","@timestamp":"` + at.Add(time.Duration(i)*time.Second).Format(time.RFC3339Nano) + `",` + line + "}\n")
	}
	return text.String()
}

func (s *scene) files(t testing.TB) Files {
	t.Helper()
	roster := review.WriteRoster(s.roster)
	sheet := header
	for _, u := range s.roster {
		if cells, is := s.decided[u.Email]; is {
			sheet += u.ID + "," + u.Email + "," + u.Name + ",AD," + string(u.Status) + ",," + cells + "\n"
		}
	}
	manifest := s.manifest
	manifest.SHA256, manifest.Users, manifest.TotalByAPI = review.SumOf(roster), len(s.roster), len(s.roster)
	f := Files{
		Folder: "2026-Q4", Roster: file("roster.csv", roster), Manifest: file("roster.json", manifest.JSON()),
		Settings: file("review.json", s.settings), Worksheets: []File{file("decisions/anna.csv", sheet)},
		Plan:    file("plan.json", s.planJSON(t, s.planAt, s.tenant, s.plan)),
		PlanLog: file("plan.jsonl", s.planLog), ApplyLog: file("apply.jsonl", s.applyLog),
		Approved: file("approved.json", string(s.approved)), Nightly: s.nightly,
	}
	if s.rawManifest != "" {
		f.Manifest = file("roster.json", s.rawManifest)
	}
	if s.rawPlan != "" {
		f.Plan = file("plan.json", s.rawPlan)
	}
	if s.after != nil {
		f.Verify = file("verify.json", s.planJSON(t, s.afterAt, s.after, s.verify))
	}
	return f
}

// file returns a file; a file without a text does not exist.
func file(name, text string) File {
	if text == "" {
		return File{}
	}
	return File{Name: name, Data: []byte(text)}
}

// planJSON returns a plan as Terraform 1.11 writes it, with the provider's own verdicts.
func (s *scene) planJSON(t testing.TB, at string, tenant []review.Person, change func(object)) string {
	t.Helper()
	when, err := time.Parse(time.RFC3339, at)
	if err != nil {
		t.Fatal(err)
	}
	var rows []review.Row
	for _, u := range s.roster {
		cells := strings.Split(s.decided[u.Email]+",,,,,", ",")
		ended, _ := review.Ended(cells[4], when)
		rows = append(rows, review.Row{ID: u.ID, Email: u.Email, RosterStatus: u.Status, Decision: review.Decision(cells[0]), Expires: cells[4], Ended: ended})
	}
	decided := object{}
	for _, row := range rows {
		decided[cloudadmin.Fold(row.Email)] = object{"id": row.ID, "expires": orNull(row.Expires)}
	}
	verdicts, before, after, ids := object{}, object{}, object{}, object{}
	for _, v := range review.Judge(rows, tenant, review.Decision(s.undecided)) {
		key := cloudadmin.Fold(v.Email)
		if _, twice := verdicts[key]; twice {
			key += " (" + v.ID + ")"
		}
		verdicts[key] = object{
			"id": v.ID, "email": v.Email, "address": orNull(v.Address), "identity_source": orNull(v.IdentitySource),
			"roster_status": orNull(v.RosterStatus), "status": orNull(v.Status), "decision": orNull(v.Decision),
			"wanted": orNull(v.Wanted), "outcome": string(v.Outcome), "detail": orNull(v.Detail),
		}
		if v.Wanted == "" {
			continue
		}
		before[v.Address], after[v.Address], ids[v.Address] = string(v.Status), string(v.Wanted), v.ID
	}
	source := object{"rows": decided, "verdicts": verdicts, "tenant": tenantHost, "read_at": at, "complete": true, "undecided": orNull(s.undecided), "email_contains": nil}
	if s.readAt != "" {
		source["read_at"] = s.readAt
	}
	action := "no-op"
	for address, status := range after {
		if before[address] != status {
			action = "update"
		}
	}
	resource := object{
		"address": "idplus_user_statuses.q4", "mode": "managed", "type": "idplus_user_statuses", "name": "q4",
		"change": object{
			"actions": []any{action}, "before": object{"statuses": before, "ids": ids}, "after": object{"statuses": after, "ids": ids},
			"after_unknown": object{}, "before_sensitive": object{"statuses": object{}}, "after_sensitive": object{"statuses": object{}},
		},
	}
	apply := func(to object, f func(object)) {
		if f != nil && (change == nil || at == s.planAt) {
			f(to)
		}
	}
	apply(source, s.source)
	in(resource, "change", "after")["may_change"] = changing(source)
	apply(resource, s.resource)
	p := object{
		"format_version": "1.2", "terraform_version": "1.11.4", "timestamp": at, "applyable": true, "complete": true, "errored": false,
		"planned_values": object{"root_module": object{}}, "resource_changes": []any{resource},
		"prior_state": object{"values": object{"root_module": object{"resources": []any{
			object{"address": "data.idplus_access_review.q4", "mode": "data", "type": "idplus_access_review", "values": source, "sensitive_values": object{}},
		}}}},
		"configuration": object{"provider_config": object{"idplus": object{"name": "idplus"}}, "root_module": object{"resources": []any{
			object{"address": "idplus_user_statuses.q4", "mode": "managed", "type": "idplus_user_statuses", "provider_config_key": "idplus"},
			object{"address": "data.idplus_access_review.q4", "mode": "data", "type": "idplus_access_review", "provider_config_key": "idplus"},
		}}},
		"variables": object{"review": object{"value": "2026-Q4"}},
	}
	if change != nil {
		change(p)
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// changing returns may_change of the data source.
func changing(source object) []any {
	addresses := []any{}
	verdicts, _ := source["verdicts"].(object)
	for _, v := range verdicts {
		if v, is := v.(object); is && (v["outcome"] == "gains" || v["outcome"] == "loses") {
			addresses = append(addresses, v["address"])
		}
	}
	return addresses
}

func orNull[T ~string](text T) any {
	if text == "" {
		return nil
	}
	return string(text)
}

func (s *scene) evidence(t *testing.T) *Evidence {
	t.Helper()
	e, err := Make(s.files(t))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// json returns the evidence.json of a scene.
func (s *scene) json(t *testing.T) []byte {
	t.Helper()
	var text strings.Builder
	if err := WriteJSON(&text, s.evidence(t)); err != nil {
		t.Fatal(err)
	}
	return []byte(text.String())
}

// said returns the points as text, a line for each point and for each of its users.
func said(e *Evidence) string {
	var text strings.Builder
	for _, p := range e.Points {
		if p.Stops {
			text.WriteString("stop ")
		} else {
			text.WriteString("note ")
		}
		text.WriteString(p.Kind + "\n")
		for _, who := range p.Who {
			text.WriteString("  " + who + "\n")
		}
	}
	return text.String()
}

// in returns what an object has under a path; of a list, it uses the first element.
func in(o object, path ...string) object {
	for _, name := range path {
		inner := o[name]
		if list, is := inner.([]any); is {
			inner = list[0]
		}
		var isObject bool
		if o, isObject = inner.(object); !isObject {
			panic(name + " is no object")
		}
	}
	return o
}

// add adds elements to a list.
func add(o object, name string, elements ...any) {
	list, _ := o[name].([]any)
	o[name] = append(list, elements...)
}
