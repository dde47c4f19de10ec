// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

type accessReviewModel struct {
	Rows            types.Map    `tfsdk:"rows"`
	Undecided       types.String `tfsdk:"undecided"`
	MaxUndecided    types.Int64  `tfsdk:"max_undecided"`
	EmailContains   types.String `tfsdk:"email_contains"`
	IdentitySources types.Set    `tfsdk:"identity_sources"`

	Statuses        types.Map      `tfsdk:"statuses"`
	IDs             types.Map      `tfsdk:"ids"`
	Verdicts        types.Map      `tfsdk:"verdicts"`
	Joined          types.List     `tfsdk:"joined"`
	Left            types.List     `tfsdk:"left"`
	AnotherPerson   types.List     `tfsdk:"another_person"`
	PendingDeletion types.List     `tfsdk:"pending_deletion"`
	HeldBack        types.List     `tfsdk:"held_back"`
	Ended           types.List     `tfsdk:"ended"`
	Restored        types.List     `tfsdk:"restored"`
	Changing        types.List     `tfsdk:"changing"`
	Counts          types.Map      `tfsdk:"counts"`
	ReadAt          types.String   `tfsdk:"read_at"`
	Tenant          types.String   `tfsdk:"tenant"`
	Complete        types.Bool     `tfsdk:"complete"`
	Timeouts        timeouts.Value `tfsdk:"timeouts"`
}

// verdictProperties are the properties of a verdict in the state. Empty ones are null.
var verdictProperties = []struct {
	name, description string
	of                func(v *review.Verdict) string
}{
	{"id", "The user's id.", func(v *review.Verdict) string { return v.ID }},
	{"email", "The email address in the roster, or the current one of a user who has joined.", func(v *review.Verdict) string { return v.Email }},
	{"address", "The current email address; null for a user that the tenant does not show.", func(v *review.Verdict) string { return v.Address }},
	{"identity_source", "Name of the identity source that the user comes from.", func(v *review.Verdict) string { return v.IdentitySource }},
	{"roster_status", "The status in the roster.", func(v *review.Verdict) string { return string(v.RosterStatus) }},
	{"status", "The current status.", func(v *review.Verdict) string { return string(v.Status) }},
	{"decision", "The decision; null for none.", func(v *review.Verdict) string { return string(v.Decision) }},
	{"wanted", "The status that the review sets; null if the user is not in `statuses`.", func(v *review.Verdict) string { return string(v.Wanted) }},
	{"outcome", "The result: " + outcomeNames() + ".", func(v *review.Verdict) string { return string(v.Outcome) }},
	{"detail", "The reason, where the outcome alone does not say it.", func(v *review.Verdict) string { return v.Detail }},
}

func verdictAttributes() map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{}
	for _, p := range verdictProperties {
		attributes[p.name] = schema.StringAttribute{MarkdownDescription: p.description, Computed: true}
	}
	return attributes
}

func outcomeNames() string {
	var names []string
	for _, outcome := range review.Outcomes() {
		names = append(names, "`"+string(outcome)+"`")
	}
	return strings.Join(names, ", ")
}

var pathRows = path.Root("rows")

// decisions returns the rows, sorted by key, or all that is wrong with them.
func (m *accessReviewModel) decisions() (rows []review.Row, diags diag.Diagnostics) {
	elements := m.Rows.Elements()
	if len(elements) == 0 {
		diags.AddAttributeError(pathRows, "rows has no user",
			"rows is empty. A roster that was cut off or not found would look like this, so an empty map is refused. Use rows of the function access_review.")
		return nil, diags
	}
	var wrong findings
	keys := map[string]string{} // by id
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		refuse := func(format string, args ...any) {
			wrong = append(wrong, finding{cloudadmin.Email(key), fmt.Sprintf("%q ", key) + fmt.Sprintf(format, args...)})
		}
		object, ok := elements[key].(types.Object)
		if !ok || object.IsNull() {
			refuse("is null")
			continue
		}
		text := func(name string) string {
			value, _ := object.Attributes()[name].(types.String)
			return value.ValueString()
		}
		ended, _ := object.Attributes()["ended"].(types.Bool)
		row := review.Row{
			ID: text("id"), Email: text("email"), RosterStatus: cloudadmin.Status(text("roster_status")),
			Decision: review.Decision(text("decision")), Expires: text("expires"), Ended: ended.ValueBool(),
		}
		other, taken := keys[row.ID]
		switch {
		case row.ID == "":
			refuse("has no id")
		case taken:
			refuse("has the same id %q as %q", row.ID, other)
		}
		keys[row.ID] = key
		if !row.Decision.IsKnown() {
			refuse("has the decision %q, which is not keep, remove, restore or empty", row.Decision)
		}
		if row.Decision == review.Restore && row.RosterStatus != cloudadmin.Disabled {
			refuse("has the decision restore, which is for users who are Disabled in the roster, and roster_status is %s. To leave the user as is, write keep", cmp.Or(row.RosterStatus, "not given"))
		}
		if ended.IsNull() && row.Expires != "" {
			refuse("has expires (%s), but ended does not say whether that has passed", row.Expires)
		}
		rows = append(rows, row)
	}
	if len(wrong) > 0 {
		diags.AddAttributeError(pathRows.AtMapKey(wrong[0].who.String()), wrong.summary("Not a row of an access review", "problems in the rows of an access review"),
			wrong.lines()+"\n\nUse rows of the function access_review unchanged, or correct them.")
	}
	return rows, diags
}

func (m *accessReviewModel) undecided() string {
	return cmp.Or(m.Undecided.ValueString(), undecidedFail)
}

// ifUndecided returns the decision for users without one. With fail there are none.
func (m *accessReviewModel) ifUndecided() review.Decision {
	if m.undecided() == undecidedRemove {
		return review.Remove
	}
	return review.Keep
}

// tooManyUndecided returns an error for more users without a decision than allowed.
func (m *accessReviewModel) tooManyUndecided(rows []review.Row) diag.Diagnostics {
	var undecided findings
	for _, row := range rows {
		if row.Decision == review.Undecided {
			undecided.add(cloudadmin.Email(cmp.Or(row.Email, row.ID)))
		}
	}
	most := int64(0)
	switch {
	case m.undecided() == undecidedFail:
	case !m.MaxUndecided.IsNull():
		most = m.MaxUndecided.ValueInt64()
	case m.undecided() == undecidedKeep:
		return nil
	}
	if int64(len(undecided)) <= most {
		return nil
	}
	at := path.Root("max_undecided")
	allowed := fmt.Sprintf("undecided is %q, and max_undecided is %d", m.undecided(), most)
	if m.MaxUndecided.IsNull() || m.undecided() == undecidedFail {
		at, allowed = path.Root("undecided"), fmt.Sprintf("undecided is %q, which allows none", m.undecided())
		if m.undecided() == undecidedRemove {
			allowed += " unless max_undecided is set"
		}
	}
	return wordedAt(at, wording{undecided, func(f findings) diag.Diagnostic {
		return diag.NewErrorDiagnostic(f.summary("User has no decision", "users have no decision"),
			f.listed()+allowed+". Nothing was read.\n\nDecide about "+f.pick("this user", "these users")+" in the worksheets. "+
				"To leave such users as they are, set undecided = \"keep\"; to disable them, set undecided = \"remove\" and max_undecided to the number of them.")
	}})
}

func (m *accessReviewModel) emailContains() string {
	return cmp.Or(m.EmailContains.ValueString(), snapshot.AllEmails)
}

// sources returns the identity sources of the review; none means all.
func (m *accessReviewModel) sources() map[string]bool {
	sources := map[string]bool{}
	for _, element := range m.IdentitySources.Elements() {
		if name, ok := element.(types.String); ok {
			sources[name.ValueString()] = true
		}
	}
	return sources
}

// comesTo sets the results of the verdicts, but not the verdicts themselves.
func (m *accessReviewModel) comesTo(verdicts []review.Verdict) {
	statuses, ids := map[string]attr.Value{}, map[string]attr.Value{}
	addresses, counts := map[review.Outcome][]attr.Value{}, map[review.Outcome]int64{}
	var ended, restored, changing []attr.Value
	for i := range verdicts {
		v := &verdicts[i]
		address := types.StringValue(cmp.Or(v.Address, v.Email, v.ID))
		counts[v.Outcome]++
		addresses[v.Outcome] = append(addresses[v.Outcome], address)
		if v.Wanted == "" {
			continue
		}
		statuses[v.Address], ids[v.Address] = types.StringValue(string(v.Wanted)), types.StringValue(v.ID)
		if v.Ended && v.Decision != review.Remove {
			ended = append(ended, address)
		}
		if v.Decision == review.Restore && v.Wanted == cloudadmin.Enabled {
			restored = append(restored, address)
		}
		if v.Outcome.Changes() {
			changing = append(changing, address)
		}
	}
	numbers := map[string]attr.Value{}
	for _, outcome := range review.Outcomes() {
		numbers[string(outcome)] = types.Int64Value(counts[outcome])
	}
	list := func(values []attr.Value) types.List { return types.ListValueMust(types.StringType, values) }
	m.Statuses, m.IDs = types.MapValueMust(types.StringType, statuses), types.MapValueMust(types.StringType, ids)
	m.Joined, m.Left = list(addresses[review.Joined]), list(addresses[review.Left])
	m.AnotherPerson, m.PendingDeletion = list(addresses[review.AnotherPerson]), list(addresses[review.PendingDeletion])
	m.HeldBack, m.Ended = list(addresses[review.HeldBack]), list(ended)
	m.Restored, m.Changing = list(restored), list(changing)
	m.Counts = types.MapValueMust(types.Int64Type, numbers)
}
