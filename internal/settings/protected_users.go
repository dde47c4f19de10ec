// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package settings

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/idplus-community/terraform-provider-idplus/internal/address"
	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
)

// protectedUsers reads the protected users. It refuses names that no user can have: such an
// entry would protect no user, and nothing would show it.
func (r *reader) protectedUsers(ctx context.Context, model Model) []string {
	at := path.Root("protected_users")
	var entries []string
	source := setting{source: at.String(), at: at}
	if model.ProtectedUsers.IsNull() || model.ProtectedUsers.IsUnknown() {
		source = r.given(at, model.ProtectedUsers)
		if !source.isSet() {
			return nil
		}
		var problem string
		if entries, problem = splitEntries(source.value); problem != "" {
			r.problem(source, "%s", problem)
			return nil
		}
	} else {
		var elements []types.String
		r.diags.Append(model.ProtectedUsers.ElementsAs(ctx, &elements, false)...)
		for _, element := range elements {
			if element.IsUnknown() {
				r.unknown(at)
				return nil
			}
			entries = append(entries, element.ValueString())
		}
	}
	for _, entry := range entries {
		source.value = entry
		problem := misplaced(source, entry)
		if cloudadmin.KindOf(entry) == cloudadmin.Random && address.EmailProblem(entry) != "" {
			problem = looksLike(cloudadmin.Random)
		}
		if problem != "" {
			r.problem(source, "one entry is wrong: %s", problem)
			return nil
		}
		if problem := entryProblem(entry); problem != "" {
			r.problem(source, "%s %s. Each entry is an email address or a username of one user", shown(entry, "an entry"), problem)
		}
	}
	return entries
}

// splitEntries splits the text of a variable at commas and white space.
func splitEntries(text string) (entries []string, problem string) {
	for piece := range strings.SplitSeq(text, ",") {
		fields := strings.Fields(piece)
		if len(fields) == 0 {
			return nil, "it has an empty entry: there is nothing before or after a comma"
		}
		entries = append(entries, fields...)
	}
	switch {
	case strings.HasPrefix(text, "["):
		return nil, "it is in brackets: write the entries without brackets and quotes, separated by commas"
	case len(entries) > 1 && address.QuoteProblem(text) != "" && address.QuoteProblem(entries[0]) != inQuotes:
		return nil, "the list " + address.QuoteProblem(text)
	}
	return entries, ""
}

// inQuotes is what address.QuoteProblem returns for a text in quotes.
var inQuotes = address.QuoteProblem("''")

// entryProblem returns what is wrong with an entry, or an empty text. A username need not
// look like an address, but has no characters of a list, a template or a pattern.
func entryProblem(entry string) string {
	if problem := address.UsernameProblem(entry); problem != "" {
		return problem
	}
	if problem := address.QuoteProblem(entry); problem != "" {
		return problem
	}
	if i := strings.IndexAny(entry, "()[]{}<>,;"); i >= 0 {
		return fmt.Sprintf("has %c in it", entry[i])
	}
	switch {
	case strings.Contains(entry, "*"):
		return "has * in it, and there are no wildcards"
	case strings.ContainsFunc(entry, unicode.IsSpace):
		return "has white space in it"
	case strings.ContainsAny(entry, "＠﹫"):
		return "has a full-width @ in it"
	case strings.Contains(entry, "@"):
		return address.EmailProblem(entry)
	}
	return ""
}
