// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// longestLag is how long a change is waited for, and lagStep how often it is looked
// for.
const (
	longestLag = 10 * time.Second
	lagStep    = 500 * time.Millisecond
)

const atOnce = "at once"

// measureLag asks look-up and search until both show a change, or for longestLag.
func (x *examination) measureLag(ctx context.Context, user *cloudadmin.User, want cloudadmin.Status) {
	x.say("waits until look-up and search show it, %s at most", longestLag)
	email := cloudadmin.Email(string(user.EmailAddress))
	begin := x.command.now()
	answers := map[question]string{}
	note := func(q question, shows bool) {
		if _, done := answers[q]; shows && !done {
			after := x.command.now().Sub(begin).Round(lagStep)
			answers[q] = "after " + after.String()
			if after < lagStep {
				answers[q] = atOnce
			}
		}
	}
	for len(answers) < 2 {
		found, err := x.find(ctx, email)
		note(askLookupLag, err == nil && found.ID == user.ID && found.UserStatus == want)
		shown, err := x.shown(ctx, user)
		note(askSearchLag, err == nil && shown != nil && shown.UserStatus == want)
		if x.command.now().Sub(begin) >= longestLag || len(answers) < 2 && x.command.wait(ctx, lagStep) != nil {
			break
		}
	}
	for _, q := range []question{askLookupLag, askSearchLag} {
		if answers[q] == "" {
			answers[q] = "not within " + longestLag.String()
			if ctx.Err() != nil {
				answers[q] = "not known: interrupted"
			}
		}
		x.answer(q, "%s", answers[q])
	}
}
