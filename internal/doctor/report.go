// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"encoding/json"
	"fmt"
	"runtime"
	"strings"
	"time"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/phrase"
)

// document is the JSON. Its names stay as they are; new ones may be added.
type document struct {
	// Schema is the version of this format.
	Schema   int    `json:"schema"`
	Version  string `json:"version"`
	Platform string `json:"platform"`
	ExitCode int    `json:"exit_code"`
	// Meaning is what the exit code means.
	Meaning   string             `json:"meaning"`
	Checks    []documentCheck    `json:"checks"`
	Facts     []documentFact     `json:"facts"`
	Questions []documentQuestion `json:"questions"`
}

type documentCheck struct {
	Name   string `json:"name"`
	Result result `json:"result"`
	Text   string `json:"text"`
	Advice string `json:"advice,omitempty"`
}

type documentFact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type documentQuestion struct {
	ID       question `json:"id"`
	Question string   `json:"question"`
	Answer   string   `json:"answer"`
}

// document returns what may be published.
func (x *examination) document() document {
	x.concludeTraffic()
	clean := x.private.clean
	d := document{
		Schema: 1, Version: x.command.Version, Platform: runtime.GOOS + "/" + runtime.GOARCH,
		ExitCode: x.exitCode(), Meaning: meanings[x.exitCode()],
	}
	for _, f := range x.findings {
		d.Checks = append(d.Checks, documentCheck{f.name, f.result, clean(f.text), clean(f.advice)})
	}
	for _, fact := range x.facts() {
		d.Facts = append(d.Facts, documentFact{fact.Name, clean(fact.Value)})
	}
	for _, q := range questionTable {
		answer := q.otherwise
		found, is := x.answers[q.id]
		switch why := x.interrupted(); {
		case is:
			answer = found
		case why != "" && (answer == unknown || answer == needsWrite && x.options.write != ""):
			answer = "not known: " + why
		}
		d.Questions = append(d.Questions, documentQuestion{q.id, q.text, clean(answer)})
	}
	return d
}

var meanings = map[int]string{
	ExitFine:        "nothing stops the provider",
	ExitStopped:     "something stops the provider, or not everything was checked",
	ExitLeftChanged: "a user of -write could not be set back",
}

// facts are further useful facts about a tenant.
func (x *examination) facts() []documentFact {
	facts := []documentFact{{"way to sign in", x.signIn()}}
	if x.observer == nil {
		return facts
	}
	// What a look-up comes by, or else the hosts, whichever of them answers.
	for _, e := range append(x.observer.all(lookup), x.observer.all(reach)...) {
		if e.status != 0 {
			facts = append(facts, documentFact{"connection", e.way()})
			break
		}
	}
	if times := x.latencies(); len(times) > 0 {
		facts = append(facts, documentFact{"latency", latencyText(times)})
	}
	if granted := x.observer.last(token).body.granted; granted != nil && granted.expiresIn > 0 {
		facts = append(facts, documentFact{"life of a token", phrase.Duration(time.Duration(granted.expiresIn) * time.Second)})
	}
	for _, e := range x.observer.all(lookup) {
		if e.status == 200 {
			facts = append(facts, documentFact{"a look-up has", propertyNames(e.body.names)})
			break
		}
	}
	var pages []shape
	for _, e := range x.observer.all(search) {
		if e.status == 200 {
			pages = append(pages, e.body)
		}
	}
	if names := properties(pages); len(names) > 0 {
		facts = append(facts, documentFact{"an element of a search has", propertyNames(names)})
	}
	return facts
}

func (x *examination) signIn() string {
	switch x.settings.Client.Credentials.(type) {
	case cloudadmin.OAuthClient:
		return "OAuth client"
	case *cloudadmin.APIKey:
		return "legacy API key"
	case cloudadmin.AccessToken:
		return "bearer token"
	}
	return "none"
}

// report returns the document for an issue.
func (x *examination) report() string {
	d := x.document()
	var text strings.Builder
	fmt.Fprintf(&text, "terraform-provider-idplus %s, %s, doctor: exit code %d, %s\n", d.Version, d.Platform, d.ExitCode, d.Meaning)
	for _, fact := range d.Facts {
		fmt.Fprintf(&text, "%s: %s\n", fact.Name, fact.Value)
	}
	text.WriteString("\nChecks\n")
	for _, check := range d.Checks {
		mark, _ := check.Result.mark()
		fmt.Fprintf(&text, "%s %s: %s\n", mark, check.Name, check.Text)
	}
	text.WriteString("\nOpen questions\n")
	left := 0
	for _, q := range d.Questions {
		if _, answered := x.answers[q.ID]; !answered && !x.reached {
			left++
			continue
		}
		fmt.Fprintf(&text, "%s: %s\n", q.Question, q.Answer)
	}
	if left > 0 {
		fmt.Fprintf(&text, "the other %d: not known, since the API was not reached\n", left)
	}
	return text.String()
}

func (x *examination) json() []byte {
	text, err := json.MarshalIndent(x.document(), "", "  ")
	if err != nil {
		return []byte("{}\n") // Texts and numbers can always be encoded.
	}
	return append(text, '\n')
}
