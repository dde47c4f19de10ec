// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import "fmt"

// result is how a check came out.
type result string

const (
	// ok is as it should be.
	ok result = "ok"
	// failed stops the provider.
	failed result = "failed"
	// skipped could not be asked, or was not asked for.
	skipped result = "skipped"
	// note does not stop the provider, and is worth a look.
	note result = "note"
)

// finding is what a check found. Its texts but detail go into the JSON: they are
// made of our own words, numbers, HTTP statuses and the API's property names.
type finding struct {
	name   string
	result result
	said   string
	// advice is what to do; empty where there is nothing to do.
	advice string
	// detail is for the terminal alone: it may name hosts, files and the address that
	// was given.
	detail string
}

// found keeps a finding and prints it.
func (x *examination) found(f finding) {
	if why := x.interrupted(); why != "" && f.name != "write" && f.result != ok {
		f = finding{name: f.name, result: skipped, said: why} // A request that was given up says nothing.
	}
	x.findings = append(x.findings, f)
	x.out.finding(f)
}

func (x *examination) ok(name, format string, args ...any) {
	x.found(finding{name: name, result: ok, said: fmt.Sprintf(format, args...)})
}

func (x *examination) skip(name, why string) {
	x.found(finding{name: name, result: skipped, said: why})
}

func (x *examination) note(name, said, advice string) {
	x.found(finding{name: name, result: note, said: said, advice: advice})
}
