// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package simulator is a tenant of RSA ID Plus in memory: the part of its
// Cloud Administration API that concerns a user's status, behind a real HTTP
// server. Tests drive the provider against it, and the program
// idplus-simulator lets people try the provider without a tenant.
//
// It refuses what the API's documentation says is refused. Where nothing is
// documented it takes the stricter reading, unless a comment says otherwise.
//
// # Time
//
// The tenant has a clock, which every answer shows in its header Date. It is
// that of the machine until [Tenant.SetClockOffset] has it go wrong; then what a
// client signs (client assertions and the tokens of legacy API keys) is refused
// as by a tenant whose clock is right and the client's off. [Tenant.Advance] has
// time pass for users and access tokens alone, since clients could not follow.
//
// # Search
//
// Search sees every user at once and completely, until a test has it lag
// ([Tenant.FreezeSearch], [Tenant.LagSearch]), miss users whom look-up finds
// ([Tenant.HideFromSearch]) or leave properties out ([Tenant.OmitFromSearch],
// [Tenant.OmitFromSearchFor]). The Match of a [Fault] can add and delete users
// while somebody reads page by page.
//
// # Temperaments
//
// Where the documentation leaves open what the API does, the tenant does what
// is the most likely, and has a switch for what else may be so. [Temperaments]
// lists the open questions, what the documentation says, and the switches.
//
// # Control surface
//
// Below /simulator the handler answers people and demonstrations. It asks for
// no authentication, which is why [StartAt] listens on loopback only and
// [Tenant.Handler] refuses web pages. Its requests are not counted.
//
//	GET    /simulator/users                              a table of the users
//	POST   /simulator/users?email=ADDRESS                somebody joins, also with identity_source, first_name and last_name
//	POST   /simulator/users/{address}/{change}           change a user, as [UserChanges] says
//	GET    /simulator/temperaments                       the open questions and their switches
//	POST   /simulator/temperaments/{name}?is=ANSWER      throw a switch
//	POST   /simulator/lose-answers?kind=status&instead=cut&times=1  carry requests out and lose the answers
//	GET    /simulator/requests                           how many requests came, by kind
//	DELETE /simulator/requests                           count from 0 again
//	POST   /simulator/clock/advance?by=24h               have time pass for users and access tokens
//
// A change answers with one line that says what is so now.
package simulator
