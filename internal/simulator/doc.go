// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package simulator is a tenant of RSA ID Plus in memory: the part of its Cloud
// Administration API that concerns a user's status, behind a real HTTP server. Tests run
// the provider against it, and the program idplus-simulator lets people try the provider
// without a tenant.
//
// It refuses what the API's documentation says is refused. Where nothing is documented, it
// is strict, unless a comment says otherwise.
//
// # Time
//
// The tenant has a clock, which every answer shows in its header Date. It is the machine's
// clock until [Tenant.SetClockOffset] changes it; then what a client signs (client
// assertions and the tokens of legacy API keys) is refused as by a tenant with the right
// time and a client whose clock is off. [Tenant.Advance] moves the time only for users and
// access tokens, because clients could not follow.
//
// # Search
//
// Search shows every user at once and completely, until a test makes it lag
// ([Tenant.FreezeSearch], [Tenant.LagSearch]), miss users that look-up finds
// ([Tenant.HideFromSearch]) or leave properties out ([Tenant.OmitFromSearch],
// [Tenant.OmitFromSearchFor]). The Match of a [Fault] can add and delete users while a
// client reads page by page.
//
// # Temperaments
//
// Where the documentation leaves open what the API does, the tenant does what is most
// likely, and has a switch for the alternatives. [Temperaments] lists the open questions,
// what the documentation says, and the switches.
//
// # Control surface
//
// Below /simulator the handler is for people and demonstrations. It requires no
// authentication, which is why [StartAt] listens on loopback only and [Tenant.Handler]
// refuses web pages. Its requests are not counted.
//
//	GET    /simulator/users                              a table of the users
//	POST   /simulator/users?email=ADDRESS                add a user; identity_source, first_name and last_name are optional
//	POST   /simulator/users/{address}/{change}           change a user; see [UserChanges]
//	GET    /simulator/temperaments                       the open questions and their switches
//	POST   /simulator/temperaments/{name}?is=ANSWER      set a switch
//	POST   /simulator/lose-answers?kind=status&instead=cut&times=1  carry requests out and lose their answers
//	GET    /simulator/requests                           how many requests came, by kind
//	DELETE /simulator/requests                           count from 0 again
//	POST   /simulator/clock/advance?by=24h               let time pass for users and access tokens
//
// A change answers with one line that describes the result.
package simulator
