// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"time"
)

// identitySource is an identity source to which [SeedUsers] assigns users.
type identitySource struct {
	name, domain string
	scim         bool
}

// identitySources are the first ones; the example's comes first.
var identitySources = []identitySource{
	{name: "Corporate AD", domain: "example.com"},
	{name: "Subsidiary LDAP", domain: "example.org"},
	{name: "Entra ID (SCIM)", domain: "example.com", scim: true},
	{name: "Local", domain: "partner.example"},
}

// UsualSources is how many identity sources [SeedUsers] uses.
const UsualSources = 4

// identitySourceAt returns an identity source by its number, from 0. Those without a name
// here are branches.
func identitySourceAt(number int) identitySource {
	if number < len(identitySources) {
		return identitySources[number]
	}
	return identitySource{
		name:   fmt.Sprintf("Branch %d LDAP", number+1-len(identitySources)),
		domain: fmt.Sprintf("branch%d.example", number+1-len(identitySources)),
	}
}

var (
	firstNames = []string{
		"Aisha", "Bruno", "Chiara", "Daniel", "Eva", "Felix", "Gita", "Hannah", "Ivan", "Julia", "Karim", "Lena", "Mateo", "Nadia", "Oskar", "Priya", "Quentin", "Rosa", "Samir",
		"Tereza", "Umar", "Vera", "Wei",
	}
	lastNames = []string{
		"Almeida", "Berg", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Horvat", "Ivanova", "Jansen", "Kaya", "Lindqvist", "Martin", "Novak", "O'Brien", "Popescu", "Rossi",
		"Silva", "Tanaka", "Urban", "Vargas", "Weber", "Yilmaz",
		"Zhang", "Andersen", "Bianchi", "Chen", "Duarte", "Ek",
	}
	services = []string{"Backup", "Monitoring", "Build", "Scanner", "Mail Relay"}
)

// SeedUsers is [SeedUsersOf] with [UsualSources] identity sources.
func SeedUsers(t *Tenant, n int) { SeedUsersOf(t, n, UsualSources) }

// SeedUsersOf adds n users to the tenant, spread evenly over a number of identity sources,
// so that a review has something to decide. Of 100 users, ten are disabled, two of them by
// a synchronization, and one is pending deletion; ten have not signed in for more than half
// a year, four never have; two are on the list of high-risk users, and three are service
// accounts. Their ids, addresses and names are the same in every tenant.
func SeedUsersOf(t *Tenant, n, sources int) {
	now := t.Now().UTC()
	for i := range n {
		t.AddUser(generatedUser(i, identitySourceAt(i%sources), now))
	}
}

func generatedUser(i int, source identitySource, now time.Time) User {
	email := fmt.Sprintf("user%05d@%s", i+1, source.domain)
	u := User{
		ID:             exampleID(email),
		Email:          email,
		FirstName:      firstNames[i%len(firstNames)],
		LastName:       lastNames[i%len(lastNames)],
		IdentitySource: source.name,
		SCIMManaged:    source.scim,
		Created:        now.AddDate(-1-i%5, -(i % 12), 0),
		LastSync:       now.Add(-6 * time.Hour),
		HighRisk:       i%50 == 12,
	}
	if i%100 == 3 || i%100 == 43 || i%100 == 83 {
		u.FirstName, u.LastName = services[i/20%len(services)], "Service Account"
	}
	switch {
	case i%25 == 7: // never
	case i%10 == 4:
		u.MonthLastAuthenticated = monthsBefore(now, 7+i%14)
	default:
		u.MonthLastAuthenticated = monthsBefore(now, i%3)
	}
	switch i % 100 {
	case 9, 19, 29, 39, 69, 79, 89:
		u.Status = Disabled
	case 49, 98:
		u.DisabledBySync = true
	case 59:
		u.MarkDeleted = true
		u.MarkedDeletedAt = now.AddDate(0, 0, -2)
		u.MarkedDeletedBy = "admin@example.com"
	}
	return u
}

// monthsBefore returns the name of a month, as in "Jun 2025".
func monthsBefore(now time.Time, months int) string {
	return now.AddDate(0, -months, 1-now.Day()).Format("Jan 2006")
}
