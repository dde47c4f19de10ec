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
// The tenant has a clock of its own that [Tenant.Advance] moves. Users and
// access tokens age by it. What a client signs itself (client assertions and
// the tokens of legacy API keys) is judged by the machine's clock, since the
// signer cannot know about the other.
//
// # Search
//
// Search sees every user at once and completely, until a test has it lag
// ([Tenant.FreezeSearch]), miss users whom look-up finds
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
//	POST   /simulator/users/{address}/disable            an administrator disables the user
//	POST   /simulator/users/{address}/enable             an administrator enables the user
//	POST   /simulator/users/{address}/mark-deleted       the user is pending deletion
//	POST   /simulator/users/{address}/undelete           and no longer is
//	POST   /simulator/users/{address}/delete             the user is gone
//	POST   /simulator/users/{address}/reassign           the address belongs to a new user
//	POST   /simulator/users/{address}/disable-by-sync    a synchronization disables the user
//	POST   /simulator/users/{address}/restore-in-directory  the next synchronization enables the user
//	POST   /simulator/users/{address}/rename?to=ADDRESS  the user has another address
//	POST   /simulator/users/{address}/alias?as=ADDRESS   look-up finds the user by a further address
//	POST   /simulator/users/{address}/give-address?to=ID the address belongs to the user with that id, perhaps a new one
//	POST   /simulator/users/{address}/add-twin           a second user has the address
//	POST   /simulator/users/{address}/lie-in-search?as=ID  search shows another id
//	GET    /simulator/temperaments                       a table of the open questions and their switches
//	POST   /simulator/temperaments/{name}?is=ANSWER      throw a switch
//	POST   /simulator/lose-answers?kind=status&instead=cut&times=1  carry requests out and lose the answers
//	GET    /simulator/requests                           how many requests came, by kind
//	DELETE /simulator/requests                           start counting anew
//	POST   /simulator/clock/advance?by=24h               move the tenant's clock
//
// A change answers with one line that says what is so now.
package simulator
