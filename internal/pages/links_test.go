// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package pages_test

import (
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

// ownRepository is how absolute links reach a file of this repository.
var ownRepository = regexp.MustCompile(`^https://(?:github\.com/idplus-community/terraform-provider-idplus/(?:blob|tree|raw)/main|raw\.githubusercontent\.com/idplus-community/terraform-provider-idplus/main)/(.*)$`)

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	pages := allPages(t)
	anchors := map[string]map[string]bool{}
	for _, p := range pages {
		anchors[p.name] = p.anchors()
	}
	for _, p := range pages {
		for _, link := range p.links() {
			if problem := linkProblem(p, link, anchors); problem != "" {
				t.Errorf("%s links to %s: %s", p.name, link, problem)
			}
		}
	}
}

// linkProblem returns what is wrong with a link, as GitHub and the Registry resolve it, or
// an empty text.
func linkProblem(from *page, link string, anchors map[string]map[string]bool) string {
	parsed, err := url.Parse(link)
	if err != nil {
		return "it is not a URL"
	}
	target := path.Join(from.folder(), parsed.Path)
	switch {
	case ownRepository.MatchString(link):
		own, _ := url.Parse(ownRepository.FindStringSubmatch(link)[1])
		target = own.Path
	case parsed.IsAbs() || parsed.Host != "":
		if parsed.Scheme != "https" || parsed.Host == "" {
			return "write https://"
		}
		return ""
	case parsed.Path == "":
		target = from.name
	case strings.HasPrefix(from.name, "docs/") && (!strings.HasPrefix(target, "docs/") || !strings.HasSuffix(target, ".md")):
		// The Registry has only the pages of docs/, and strips .md from links to them.
		return "the Registry has no such page; link to https://github.com/…/blob/main/…, or to a page with .md"
	case strings.HasPrefix(parsed.Path, "/"):
		return "on GitHub this is the root of the site; write the path from the page's folder"
	}
	if _, err := os.Stat(filepath.Join(root, target)); err != nil {
		return "there is no such file"
	}
	known, isPage := anchors[target]
	if parsed.Fragment != "" && isPage && !known[parsed.Fragment] {
		return "the page has no heading with this anchor"
	}
	return ""
}

// links returns the destinations of links and images, also of those in HTML.
func (p *page) links() []string {
	var links []string
	p.walk(func(node ast.Node) {
		switch node := node.(type) {
		case *ast.Link:
			links = append(links, string(node.Destination))
		case *ast.Image:
			links = append(links, string(node.Destination))
		case *ast.AutoLink:
			links = append(links, string(node.URL(p.source)))
		}
	})
	return append(links, p.attributes("href", "src")...)
}

// attributes returns the values of attributes in the page's HTML.
func (p *page) attributes(names ...string) []string {
	var values []string
	p.walk(func(node ast.Node) {
		var source strings.Builder
		switch node := node.(type) {
		case *ast.RawHTML:
			source.Write(node.Segments.Value(p.source))
		case *ast.HTMLBlock:
			source.Write(node.Lines().Value(p.source))
		default:
			return
		}
		tokens := html.NewTokenizer(strings.NewReader(source.String()))
		for tokens.Next() != html.ErrorToken {
			for _, attribute := range tokens.Token().Attr {
				for _, name := range names {
					if attribute.Key == name {
						values = append(values, attribute.Val)
					}
				}
			}
		}
	})
	return values
}

// anchors returns the anchors of a page: of its headings, and those written as HTML.
func (p *page) anchors() map[string]bool {
	anchors := map[string]bool{}
	p.walk(func(node ast.Node) {
		heading, is := node.(*ast.Heading)
		if !is {
			return
		}
		anchor := slug(p.textOf(heading))
		for n := 1; anchors[anchor]; n++ {
			anchor = slug(p.textOf(heading)) + "-" + strconv.Itoa(n)
		}
		anchors[anchor] = true
	})
	for _, id := range p.attributes("id", "name") {
		anchors[id] = true
	}
	return anchors
}

// slug returns the anchor that GitHub gives a heading: in lower case, without
// punctuation, and with hyphens for spaces.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r):
			return unicode.ToLower(r)
		default:
			return -1
		}
	}, strings.TrimSpace(heading))
}

func TestLinkProblems(t *testing.T) {
	t.Parallel()
	guide := newPage("docs/guides/authentication.md", []byte("---\npage_title: x\n---\n# A `-write` flag\n## Twice\n## Twice\n<a id=\"old\"></a>\n"))
	readme := newPage("README.md", []byte("# Here\n"))
	anchors := map[string]map[string]bool{guide.name: guide.anchors(), readme.name: readme.anchors()}
	for _, test := range []struct {
		name string
		from *page
		link string
		fine bool
	}{
		{"a page beside it", guide, "doctor.md", true},
		{"a page without its ending", guide, "doctor", false},
		{"a file outside the Registry", guide, "../../README.md", false},
		{"the same file on GitHub", guide, "https://github.com/idplus-community/terraform-provider-idplus/blob/main/README.md", true},
		{"a file that GitHub does not have", guide, "https://github.com/idplus-community/terraform-provider-idplus/blob/main/missing.md", false},
		{"a heading with code and punctuation", guide, "#a--write-flag", true},
		{"the second of two equal headings", readme, "docs/guides/authentication.md#twice-1", true},
		{"a third that is not there", readme, "docs/guides/authentication.md#twice-2", false},
		{"an anchor in HTML", guide, "#old", true},
		{"a folder", readme, "examples/small-review", true},
		{"a path from the root", readme, "/docs/index.md", false},
		{"plain HTTP", readme, "http://example.com", false},
		{"another site", readme, "https://example.com/x#y", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if problem := linkProblem(test.from, test.link, anchors); (problem == "") != test.fine {
				t.Errorf("linkProblem(%s) = %q", test.link, problem)
			}
		})
	}
}
