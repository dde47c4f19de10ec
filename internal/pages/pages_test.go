// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

// Package pages_test checks what users read: every block of the Markdown pages and every
// example is parsed, checked against the schemas, and run where it can run. A new block
// needs no entry anywhere.
//
// Slow tests run only if CI is set: plans of the configurations, and the shell blocks.
package pages_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

const root = "../.."

// everything reports whether slow tests run, too.
func everything() bool { return os.Getenv("CI") != "" }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// page is a Markdown page.
type page struct {
	name     string // path in the repository
	source   []byte
	document ast.Node
	blocks   []block
}

// block is a fenced block of a page, or the content of an example's file.
type block struct {
	file     string // of the page or the example: path in the repository
	line     int    // of its first line
	language string // as the fence says
	section  string // the heading of level 2 above it
	text     string
}

// readPages returns all pages, the upper folders first.
var readPages = sync.OnceValues(func() ([]*page, error) {
	names, err := repositoryFiles(".md", ".", "docs", "examples")
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(names, func(a, b string) int { return strings.Count(a, "/") - strings.Count(b, "/") })
	var pages []*page
	for _, name := range names {
		source, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return nil, err
		}
		pages = append(pages, newPage(name, source))
	}
	return pages, nil
})

func allPages(t *testing.T) []*page {
	t.Helper()
	pages, err := readPages()
	must(t, err)
	return pages
}

// repositoryFiles returns the files of folders with this suffix. In the root, it leaves
// out folders.
func repositoryFiles(suffix string, folders ...string) ([]string, error) {
	var names []string
	for _, folder := range folders {
		err := fs.WalkDir(os.DirFS(root), folder, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && (entry.Name() == ".terraform" || folder == "." && name != "."):
				return fs.SkipDir
			case !entry.IsDir() && strings.HasSuffix(name, suffix):
				names = append(names, name)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}

func newPage(name string, source []byte) *page {
	p := &page{name: name, source: source}
	// The front matter of pages for the Registry is not Markdown.
	body := slices.Clone(source)
	if rest, is := strings.CutPrefix(string(source), "---\n"); is {
		if end := strings.Index(rest, "\n---\n"); end >= 0 {
			for i := range body[:end+len("---\n\n---\n")] {
				if body[i] != '\n' {
					body[i] = ' '
				}
			}
		}
	}
	p.source = body
	p.document = goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(body))
	section := ""
	p.walk(func(node ast.Node) {
		switch node := node.(type) {
		case *ast.Heading:
			if node.Level <= 2 {
				section = p.textOf(node)
			}
		case *ast.FencedCodeBlock:
			b := block{file: name, section: section, language: string(node.Language(body))}
			var content strings.Builder
			for i := range node.Lines().Len() {
				line := node.Lines().At(i)
				if i == 0 {
					b.line = 1 + strings.Count(string(body[:line.Start]), "\n")
				}
				content.Write(line.Value(body))
			}
			b.text = content.String()
			p.blocks = append(p.blocks, b)
		}
	})
	return p
}

func (p *page) walk(visit func(ast.Node)) {
	_ = ast.Walk(p.document, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			visit(node)
		}
		return ast.WalkContinue, nil
	})
}

// textOf returns the text of a node without its markup.
func (p *page) textOf(node ast.Node) string {
	var content strings.Builder
	_ = ast.Walk(node, func(node ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch node := node.(type) {
			case *ast.Text:
				content.Write(node.Value(p.source))
			case *ast.String:
				content.Write(node.Value)
			}
		}
		return ast.WalkContinue, nil
	})
	return content.String()
}

func (p *page) folder() string { return path.Dir(p.name) }

// where names a block in messages and lists: by its page, and its line there.
func (b block) where() string {
	if path.Ext(b.file) != ".md" {
		return b.file
	}
	return fmt.Sprintf("%s:%d", b.file, b.line)
}
