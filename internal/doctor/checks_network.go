// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/console"
)

// reachTime is how long a host has to answer: a firewall that says nothing is to be
// told within seconds.
const reachTime = 6 * time.Second

// checkNetwork asks each host for something, without credentials: what fails here
// has nothing to do with them.
func (x *examination) checkNetwork(ctx context.Context) bool {
	type host struct{ name, url string }
	hosts := []host{{"API host", x.settings.Client.BaseURL.String()}}
	if x.observer.tokenURL != "" {
		hosts = append(hosts, host{"token endpoint", x.observer.tokenURL})
	}
	errs := make([]error, len(hosts))
	answers := make([]exchange, len(hosts))
	var all sync.WaitGroup
	for i, host := range hosts {
		all.Go(func() { answers[i], errs[i] = x.reach(ctx, host.url) })
	}
	all.Wait()

	fine := true
	for i, host := range hosts {
		hostName := ""
		if u, err := url.Parse(host.url); err == nil {
			hostName = u.Host
		}
		if errs[i] != nil {
			fine = false
			x.found(finding{name: host.name, result: failed, said: unreached(errs[i]), advice: x.adviceOnReach(host.url, errs[i]), detail: hostName})
			continue
		}
		x.found(finding{name: host.name, result: ok, said: "answers: " + answers[i].way(), detail: hostName})
	}
	// The API's own clock counts where it is known: what answers for a host may have
	// several.
	for _, e := range answers {
		if !x.skewKnown {
			x.takeClock(e)
		}
	}
	if !fine && x.skewKnown {
		x.checkClock(false)
	}
	return fine
}

// reach sends a GET without credentials. Any answer will do.
func (x *examination) reach(ctx context.Context, to string) (exchange, error) {
	var own observer
	err := cloudadmin.Reach(ctx, tee{x.observer, &own}, to, reachTime)
	return own.last(""), err
}

// unreached says why no answer came, in words that name no host.
func unreached(err error) string {
	var failure *cloudadmin.ConnectionError
	if errors.As(err, &failure) {
		return failure.Kind.String()
	}
	return "it was not asked to the end"
}

// adviceOnReach is the provider's own advice.
func (x *examination) adviceOnReach(to string, err error) string {
	if to == x.observer.tokenURL {
		err = &cloudadmin.SignInError{TokenURL: to, Err: err}
	}
	_, advice := x.explained(err)
	return advice
}

// tee gives the exchange of one request to a second observer: hosts are asked at
// once.
type tee struct{ first, second *observer }

func (t tee) RoundTrip(r *http.Request) (*http.Response, error) {
	*t.second = observer{next: t.first.next, tokenURL: t.first.tokenURL, now: t.first.now, proxy: t.first.proxy}
	answer, err := t.second.RoundTrip(r)
	t.first.keep(t.second.last(""))
	return answer, err
}

// way says how an answer came.
func (e exchange) way() string {
	parts := []string{e.protocol, "no TLS", "no proxy"}
	if e.tls != "" {
		parts[1] = e.tls
	}
	if e.proxied {
		parts[2] = "through a proxy"
	}
	return strings.Join(parts, ", ")
}

// The API allows 60 s to the tokens that a legacy key signs. How much the token
// endpoint allows is not known.
const (
	clockLeeway = time.Minute
	clockNote   = 10 * time.Second
	// clockStep is as exact as dates of whole seconds and an unknown way are.
	clockStep = 5 * time.Second
)

// checkClock says how far the clock is off. Where that is too far for the API's
// documentation, and yet the sign-in worked, it is worth a note. Whether a look-up works
// is not known yet.
func (x *examination) checkClock(works bool) {
	const name = "clock"
	if !x.skewKnown {
		x.note(name, "not compared: the answers have no date", "")
		return
	}
	off := x.clockText()
	x.answer(askLeeway, "cannot be asked; this clock is %s", off)
	said := "this machine's clock is " + off
	switch {
	case x.clockIsOff() && !works:
		x.found(finding{name: name, result: failed, said: said, advice: "Set the clock (NTP). The provider signs with the time in it, and the API takes no more than a minute off."})
	case x.skew.Abs() > clockNote:
		x.note(name, said, "Set the clock (NTP): the provider signs with the time in it, and the API takes no more than a minute off.")
	default:
		x.answer(askLeeway, "cannot be asked; this clock is right")
		x.ok(name, "within %s of the server's", clockNote)
	}
}

// takeClock takes the date of an answer, where it has one, for the server's.
func (x *examination) takeClock(e exchange) {
	if e.hasClock {
		x.skew, x.skewKnown = e.ahead, true
	}
}

// compareClock compares with the date of the API's own answer to a look-up that worked,
// where that says something else than the answers before it.
func (x *examination) compareClock(e exchange) {
	const name = "clock"
	said := x.skew
	if !e.hasClock || x.skewKnown && (e.ahead-said).Abs() <= clockNote {
		return
	}
	x.takeClock(e)
	if x.skew.Abs() <= clockNote {
		x.answer(askLeeway, "cannot be asked; this clock is right")
		x.ok(name, "by the API's own answer, within %s of the server's", clockNote)
		return
	}
	off := x.clockText()
	x.answer(askLeeway, "cannot be asked; by the API's own answer, this clock is %s, and it took the token all the same", off)
	x.note(name, "by the API's own answer, this machine's clock is "+off+"; it took the token all the same", "Set the clock (NTP): the provider signs with the time in it, and the API is said to take no more than a minute off.")
}

// clockText says how far this machine's clock is off.
func (x *examination) clockText() string {
	direction := "ahead of"
	if x.skew < 0 {
		direction = "behind"
	}
	return fmt.Sprintf("%s %s the server's", console.Short(x.skew.Abs().Round(clockStep)), direction)
}

func (x *examination) clockIsOff() bool { return x.skewKnown && x.skew.Abs() > clockLeeway }
