// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import "errors"

// ErrNobody is the answer where not one of many addresses exists: that looks
// like the wrong tenant, or like a permission that is missing.
var ErrNobody = errors.New("none of the addresses exists in the tenant")

// FewestForNobody is from how many addresses on ErrNobody is given.
const FewestForNobody = 10

// sample is some of those whom search did not find, from all over the list, and
// everybody in whose domain it did not look.
func (r *Reader) sample(emails []string) (sample []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var notFound []string
	for _, email := range emails {
		if r.domains[domainOf(email)].probed {
			notFound = append(notFound, email)
		} else {
			sample = append(sample, email)
		}
	}
	taken := min(FewestForNobody, len(notFound))
	for i := range taken {
		sample = append(sample, notFound[i*len(notFound)/taken])
	}
	return sample
}

// allMissing holds when no look-up has found any of them.
func (r *Reader) allMissing(emails []string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, email := range emails {
		if r.judged[Key(email)].user != nil {
			return false
		}
	}
	return true
}
