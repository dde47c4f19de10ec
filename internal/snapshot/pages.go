// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package snapshot

import (
	"context"
	"errors"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// pageOf is one page of a search.
type pageOf struct {
	emailContains string
	number        int
}

// pageRead is such a page, read or on its way.
type pageRead struct {
	done chan struct{} // closed when the rest is set
	page *cloudadmin.SearchPage
	err  error
	asOf int // changes, when it was asked for
}

// searchPage reads a page of a search once for all who want it during a run, until
// somebody is changed. Anew reads it again in any case.
func (r *Reader) searchPage(ctx context.Context, of pageOf, anew bool) (page *cloudadmin.SearchPage, asOf int, err error) {
	for {
		r.mu.Lock()
		read := r.pages[of]
		if read == nil || anew || read.asOf != r.changes {
			read = &pageRead{done: make(chan struct{}), asOf: r.changes}
			r.pages[of] = read
			r.mu.Unlock()
			read.page, read.err = r.users.Search(ctx, of.emailContains, of.number)
			if read.err != nil {
				r.forgetPage(of, read)
			}
			close(read.done)
			return read.page, read.asOf, read.err
		}
		r.mu.Unlock()
		select {
		case <-read.done:
		case <-ctx.Done():
			return nil, 0, context.Cause(ctx)
		}
		if !errors.Is(read.err, context.Canceled) && !errors.Is(read.err, context.DeadlineExceeded) {
			return read.page, read.asOf, read.err
		}
		// Whoever read it does not want it any more.
	}
}

func (r *Reader) forgetPage(of pageOf, read *pageRead) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pages[of] == read {
		delete(r.pages, of)
	}
}
