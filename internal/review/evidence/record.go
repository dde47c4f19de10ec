// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// record is the evidence while it is made, with all that it is made from.
type record struct {
	Evidence
	files    Files
	settings settings
	manifest *review.Manifest
	rosterAt time.Time
	entries  []review.Entry
	// mistakes are the problems of the worksheets.
	mistakes []string
	// mistaken is the error about them, as Terraform reports it.
	mistaken string
	plan     *plan
	planLog  *runLog
	// appliedAt is when the apply ended.
	appliedAt time.Time
	// tenant is the tenant as the plan read it; nil if a failed plan did not.
	tenant   *accessReview
	verdicts map[string]*verdict // by id
	// byAddress has the verdicts on users of the roster by address, regardless of case.
	byAddress map[string]*verdict
	// ends has the ends of access in the rows of the plan, by id.
	ends      map[string]string
	resources []plannedResource
	// rows has the users of all resources after the plan, by address, regardless of case.
	rows map[string]plannedRow
}

// Make makes the record. It fails if a file cannot be read, or is from another review. A
// problem of the review itself is a point of the record.
func Make(files Files) (*Evidence, error) {
	r := &record{files: files, verdicts: map[string]*verdict{}, byAddress: map[string]*verdict{}, ends: map[string]string{}}
	r.Format = Format
	r.Facts, r.Points, r.People, r.Said, r.Resources = []Fact{}, []Point{}, []Person{}, []Diagnostic{}, []string{}
	r.Inputs = files.inputs()
	for _, step := range []func() error{
		r.readPlan, r.readPlanLog, r.readRoster, r.readWorksheets, r.assemble, r.judge, r.judgeApproved, r.judgeApply, r.judgeVerify,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	r.sortPoints()
	r.sortPeople()
	r.conclude()
	return &r.Evidence, nil
}

func (r *record) readPlan() error {
	var err error
	if r.settings, err = readSettings(r.files); err != nil {
		return err
	}
	r.Title, r.Deadline = r.settings.Title, r.settings.Deadline
	r.Facts = slices.Concat(r.Facts, r.settings.Facts, r.files.Facts)
	r.ProviderVersion = r.files.ProviderVersion
	if r.plan, err = readPlan(r.files.Plan); err != nil {
		return err
	}
	r.Phase, r.PlanFailed = Planned, r.plan.Errored
	if r.files.Nightly {
		r.Phase = Watched
	}
	r.PlannedAt, r.TerraformVersion = r.plan.Timestamp, r.plan.TerraformVersion
	r.ConfigurationSHA256 = r.plan.configurationSum()
	if r.tenant, err = r.plan.accessReview(); err != nil {
		return err
	}
	if r.tenant != nil {
		r.Tenant, r.JoinedUnknown = r.tenant.Tenant, !*r.tenant.Complete
		r.know(r.tenant)
		for _, row := range r.tenant.Rows {
			r.ends[row.ID] = row.Expires
		}
	}
	if r.resources, err = r.plan.resources(); err != nil {
		return err
	}
	for _, resource := range r.resources {
		if resource.changes() {
			r.Resources = append(r.Resources, resource.Address+" ("+resource.action()+")")
		}
	}
	return nil
}

func (r *record) readPlanLog() error {
	if !r.files.PlanLog.given() {
		return nil
	}
	log, err := readLog(r.files.PlanLog, "plan")
	if err != nil {
		return err
	}
	if log.applied || !log.covers(r.plan.at) {
		return log.file.errorf("this is not the log of the plan in %s, which was made at %s: pass what terraform plan -json printed for it", r.plan.file.Name, r.plan.Timestamp)
	}
	if log.cut {
		r.note("plan_log_cut", "The log of the plan is cut off", "Warnings may be missing: the plan was ended while it wrote them.")
	}
	r.Said = append(r.Said, log.said...)
	r.planLog = log
	return nil
}

func (r *record) readRoster() error {
	manifest, err := review.ReadManifest(r.files.Manifest.Data)
	if err != nil {
		return r.files.Manifest.errorf("%w", err)
	}
	roster := r.files.Roster
	if review.SumOf(string(roster.Data)) != manifest.SHA256 {
		return roster.errorf("this is not the roster of %s, since the SHA-256 differs: the file or its line ends were changed. Restore it from version control, or make the roster again", r.files.Manifest.Name)
	}
	r.manifest = manifest
	r.Population = Population{
		Users: manifest.Users, CountedByAPI: manifest.TotalByAPI,
		EmailContains: manifest.Scope.EmailContains, IdentitySources: append([]string{}, manifest.Scope.IdentitySources...),
	}
	r.RosterAt, r.RosterProviderVersion = manifest.ReadAt, manifest.ProviderVersion
	r.Tenant = cmp.Or(r.Tenant, host(manifest.Tenant))
	r.rosterAt, err = time.Parse(time.RFC3339, manifest.ReadAt)
	return err
}

// readWorksheets reads the decisions as of the time of the plan.
func (r *record) readWorksheets() error {
	read, err := review.Read(sheets(r.files.Roster)[0], sheets(r.files.Worksheets...), r.plan.at)
	if read == nil {
		return err
	}
	r.entries = read.Entries
	var problems *review.ProblemsError
	if errors.As(err, &problems) {
		r.mistaken = err.Error()
		for _, problem := range problems.Problems {
			r.mistakes = append(r.mistakes, problem.String())
		}
	}
	if len(r.entries) != r.manifest.Users {
		return r.files.Roster.errorf("%d users are in it, but %d in its manifest: restore both from version control, or make the roster again", len(r.entries), r.manifest.Users)
	}
	return nil
}

// assemble makes a Person for each user of the roster, and for each who joined.
func (r *record) assemble() error {
	inRoster := make(map[string]bool, len(r.entries))
	for i := range r.entries {
		e := &r.entries[i]
		inRoster[e.ID] = true
		p := personOf(e)
		r.found(&p, r.verdicts[e.ID])
		r.People = append(r.People, p)
	}
	for id, v := range r.verdicts {
		if inRoster[id] {
			continue
		}
		p := Person{ID: id, Email: v.Email, Joined: true}
		r.found(&p, v)
		r.People = append(r.People, p)
	}
	r.sortPeople()
	return nil
}

// personOf returns what the files say about a user.
func personOf(e *review.Entry) Person {
	p := Person{
		ID: e.ID, Email: e.Email, Name: e.User.Name, IdentitySource: e.User.IdentitySource,
		LastSignedIn: e.User.LastSignedIn, HighRisk: e.User.HighRisk, RosterStatus: string(e.RosterStatus),
		Decision: e.Decision, Reason: e.Reason, Reviewer: e.Reviewer, DecidedOn: e.DecidedOn,
		Expires: e.Expires, Ended: e.Ended, Ticket: e.Ticket, LastExpires: e.Last.Expires,
	}
	if !p.Decision.IsKnown() {
		p.Decision = review.Undecided // The mistakes contain the word.
	}
	if e.File != "" {
		p.Row = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	return p
}

// found adds what the plan found about a person. From a failed plan it uses only what the
// plan has read.
func (r *record) found(p *Person, v *verdict) {
	if v == nil {
		return
	}
	p.IdentitySource = cmp.Or(v.IdentitySource, p.IdentitySource)
	p.Detail = v.Detail
	if !cloudadmin.SameName(v.Address, p.Email) {
		p.Address = v.Address
	}
	// The status is that of the user who has the address now.
	if v.Outcome != review.AnotherPerson {
		p.Status = string(v.Status)
	}
	if r.PlanFailed && v.Outcome.IsStaying() && v.Outcome != review.Joined {
		p.Detail = ""
		return
	}
	p.Outcome = v.Outcome
	if !r.PlanFailed {
		p.Wanted = string(v.Wanted)
	}
}

func (r *record) sortPeople() {
	slices.SortFunc(r.People, func(a, b Person) int {
		return cmp.Or(cmp.Compare(cloudadmin.Fold(a.Email), cloudadmin.Fold(b.Email)), cmp.Compare(a.ID, b.ID))
	})
}

// conclude sets the answer on the first screen.
func (r *record) conclude() {
	switch stops := r.Stops() > 0; {
	case r.Phase == Watched:
		r.Conclusion = r.concludeNight()
	case stops && r.Phase == Planned:
		r.Conclusion = NotReady
	case stops:
		r.Conclusion = AppliedWithPoints
	case r.Phase == Planned:
		r.Conclusion = ReadyToApprove
	case r.Phase == Applied:
		r.Conclusion = AppliedNotVerified
	default:
		r.Conclusion = AppliedAndVerified
	}
}
