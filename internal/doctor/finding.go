// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import "fmt"

// result is the result of a check.
type result string

const (
	// ok is as it should be.
	ok result = "ok"
	// failed stops the provider.
	failed result = "failed"
	// skipped could not be asked, or was not requested.
	skipped result = "skipped"
	// note does not stop the provider, but is worth a look.
	note result = "note"
)

// finding is what a check found. All its texts but detail go into the JSON: they consist of
// our own words, numbers, HTTP statuses and the API's property names.
type finding struct {
	name   string
	result result
	text   string
	// advice is what to do; empty if there is nothing to do.
	advice string
	// detail is only for the terminal: it may name hosts, files and the given address.
	detail string
}

// found keeps a finding and prints it.
func (x *examination) found(f finding) {
	if why := x.interrupted(); why != "" && f.name != "write" && f.result != ok {
		f = finding{name: f.name, result: skipped, text: why} // A canceled request proves nothing.
	}
	x.findings = append(x.findings, f)
	x.out.finding(f)
}

func (x *examination) ok(name, format string, args ...any) {
	x.found(finding{name: name, result: ok, text: fmt.Sprintf(format, args...)})
}

func (x *examination) skip(name, why string) {
	x.found(finding{name: name, result: skipped, text: why})
}

func (x *examination) note(name, text, advice string) {
	x.found(finding{name: name, result: note, text: text, advice: advice})
}
