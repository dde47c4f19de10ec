// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// How a diagnostic speaks of many users.

// listedNames is how many users a diagnostic names before it counts the rest.
const listedNames = 20

// bulleted lists names below each other, the first listedNames of them.
func bulleted(names []string) string { return bulletedUpTo(listedNames, names) }

func bulletedUpTo(most int, names []string) string {
	var text strings.Builder
	for i, name := range names {
		if i == most {
			fmt.Fprintf(&text, "\n  and %d more", len(names)-most)
			break
		}
		if i > 0 {
			text.WriteString("\n")
		}
		text.WriteString("  - " + name)
	}
	return text.String()
}

// users counts: "1 user", "2 users".
func users(n int) string {
	if n == 1 {
		return "1 user"
	}
	return fmt.Sprintf("%d users", n)
}

// finding is what is to be said about one user of a map: the map's key, and a
// line in which the user is named. The key is empty for a user who is not in the
// configuration.
type finding struct {
	key, line string
}

// findings are all users about whom the same is to be said.
type findings []finding

func (f *findings) add(key, format string, args ...any) {
	*f = append(*f, finding{key, fmt.Sprintf(format, args...)})
}

func (f findings) lines() string {
	lines := make([]string, len(f))
	for i := range f {
		lines[i] = f[i].line
	}
	return bulleted(lines)
}

// at points at the first user who has a key in the map.
func (f findings) at(attribute path.Path, d diag.Diagnostic) diag.Diagnostic {
	for _, one := range f {
		if one.key != "" {
			return diag.WithPath(attribute.AtMapKey(one.key), d)
		}
	}
	return d
}
