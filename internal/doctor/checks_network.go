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
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// reachTime is how long a host may take to answer: a firewall that drops packets is to be
// reported within seconds.
const reachTime = 6 * time.Second

// checkNetwork sends a request without credentials to each host: a failure here has nothing
// to do with the credentials.
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
			x.found(finding{name: host.name, result: failed, text: unreached(errs[i]), advice: x.adviceOnReach(host.url, errs[i]), detail: hostName})
			continue
		}
		x.found(finding{name: host.name, result: ok, text: "answers: " + answers[i].way(), detail: hostName})
	}
	// The API's own clock counts if it is known: several servers, each with a clock, may
	// answer for a host.
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

// unreached returns why there was no answer, in words that name no host.
func unreached(err error) string {
	var failure *cloudadmin.ConnectionError
	if errors.As(err, &failure) {
		return failure.Kind.String()
	}
	return "the check did not finish"
}

// adviceOnReach returns the provider's own advice.
func (x *examination) adviceOnReach(to string, err error) string {
	if to == x.observer.tokenURL {
		err = &cloudadmin.SignInError{TokenURL: to, Err: err}
	}
	_, advice := x.explained(err)
	return advice
}

// tee sends the exchange of one request to a second observer, because hosts are asked at
// the same time.
type tee struct{ first, second *observer }

func (t tee) RoundTrip(r *http.Request) (*http.Response, error) {
	*t.second = observer{next: t.first.next, tokenURL: t.first.tokenURL, now: t.first.now, proxy: t.first.proxy}
	answer, err := t.second.RoundTrip(r)
	t.first.keep(t.second.last(""))
	return answer, err
}

// way returns how an answer came.
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

// The API allows 60 s for tokens signed by a legacy key. How much the token endpoint allows
// is not known.
const (
	clockLeeway = time.Minute
	clockNote   = 10 * time.Second
	// clockStep is the precision that dates of whole seconds and an unknown delay allow.
	clockStep = 5 * time.Second
)

// checkClock reports how far the clock is off. If it is off by more than the API's
// documentation allows although the sign-in worked, that is a note. Whether a look-up works
// is not known yet.
func (x *examination) checkClock(works bool) {
	const name = "clock"
	if !x.skewKnown {
		x.note(name, "not compared: the answers have no date", "")
		return
	}
	off := x.clockText()
	x.answer(askLeeway, "cannot be tested; this clock is %s", off)
	text := "this machine's clock is " + off
	switch {
	case x.clockIsOff() && !works:
		x.found(finding{name: name, result: failed, text: text, advice: "Set the clock (NTP). The provider signs the current time, and the API accepts at most one minute of difference."})
	case x.skew.Abs() > clockNote:
		x.note(name, text, "Set the clock (NTP): the provider signs the current time, and the API accepts at most one minute of difference.")
	default:
		x.answer(askLeeway, "cannot be tested; this clock is right")
		x.ok(name, "within %s of the server's", clockNote)
	}
}

// takeClock takes the date of an answer, if it has one, as the server's.
func (x *examination) takeClock(e exchange) {
	if e.hasClock {
		x.skew, x.skewKnown = e.ahead, true
	}
}

// compareClock uses the date of the API's own answer to a look-up that worked, if it
// contradicts the answers before it.
func (x *examination) compareClock(e exchange) {
	const name = "clock"
	before := x.skew
	if !e.hasClock || x.skewKnown && (e.ahead-before).Abs() <= clockNote {
		return
	}
	x.takeClock(e)
	if x.skew.Abs() <= clockNote {
		x.answer(askLeeway, "cannot be tested; this clock is right")
		x.ok(name, "by the API's own answer, within %s of the server's", clockNote)
		return
	}
	off := x.clockText()
	x.answer(askLeeway, "cannot be tested; by the API's own answer, this clock is %s, but the API accepted the token", off)
	x.note(name, "by the API's own answer, this machine's clock is "+off+"; the API accepted the token nevertheless", "Set the clock (NTP): the provider signs the current time, and the API's documentation allows at most one minute of difference.")
}

// clockText returns how far this machine's clock is off.
func (x *examination) clockText() string {
	direction := "ahead of"
	if x.skew < 0 {
		direction = "behind"
	}
	return fmt.Sprintf("%s %s the server's", phrase.Duration(x.skew.Abs().Round(clockStep)), direction)
}

func (x *examination) clockIsOff() bool { return x.skewKnown && x.skew.Abs() > clockLeeway }
