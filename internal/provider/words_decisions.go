// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/idplus-community/terraform-provider-idplus/internal/access"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/snapshot"
)

// What is said about decisions: each text once, for one user and for many, with
// the problem, what is known of it, and the way out.

// words words the findings of a run.
type words struct {
	remedies
	api *apiDiagnostics
	run *access.Run
	// gone are the addresses of which a refresh has said that no user has them.
	gone *sync.Map
}

// phase is what Terraform does.
type phase int

const (
	planning phase = iota
	applying
	refreshing
)

// telling is what is told, and of what.
type telling struct {
	words
	phase phase
	batch *access.Batch
	// single is whether the resource is about one user.
	single bool
	// place returns the attribute that a user's decision stands in.
	place func(access.Verdict, cloudadmin.Address) path.Path
}

// inPhase is how severe a verdict is in a phase.
type inPhase [3]diag.Severity

const silent = diag.SeverityInvalid

var (
	alwaysError = inPhase{planning: diag.SeverityError, applying: diag.SeverityError, refreshing: diag.SeverityWarning}
	failsLater  = inPhase{planning: diag.SeverityWarning, applying: diag.SeverityError, refreshing: diag.SeverityWarning}
	planOnly    = inPhase{planning: diag.SeverityWarning}
)

// verdictTexts are the texts of the verdicts, in the order in which they are told.
var verdictTexts = []struct {
	verdict  access.Verdict
	severity inPhase
	text     func(telling, findings) (summary, detail string)
}{
	{access.Reassigned, alwaysError, telling.reassigned},
	{access.NotPinned, alwaysError, telling.notPinned},
	{access.Pending, alwaysError, telling.pending},
	{access.PendingStood, failsLater, telling.pendingStood},
	{access.Protected, alwaysError, telling.protected},
	{access.GuardsNobody, alwaysError, telling.guardsNobody},
	{access.TwoWishes, alwaysError, telling.twoWishes},
	{access.KeptElsewhere, alwaysError, telling.keptElsewhere},
	{access.Overtaken, alwaysError, telling.overtaken},
	{access.TooMany, alwaysError, telling.tooMany},
	{access.Missing, failsLater, telling.missing},
	{access.Contradicted, failsLater, telling.contradicted},
	{access.Renamed, failsLater, telling.renamed},
	{access.NotLookedUp, failsLater, telling.notLookedUp},
	{access.Deleted, alwaysError, telling.deleted},
	{access.SyncDisabled, alwaysError, telling.syncDisabled},
	{access.DisableRefused, alwaysError, telling.disableRefused},
	{access.Refused, alwaysError, telling.refused},
	{access.Unanswered, alwaysError, telling.unanswered},
	{access.NotTried, alwaysError, telling.notTried},
	{access.Satisfied, inPhase{planning: diag.SeverityWarning, refreshing: diag.SeverityWarning}, telling.satisfied},
	{access.SatisfiedPending, planOnly, telling.satisfiedPending},
	{access.Vanished, inPhase{applying: diag.SeverityWarning}, telling.vanished},
	{access.Spared, inPhase{planning: diag.SeverityWarning, applying: diag.SeverityWarning}, telling.spared},
	{access.LetGo, planOnly, telling.letGo},
}

// tell words what came of a batch: one diagnostic for each kind, at the first user's
// attribute.
func (t telling) tell() diag.Diagnostics {
	var diags diag.Diagnostics
	byVerdict := map[access.Verdict]findings{}
	var twins findings
	for _, d := range t.batch.Decisions {
		found := byVerdict[d.Verdict]
		t.note(&found, d)
		byVerdict[d.Verdict] = found
		if len(d.Found.Twins) > 0 && t.phase != applying {
			twins.addLine(d.Who, "%s", twinsLine(d))
		}
	}
	diags.Append(t.howMuch()...)
	for _, one := range verdictTexts {
		found := byVerdict[one.verdict]
		severity := one.severity[t.phase]
		if len(found) == 0 || severity == silent {
			continue
		}
		summary, detail := one.text(t, found)
		diags.Append(t.placed(one.verdict, found, severity, summary, detail))
	}
	if len(twins) > 0 {
		diags.Append(t.placed(access.AsWanted, twins, diag.SeverityWarning, twins.summary("Address belongs to several users", "addresses belong to several users"),
			twins.lines()+"\n\nThe decision is about the user whom a look-up finds. The others keep their status.\n\nCorrect the address of the others in their identity source."))
	}
	if t.phase == planning && !diags.HasError() {
		diags.Append(t.whoChanges()...)
	}
	return diags
}

func (t telling) placed(verdict access.Verdict, f findings, severity diag.Severity, summary, detail string) diag.Diagnostic {
	var d diag.Diagnostic = diag.NewErrorDiagnostic(summary, detail)
	if severity == diag.SeverityWarning {
		d = diag.NewWarningDiagnostic(summary, detail)
	}
	if at := t.place(verdict, f[0].who); !at.Equal(path.Empty()) {
		d = diag.WithPath(at, d)
	}
	return d
}

// note adds what is to be said of one user.
func (t telling) note(f *findings, d *access.Decision) {
	switch d.Verdict {
	case access.AsWanted, access.Change:
	case access.Reassigned:
		is := "another user"
		if d.Found.User != nil {
			is = "the one with the id " + d.Found.User.ID
		}
		f.addLine(d.Who, "%s: was the user with the id %s, is %s", d.Who, cmp.Or(d.Known.ID, d.ID), is)
	case access.NotPinned:
		f.addLine(d.Who, "%s: the configuration means the user with the id %s, the tenant has the one with the id %s", d.Who, d.Pin, d.ID)
	case access.Pending, access.PendingStood, access.SatisfiedPending:
		f.addLine(d.Who, "%s", pendingDeletion(d.Who.String(), d.User))
	case access.TwoWishes:
		where := "by another resource"
		if d.Other.Here {
			where = "by another row of this map"
		}
		f.addLine(d.Who, "%s: %s here, %s %s, which calls the user %s", d.Who, d.To, d.Other.To, where, d.Other.Who)
	case access.TooMany:
		switch {
		case d.To == "" || d.From == d.To:
			f.addLine(d.Who, "%s: is let go, and keeps %s", d.Who, cmp.Or(d.From, d.Was, "the status"))
		default:
			f.addLine(d.Who, "%s", statusChange(d.Who.String(), d.From, d.To))
		}
	case access.Renamed:
		f.addLine(d.Who, "%s", renamedLine(d))
	case access.Contradicted:
		f.addLine(d.Who, "%s%s", d.Who, shownLine(d))
	case access.NotLookedUp, access.Refused, access.Unanswered, access.SyncDisabled, access.DisableRefused:
		f.addLine(d.Who, "%s to %s: %v", d.Who, cmp.Or(d.To, d.Was, "its status"), d.Err)
	case access.Missing:
		// A plan does not repeat what its refresh has said.
		if t.phase == refreshing {
			t.gone.Store(d.Who.Key(), true)
		}
		if _, told := t.gone.Load(d.Who.Key()); t.phase != planning || !told {
			f.add(d.Who)
		}
	case access.Satisfied:
		if t.phase != planning || !d.InState {
			f.add(d.Who)
		}
	case access.LetGo:
		if !d.Known.Gone {
			f.addLine(d.Who, "%s keeps %s", d.Who, cmp.Or(d.Was, "the status"))
		}
	case access.Spared:
		if d.Other.To != "" {
			f.addLine(d.Who, "%s: wanted %s", d.Who, d.Other.To)
		} else if t.phase == applying {
			f.add(d.Who)
		}
	default:
		f.add(d.Who)
	}
}

// howMuch counts, in an apply for several users, what was not done.
func (t telling) howMuch() diag.Diagnostics {
	failed, made, unsure := 0, 0, 0
	for _, d := range t.batch.Decisions {
		switch {
		case d.Verdict == access.Unanswered:
			unsure++
		case d.Verdict.IsFailure():
			failed++
		case d.Verdict == access.Change:
			made++
		}
	}
	if t.phase != applying || t.single || failed+unsure == 0 {
		return nil
	}
	next := "What failed is in the state as it was before. Plan again: the plan shows the rest."
	if !slices.ContainsFunc(t.batch.Decisions, func(d *access.Decision) bool { return d.InState }) {
		next = "This resource is not in the state yet: a state beside an error would be replaced by the next apply. Plan again: the plan shows the whole map, and a warning names the rest."
	}
	summary := fmt.Sprintf("%d of %d changes were not made", failed, failed+made+unsure)
	switch {
	case failed == 0:
		summary = fmt.Sprintf("%d of %d changes may have been made", unsure, made+unsure)
	case unsure > 0:
		summary += fmt.Sprintf(", %d may have been made", unsure)
	}
	return diag.Diagnostics{diag.NewErrorDiagnostic(summary,
		fmt.Sprintf("%s made and will not be undone. %s", counted(made, "change")+plural(made, " was", " were"), next))}
}

// whoChanges says what the lines of a plan do not: which new users really change,
// and who changes by leaving.
func (t telling) whoChanges() diag.Diagnostics {
	var changing, leaving, lagging, missing findings
	created, asWanted, absent, inState, idle := 0, 0, 0, false, true
	for _, d := range t.batch.Decisions {
		wish := d.Why == access.Wanted
		idle = idle && d.Verdict != access.Change
		switch {
		case wish && d.InState:
			inState = true
			if d.Verdict == access.AsWanted && d.Was != d.To {
				lagging.addLine(d.Who, "%s is %s already", d.Who, d.To)
			}
		case wish:
			created++
			switch {
			case d.Verdict == access.Change:
				changing.addLine(d.Who, "%s", statusChange(d.Who.String(), d.From, d.To))
			case d.Verdict.IsFailure():
				missing.add(d.Who)
			case d.Verdict == access.Satisfied:
				absent++
			default:
				asWanted++
			}
		case d.Verdict == access.Change:
			leaving.addLine(d.Who, "%s", statusChange(d.Who.String(), d.From, d.To))
		}
	}
	var diags diag.Diagnostics
	add := func(verdict access.Verdict, f findings, summary, detail string) {
		diags.Append(t.placed(verdict, f, diag.SeverityWarning, summary, detail))
	}
	if len(leaving) > 0 {
		add(access.LetGo, leaving, leaving.summary("User is disabled by leaving the configuration", "users are disabled by leaving the configuration"),
			leaving.lines()+"\n\n"+t.leavingAttribute()+` = "disable" says so; "retain" would leave the status as it is.`+t.unlessReplaced())
	}
	if len(lagging) > 0 {
		add(access.Change, lagging, lagging.summary("User has changed already; user search lags behind", "users have changed already; user search lags behind"),
			lagging.lines()+"\n\nThe plan shows a change because search still has the old status. Applying it changes nothing here.")
	}
	switch {
	case created == 0 || t.single && len(changing) == 0:
	case t.single:
		add(access.Change, changing, "User changes: "+changing[0].line, "The apply changes the status of this user. Terraform's plan prints the wanted status of a new resource, whether or not the user has it already.")
	default:
		summary, detail := newUsersChange(changing, newUsers{created, asWanted, absent, len(missing), inState, idle})
		add(access.AsWanted, t.firstOf(changing), summary, detail)
	}
	return diags
}

// newUsers counts users who are new to a map.
type newUsers struct {
	all, asWanted, absent, failing int
	// beside is whether the map has others, idle whether nobody changes at all.
	beside, idle bool
}

// newUsersChange counts them by what happens to them.
func newUsersChange(changing findings, n newUsers) (summary, detail string) {
	what := "user"
	if n.beside {
		what = "new user"
	}
	who := counted(n.all, what)
	rest := ""
	if n.asWanted > 0 {
		rest += fmt.Sprintf(" %d %s as wanted.", n.asWanted, plural(n.asWanted, "is", "are"))
	}
	if n.absent > 0 {
		rest += fmt.Sprintf(" %d %s not exist, which satisfies Disabled.", n.absent, plural(n.absent, "does", "do"))
	}
	if n.failing > 0 {
		rest += fmt.Sprintf(" %d cannot be set: see the other %s.", n.failing, plural(n.failing, "message", "messages"))
	}
	nobody := fmt.Sprintf("None of %s changes", who)
	if n.all == 1 {
		nobody = fmt.Sprintf("No %s changes", what)
	}
	switch {
	case len(changing) > 0:
		return fmt.Sprintf("%d of %s %s: %s", len(changing), who, plural(len(changing), "changes", "change"), changing.first()),
			"Terraform prints every new row of the map, whether or not it changes anything. These users change:\n" + changing.lines() +
				fmt.Sprintf("\n\nOf %s, %d %s.", who, len(changing), plural(len(changing), "changes", "change")) + rest
	case n.failing > 0:
		return fmt.Sprintf("%s, and %d cannot be set", nobody, n.failing), "Of " + who + ":" + rest
	case n.absent > 0:
		return nobody, "Of " + who + ":" + rest
	case n.idle:
		return nobody, "Every status is as the configuration wants it. The apply adopts the users and sends nothing."
	}
	return nobody, "The status of each of them is as the configuration wants it: the apply adopts them as they are."
}

// firstOf returns where to place what is said of the whole map.
func (t telling) firstOf(f findings) findings {
	if len(f) > 0 {
		return f
	}
	return findings{{who: t.batch.Decisions[0].Who}}
}

// unlessReplaced is for what may be half of a replacement, which a plan of the destroy
// cannot know.
func (t telling) unlessReplaced() string {
	if t.batch.Decisions[0].Why == access.Destroyed {
		return ""
	}
	return " If this resource is replaced, no user is disabled."
}

func (t telling) leavingAttribute() string {
	if t.single {
		return "on_destroy"
	}
	return "on_removal"
}

func (t telling) missing(f findings) (string, string) {
	if t.phase == refreshing {
		return f.summary("User no longer exists", "users no longer exist"),
			f.listed() + "The state had " + f.pick("this user", "these users") + " and drops " + f.pick("the user", "them") + ". Users are deleted seven days after they are marked, and by the tenant's own clean-up.\n\n" +
				"Remove " + f.pick("the user", "them") + " from the configuration, or set Disabled. With Enabled, plans show the user as new, and the apply fails for that user alone." + t.bringBack()
	}
	detail := f.listed() + fmt.Sprintf("No user of this tenant has %s %s.", f.pick("that", "one of these"), f.pick(kindOf(f[0].who), "names"))
	if t.phase == planning {
		detail += " Unless that has changed by then, the apply fails for " + f.pick("this user", "these users") + ", and for no other."
	}
	detail += "\n\nCorrect the spelling, or remove " + f.pick("the user", "them") + " from the configuration. "
	if t.single && !t.batch.Read.Unsynced {
		return f.summary("User does not exist", "users do not exist"),
			detail + "If the user is in the identity source but was never synchronized, search_unsynced = true lets the look-up synchronize the user first."
	}
	return f.summary("User does not exist", "users do not exist"),
		detail + "A user who is in the identity source but was never synchronized has to be synchronized first" + t.firstSynchronization() + "."
}

func (t telling) satisfied(f findings) (string, string) {
	return f.summary("User does not exist, which satisfies Disabled", "users do not exist, which satisfies Disabled"),
		f.listed() + "Nothing is sent. " + f.pick("The user", "Such users") + " can be removed from the configuration. Check the spelling of a name that is new: a mistyped leaver keeps access."
}

func shownLine(d *access.Decision) string {
	if d.Found.Shown != nil {
		return fmt.Sprintf(": search shows the user with the id %s, %s", d.Found.Shown.ID, cmp.Or(d.Found.Shown.UserStatus, "without a status"))
	}
	return ": search has shown the user with the id " + d.Known.ID
}

func (t telling) contradicted(f findings) (string, string) {
	detail := f.lines() + "\n\nA look-up of the same name finds no user. Search may lag behind a deletion, or the look-up behind a new user: which of the two is right is not known, so nothing is concluded from it."
	if t.phase != refreshing {
		detail += " Nothing is sent for " + f.pick("this user", "these users") + ", and the apply fails for no other."
	}
	return f.summary("Search shows a user whom a look-up does not find", "users are shown by search and not found by a look-up"), detail + "\n\nPlan again later."
}

// renamedLine quotes names that look alike so that they can be told apart.
func renamedLine(d *access.Decision) string {
	user := d.Found.Another
	now := cmp.Or(string(user.EmailAddress), string(user.PrincipalUsername), user.ID)
	if cloudadmin.SameName(now, d.Who.String()) || now == d.Who.String() {
		return fmt.Sprintf("%+q: the answer is about %+q (id %s)", d.Who.String(), now, user.ID)
	}
	return fmt.Sprintf("%s: the user's address is now %s (id %s)", d.Who, now, user.ID)
}

func (t telling) renamed(f findings) (string, string) {
	detail := f.lines() + "\n\nThe look-up answers with a user who does not have the name that was asked for."
	switch t.phase {
	case refreshing:
		return f.summary("User has another address now", "users have other addresses now"),
			detail + " The id is that of the state, so it is still the same user.\n\nCorrect the address in the configuration."
	default:
		return f.summary("Address leads to a user who has another one", "addresses lead to users who have other ones"),
			detail + " Nothing is sent for " + f.pick("this user", "these users") + ", and the apply fails for no other.\n\nMake sure who is meant, and correct the address in the configuration."
	}
}

func (t telling) notLookedUp(f findings) (string, string) {
	return f.summary("Look-up of a user is refused", "look-ups of users are refused"),
		f.lines() + "\n\nThe API does not take the request for " + f.pick("this name", "these names") + " (400). The user may not exist, or the name may not be one that the tenant takes. Nothing is sent, and other users are not affected.\n\nCorrect the name, or remove it from the configuration."
}

func (t telling) reassigned(f findings) (string, string) {
	summary := f.summary("Address belongs to another user now", "addresses belong to other users now")
	if t.phase == refreshing {
		return summary, f.lines() + "\n\nThat can be another person, or the same one deleted and synchronized again. The old user leaves the state and nothing is changed; " +
			"the plan shows the user as new.\n\nApprove that only if the decision in the configuration is meant for the user who has the address now."
	}
	detail := f.lines() + "\n\nThe decision was made for the user whom the state has. Nothing is changed for the one who has the address now. Plan again: the refresh shows the user as new, for you to approve."
	if t.phase == planning && !t.single {
		detail += " If search still shows the old user, wait until it has caught up, or apply read_with = \"lookup\" first, with these rows as they were."
	}
	return summary, detail
}

func (t telling) notPinned(f findings) (string, string) {
	which := "ids"
	if t.single {
		which = "id"
	}
	return f.summary("Address belongs to another user than decided about", "addresses belong to other users than decided about"),
		f.lines() + "\n\nThe decision names the person by " + which + ", and the address leads to somebody else. Nothing is changed.\n\nDecide about the user who has the address now, and correct " + which + "; or remove the user from the configuration."
}

// deletionDelay is how long a marked user can still be undeleted.
const deletionDelay = 7 * 24 * time.Hour

// pendingDeletion says of a marked user what is known. The details are nil when
// the state alone tells of the mark.
func pendingDeletion(who string, details *cloudadmin.User) string {
	text := who + " is marked for deletion"
	if details != nil && details.MarkDeletedBy != "" {
		text += " by " + string(details.MarkDeletedBy)
	}
	when := "seven days after the marking"
	if details != nil {
		if at, ok := details.MarkDeletedAt.Time(); ok {
			text += " since " + at.Format("2006-01-02 15:04 MST")
			when = "on or after " + at.Add(deletionDelay).Format("2006-01-02")
		}
	}
	return text + ", and will be deleted with all of the user's data " + when + "."
}

func (t telling) pending(f findings) (string, string) {
	return t.pendingSince(f, "")
}

// pendingStood is said where a user was marked under a wish that stood: that must not
// stop a review.
func (t telling) pendingStood(f findings) (string, string) {
	if t.phase != planning {
		return t.pending(f)
	}
	return t.pendingSince(f, " The apply fails for "+f.pick("this user", "these users")+", and for no other.")
}

func (t telling) pendingSince(f findings, consequence string) (string, string) {
	detail := f.lines() + "\n\nUntil then the API refuses to enable " + f.pick("the user", "them") + " (409)." + consequence
	return f.summary("User is pending deletion and cannot be enabled", "users are pending deletion and cannot be enabled"),
		detail + "\n\nTo keep " + f.pick("the user", "them") + ", " + t.undelete(f) + ", then plan again.\n" +
			"To let " + f.pick("the user", "them") + " go, set Disabled, or remove " + f.pick("the user", "them") + " from the configuration."
}

func (t telling) satisfiedPending(f findings) (string, string) {
	return f.summary("User is pending deletion", "users are pending deletion"),
		f.lines() + "\n\nThat satisfies Disabled: nothing is sent. Once a user is gone, plans say that the user can be removed from the configuration. If that is not intended, " + t.undelete(f) + "."
}

func (t telling) protected(f findings) (string, string) {
	return f.summary("Protected user would be disabled", "protected users would be disabled"),
		f.listed() + f.pick("This is", "These are") + " among the provider's protected_users, whom nothing may disable: no status, no removal from the configuration, no destroy.\n\n" +
			"Set Enabled, or keep the user in the configuration. If a user may really be disabled, remove the name from protected_users first."
}

func (t telling) guardsNobody(f findings) (string, string) {
	var unknown *access.UnknownProtectedError
	names := "a name"
	for _, d := range t.batch.Decisions {
		if errors.As(d.Err, &unknown) {
			names = bulleted(unknown.Names, listedNames)
			break
		}
	}
	return "protected_users has a name that no user has", names + "\n\nA guard that guards nobody is no guard, so no user is disabled: not " + f.named() + ".\n\n" +
		"Correct the spelling in protected_users. Each entry is the email address or the username of one user."
}

func (t telling) twoWishes(f findings) (string, string) {
	return f.summary("Two decisions want different statuses for a user", "users are wanted in different statuses by two decisions"),
		f.lines() + "\n\nThe last one to be applied would win, and every plan would show a change.\n\nKeep one of the two."
}

func (t telling) keptElsewhere(f findings) (string, string) {
	return f.summary("User would be disabled by leaving, and another resource wants Enabled", "users would be disabled by leaving, and other resources want Enabled"),
		f.listed() + "One resource lets " + f.pick("the user", "these users") + " go with \"disable\" (on_destroy, on_removal), another wants Enabled. The other does not change, or was planned after the first, so an apply could disable " + f.pick("the user", "them") + ".\n\n" +
			"Where a resource was renamed, use a moved block. To let go without disabling, use a removed block with destroy = false, or apply on_destroy or on_removal = \"retain\" first. " +
			"If the first is a deposed object of the same resource, take the resource out of the state (terraform state rm) and apply: the user is adopted again."
}

func (t telling) overtaken(f findings) (string, string) {
	return f.summary("User was disabled by leaving another resource", "users were disabled by leaving other resources"),
		f.listed() + "This apply has disabled " + f.pick("the user", "these users") + " on leaving another resource, before this one, whose values were not known in the plan, could say that it wants Enabled. Terraform takes this resource for unchanged, so nothing more is sent.\n\nApply again at once: the plan shows the change."
}

func (t telling) tooMany(f findings) (string, string) {
	limit, used, _ := t.run.Limit()
	before := ""
	if used > 0 {
		before = fmt.Sprintf(", and %s before in this run", counted(used, "user"))
	}
	return f.summary("max_changes is reached, and a user would change or leave", "users would change or leave, more than max_changes allows"),
		fmt.Sprintf("%s\n\n%s would change or leave%s; the provider's max_changes is %d. Counted is who moves between Enabled and Disabled, and who leaves the configuration, also with \"retain\".",
			f.lines(), counted(len(f), "user"), before, limit) +
			"\n\nIf the configuration lost or shifted rows (a CSV file that was cut off, for example), correct it. If all of this is intended, raise the limit for this run: " +
			"set the variable that max_changes comes from, or IDPLUS_MAX_CHANGES where the configuration does not set it. To forget users without a limit, use a removed block with destroy = false."
}

func (t telling) deleted(f findings) (string, string) {
	return f.summary("User is gone", "users are gone"),
		f.listed() + "The API no longer knows " + f.pick("the user", "the users") + " whom the plan was made for (404), so nothing was changed. Plan again: it shows how things are now."
}

// vanished is said where nobody with the planned id was left to disable: the address
// may lead to somebody else by now.
func (t telling) vanished(f findings) (string, string) {
	return f.summary("User was gone before being disabled", "users were gone before being disabled"),
		f.listed() + f.pick("The user whom the plan was made for no longer exists", "The users whom the plan was made for no longer exist") + " (404), so nothing was changed. " +
			"If somebody else has the address now, nothing was decided about that user: plan again, it shows the user as new."
}

func (t telling) syncDisabled(f findings) (string, string) {
	return f.summary("API refuses to enable a user", "users are not enabled, as the API refuses"),
		f.lines() + "\n\n" + f.pick("The user is", "The users are") + " not pending deletion. A synchronization has probably disabled " + f.pick("the user", "them") + ", because of being disabled in the identity source, missing there, or out of its scope. " +
			"If the status was changed a moment ago, the look-up may not show it yet.\n\n" +
			"Enable " + f.pick("the user", "them") + " in the identity source, " + t.synchronize(f) + ", then apply again."
}

func (t telling) disableRefused(f findings) (string, string) {
	return f.summary("API refuses to disable a user", "users are not disabled, as the API refuses"),
		f.lines() + "\n\nA look-up shows neither a deletion nor the wanted status, so the reason is not known. " + f.pick("The user", "Each of them") + " may still have access.\n\nPlan again. If it comes back, disable " + f.pick("the user", "them") + " in the Cloud Administration Console."
}

// firstErr returns the first error of a verdict.
func (t telling) firstErr(verdict access.Verdict) error {
	for _, d := range t.batch.Decisions {
		if d.Verdict == verdict && d.Err != nil {
			return d.Err
		}
	}
	return nil
}

func (t telling) refused(f findings) (string, string) {
	lead, advice := t.api.explain(t.firstErr(access.Refused))
	return f.summary("Cannot set the status of a user", "statuses cannot be set"), lead + ":\n" + f.lines() + "\n\n" + advice
}

func (t telling) unanswered(f findings) (string, string) {
	detail := f.lines() + "\n\n" + f.pick("The request was sent, and no usable answer came", "The requests were sent, and no usable answers came") + ": whether the status was changed is not known.\n\nPlan again: it shows how things are."
	var refusal *cloudadmin.Error
	if err := t.firstErr(access.Unanswered); errors.As(err, &refusal) {
		_, advice := t.api.explain(err)
		detail += " " + advice
	}
	return f.summary("Change may have been made", "changes may have been made"), detail
}

func (t telling) notTried(f findings) (string, string) {
	return f.summary("Change was not tried", "changes were not tried"),
		f.listed() + "The apply was interrupted, or the tenant refused so much that sending more would not have helped. Nothing was sent for " + f.pick("this user", "these users") + "."
}

func (t telling) spared(f findings) (string, string) {
	return f.summary("User leaves and is not disabled", "users leave and are not disabled"),
		f.listed() + "On leaving, this resource would have let " + f.pick("the user", "these users") + " go or disabled " + f.pick("the user", "them") + ". Another resource, or the other half of a replacement, keeps " + f.pick("the user", "them") + ", so nothing is sent here."
}

func (t telling) letGo(f findings) (string, string) {
	return fmt.Sprintf("%s the configuration and %s: %s", counted(len(f), "user")+f.pick(" leaves", " leave"), f.pick("keeps the status", "keep their status"), f.first()),
		f.lines() + "\n\nTerraform no longer watches " + f.pick("this user", "these users") + ", and nothing is sent." + t.takesNoAccessAway()
}

// takesNoAccessAway is said where somebody who leaves keeps access.
func (t telling) takesNoAccessAway() string {
	if !slices.ContainsFunc(t.batch.Decisions, func(d *access.Decision) bool { return d.Verdict == access.LetGo && d.Was != cloudadmin.Disabled }) {
		return ""
	}
	return " To take access away, set Disabled instead."
}

func twinsLine(d *access.Decision) string {
	text := d.Who.String() + ":"
	for i, twin := range d.Found.Twins {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf(" id %s (%s, %s)", twin.ID, cmp.Or(twin.IdentitySource, "no identity source"), cmp.Or(twin.UserStatus, "no status"))
	}
	return text
}

// notKnownYet says which checks wait for the apply.
func notKnownYet(at path.Path) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(at, "Who changes is known only in the apply",
		"Values here are known only after an apply. Until then the provider cannot tell who changes. protected_users, max_changes, ids, a pending deletion and what other resources want of the same users "+
			"are checked in the apply, before anything is sent, and not in this plan.")
}

// cannotRead words why users could not be read.
func (w words) cannotRead(err error) diag.Diagnostic {
	var failed *snapshot.LookupError
	switch {
	case errors.Is(err, access.ErrWrongTenant):
		return wrongTenant()
	case errors.As(err, &failed):
		return w.api.failed("Cannot look up "+failed.Who.String(), failed.Cause)
	}
	return w.api.failed("Cannot search for users", err)
}

func wrongTenant() diag.Diagnostic {
	return diag.NewErrorDiagnostic("None of the users is known in this tenant", fmt.Sprintf(
		"%d users or more of the state or the configuration were read. The tenant has none of them, or has other people under their addresses. "+
			"That looks like the wrong tenant, or like credentials that may not see these users, and not like drift, so the state is left as it is.\n\n"+
			"Check admin_api_url and the credentials. If these users are really all gone, take them out of the state with a removed block (destroy = false) or `terraform state rm`.", snapshot.Many))
}

// unknownUser words, for a data source, that no user has a name.
func unknownUser(who cloudadmin.Address, unsynced bool) diag.Diagnostic {
	detail := fmt.Sprintf("No user has the %s %q in this tenant.\n\nCheck the spelling, and that admin_api_url is the tenant you mean.", kindOf(who), who)
	if !unsynced {
		detail += " If the user is in the identity source but was never synchronized, search_unsynced = true lets the look-up synchronize the user first."
	}
	return diag.NewErrorDiagnostic("User does not exist: "+who.String(), detail)
}

// searchRefused says that everybody was looked up.
func searchRefused(err error) diag.Diagnostic {
	return diag.NewWarningDiagnostic("User search cannot be used in this tenant", fmt.Sprintf(
		"The API said: %s.\n\nEvery user was looked up instead, which takes a request for each. read_with = \"lookup\" does so without this warning.", err))
}
