// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package evidence makes the record of an access review: the decisions with reviewer and
// reason, what Terraform planned and applied, and what stops it. It uses no network and no
// clock, so that the same files give the same record.
package evidence

import "github.com/idplus-community/terraform-provider-idplus/internal/review"

// Format is the version of evidence.json.
const Format = 1

// Phase is how far a review has come.
type Phase string

// The phases, which follow from the given files.
const (
	Planned  Phase = "planned"
	Applied  Phase = "applied"
	Verified Phase = "verified"
	// Watched is a plan of a review that was applied before, and needs no approval.
	Watched Phase = "watched"
)

// Conclusion is the answer on the first screen.
type Conclusion string

// The conclusions.
const (
	NotReady           Conclusion = "Not ready"
	ReadyToApprove     Conclusion = "Ready to approve"
	AppliedNotVerified Conclusion = "Applied, not verified"
	AppliedWithPoints  Conclusion = "Applied, with open points"
	AppliedAndVerified Conclusion = "Applied and verified"

	AsReviewed        Conclusion = "As reviewed"
	DiffersFromReview Conclusion = "Differs from the review"
	NotKnown          Conclusion = "Not known"
)

// Evidence is the record. Its JSON is evidence.json, whose schema is
// evidence.schema.json. Times are as the files have them, in RFC 3339.
type Evidence struct {
	Format     int        `json:"format"`
	Title      string     `json:"title"`
	Phase      Phase      `json:"phase"`
	Conclusion Conclusion `json:"conclusion"`
	// PlanFailed reports whether the plan has errors: then it is not known who changes.
	PlanFailed bool `json:"plan_failed"`
	// JoinedUnknown reports whether the plan did not see all users of the tenant, so it is not
	// known who joined. JoinedAfterUnknown is the same for the plan after the apply.
	JoinedUnknown      bool `json:"joined_unknown,omitempty"`
	JoinedAfterUnknown bool `json:"joined_after_unknown,omitempty"`

	Tenant           string `json:"tenant,omitempty"`
	RosterAt         string `json:"roster_at"`
	Deadline         string `json:"deadline,omitempty"`
	PlannedAt        string `json:"planned_at"`
	AppliedAt        string `json:"applied_at,omitempty"`
	VerifiedAt       string `json:"verified_at,omitempty"`
	TerraformVersion string `json:"terraform_version"`
	// ProviderVersion is the version of the program that made the record,
	// RosterProviderVersion of the one that made the roster.
	ProviderVersion       string `json:"provider_version,omitempty"`
	RosterProviderVersion string `json:"roster_provider_version,omitempty"`
	// ConfigurationSHA256 is the sum of the configuration and the variables of the plan.
	ConfigurationSHA256 string `json:"configuration_sha256"`
	// Resources are the addresses of the resources that the plan would act on.
	Resources []string `json:"resources"`
	// Population describes the users of the roster.
	Population Population `json:"population"`
	// Facts are what review.json and the pipeline add: commit, pull request, who approved.
	// Nothing checks them.
	Facts []Fact `json:"facts"`

	// Points are for a person to check; those that stop the review come first.
	Points []Point  `json:"points"`
	People []Person `json:"people"`
	// Said are errors and warnings from the logs of plan and apply.
	Said   []Diagnostic `json:"diagnostics"`
	Inputs []Input      `json:"inputs"`
}

// Population describes the users of a roster, from its manifest.
type Population struct {
	// Users is the number of users in the roster. CountedByAPI is how many users with
	// EmailContains in their address the tenant counts.
	Users         int    `json:"users"`
	CountedByAPI  int    `json:"counted_by_api"`
	EmailContains string `json:"email_contains"`
	// IdentitySources are the only ones in the roster; none for all.
	IdentitySources []string `json:"identity_sources"`
}

// Fact is a line at the head of the page.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Point is something for a person to check.
type Point struct {
	// Kind is a name for programs, such as undecided, drift or exception_ends_soon.
	Kind string `json:"kind"`
	// Stops reports whether it stops the review: -gate exits with 1.
	Stops bool   `json:"stops"`
	Title string `json:"title"`
	Text  string `json:"text,omitempty"`
	// Who are addresses, with details of each.
	Who []string `json:"who,omitempty"`
}

// Person is one user of the roster or of the tenant.
type Person struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	// Address is the current address, if it differs from the roster.
	Address        string `json:"address,omitempty"`
	Name           string `json:"-"`
	IdentitySource string `json:"identity_source,omitempty"`
	LastSignedIn   string `json:"last_signed_in,omitempty"`
	HighRisk       bool   `json:"high_risk,omitempty"`

	// Joined reports whether the user is not in the roster.
	Joined bool `json:"joined,omitempty"`
	// RosterStatus, Status, Wanted and StatusAfter are the status in the roster, when
	// planned, to be set, and when verified.
	RosterStatus string `json:"roster_status,omitempty"`
	Status       string `json:"status,omitempty"`
	Wanted       string `json:"wanted,omitempty"`
	StatusAfter  string `json:"status_after,omitempty"`
	// Drift is how others changed the status between the last apply and the plan.
	Drift string `json:"drift,omitempty"`
	// Since is how others changed the user between plan and verification.
	Since string `json:"since,omitempty"`

	Decision  review.Decision `json:"decision"`
	Reason    string          `json:"reason,omitempty"`
	Reviewer  string          `json:"reviewer,omitempty"`
	DecidedOn string          `json:"decided_on,omitempty"`
	Expires   string          `json:"expires,omitempty"`
	Ended     bool            `json:"ended,omitempty"`
	// LastExpires is the end of access by the last review, as the worksheet shows it.
	LastExpires string `json:"last_expires,omitempty"`
	Ticket      string `json:"ticket,omitempty"`
	// Row is the file and the line of the decision.
	Row string `json:"row,omitempty"`

	// Outcome is empty if it is not known, because the plan failed.
	Outcome review.Outcome `json:"outcome,omitempty"`
	Detail  string         `json:"detail,omitempty"`
}

// Changes reports whether the plan changes the person's status.
func (p *Person) Changes() bool { return p.Outcome == review.Loses || p.Outcome == review.Gains }

// Diagnostic is an error or a warning of Terraform or the provider.
type Diagnostic struct {
	Severity string `json:"severity"`
	Summary  string `json:"summary"`
	Detail   string `json:"detail,omitempty"`
	// During is plan or apply.
	During string `json:"during"`
}

// Input is a file that the record is based on.
type Input struct {
	Role   string `json:"role"`
	Name   string `json:"name"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Passes reports whether the next step may follow: no point stops the review, and a nightly
// plan has found nothing to act on.
func (e *Evidence) Passes() bool {
	return e.Stops() == 0 && e.Conclusion != DiffersFromReview && e.Conclusion != NotKnown
}

// Stops returns the number of points that stop the review.
func (e *Evidence) Stops() int {
	n := 0
	for _, p := range e.Points {
		if p.Stops {
			n++
		}
	}
	return n
}
