// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// BenchmarkMake makes the record of 5,000 users with its page and its JSON. Every
// seventeenth user loses access.
func BenchmarkMake(b *testing.B) {
	s := quarter()
	for i := range 5000 - len(s.roster) {
		id, email := fmt.Sprintf("3f9c2b1e-6d0c-4d7f-8a9b-%012d", i), fmt.Sprintf("user%05d@example.com", i)
		s.roster = append(s.roster, review.User{ID: id, Email: email, Name: "Name of " + id, Status: cloudadmin.Enabled, IdentitySource: "AD"})
		s.tenant = append(s.tenant, review.Person{ID: id, Email: email, IdentitySource: "AD", Status: cloudadmin.Enabled})
		s.decided[email] = kept
		if i%17 == 0 {
			s.decided[email] = "remove,left the project,anna@example.com,2026-11-10,,HR-1"
		}
	}
	files := s.files(b)
	b.ReportAllocs()
	for b.Loop() {
		e, err := Make(files)
		if err != nil {
			b.Fatal(err)
		}
		var json bytes.Buffer
		if err := WriteHTML(io.Discard, e); err != nil {
			b.Fatal(err)
		}
		if err := WriteJSON(&json, e); err != nil || len(e.People) != 5000 || Markdown(e) == "" {
			b.Fatal(err)
		}
	}
}
