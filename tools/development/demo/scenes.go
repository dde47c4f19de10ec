// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"strconv"
	"strings"
)

// scene is a part of the demo that can be chosen by its number.
type scene struct {
	title string
	play  func(*stage)
	// opens is whether it has its own stage. Any other scene continues where the previous
	// one ended.
	opens bool

	number int
	// silent is whether it is played only for a later scene.
	silent bool
}

func allScenes() []scene {
	scenes := []scene{
		{title: "A review begins: the roster, and a worksheet for each reviewer", play: makeRoster, opens: true},
		{title: "Reviewers decide, but not about every user: the pull request is not ready", play: openDecisions},
		{title: "A worksheet was cut off on its way: it is refused", play: cutWorksheet},
		{title: "All decisions are there: the pull request is ready to approve", play: readyToApprove},
		{title: "The tenant moves on, and the merge would do more than was approved: it stops", play: stoppedMerge},
		{title: "The merge does what was approved, and verifies it", play: verifiedMerge},
		{title: "Nights later: drift, an exception that has ended, and one that will", play: nights},

		{title: "A small review, an instance for each user: plan and apply", play: firstReview, opens: true},
		{title: "Someone changes a user by hand: drift, and its repair", play: drift},
		{title: "The next review changes two rows, and a user is deleted in the tenant", play: nextReview},
		{title: "A user is pending deletion: the plan reports it before anything is applied", play: pendingDeletion},
		{title: "A user was disabled by a synchronization: the apply says what to do", play: disabledBySynchronization},
		{title: "A broken CSV file: the guard rails", play: guardRails},

		{title: "300 users as one resource: plan and apply", play: firstLargeReview, opens: true},
		{title: "The next review of 300 users: a line for each user who changes", play: nextLargeReview},
		{title: "A bad edit disables half the file: the guard rails", play: largeGuardRails},

		{title: "An existing tenant becomes a review", play: exportTenant, opens: true},
		{title: "An existing tenant, by terraform query", play: queryTenant, opens: true},
	}
	for i := range scenes {
		scenes[i].number = i + 1
	}
	return scenes
}

// choose returns the scenes to play: all, or the chosen one after the scenes that it needs.
func choose(scenes []scene, number string) ([]scene, error) {
	if number == "" {
		return scenes, nil
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(scenes) {
		var list strings.Builder
		for _, s := range scenes {
			fmt.Fprintf(&list, "\n  %2d  %s", s.number, s.title)
		}
		return nil, fmt.Errorf("there is no scene %q. The scenes are:%s", number, list.String())
	}
	first := n - 1
	for !scenes[first].opens {
		first--
	}
	needed := scenes[first:n:n]
	for i := range needed[:len(needed)-1] {
		needed[i].silent = true
	}
	return needed, nil
}
