// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package doctor

import (
	"encoding/json"
	"io"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/settings"
)

const removed = "[removed]"

// secrets is what must not be printed anywhere, not even in parts. The printed texts never
// repeat a secret on purpose: this is for a key in a place where an error repeats what it
// found.
type secrets struct{ pieces map[string]bool }

// pieceLength is the length from which a part of a secret reveals something.
const pieceLength = 6

var (
	longRun  = regexp.MustCompile(`[\w+/=.-]{16,}`)
	anyRun   = regexp.MustCompile(`[\w+/=.-]{6,}`)
	onlyWord = regexp.MustCompile(`^([a-z_.-]+|[A-Z_.-]+)$`)
)

// secretsOf collects the secrets in the environment: keys and tokens, the files that
// contain them, and whatever looks like a secret in a variable of the provider for
// something else.
func secretsOf(e environment) *secrets {
	s := &secrets{map[string]bool{}}
	for name, value := range e.values {
		if !strings.HasPrefix(strings.ToUpper(name), settings.VariablePrefix) {
			continue
		}
		switch {
		case isSecret(name):
			s.add(value)
		case strings.HasSuffix(name, "_FILE"):
			if isPath(value) {
				if content, err := os.ReadFile(value); err == nil {
					s.add(string(content))
				}
			} else {
				s.add(value)
			}
		case strings.Contains(name, "_URL") && isURL(value), e.isProper(name):
		default:
			s.add(value)
		}
	}
	return s
}

func isSecret(name string) bool {
	for _, secret := range []string{"IDPLUS_API_KEY", "IDPLUS_ACCESS_TOKEN", "IDPLUS_OAUTH_PRIVATE_KEY"} {
		if strings.EqualFold(name, secret) {
			return true
		}
	}
	return false
}

// isPath reports whether a value may be the name of a file, and not a key in its place.
func isPath(value string) bool {
	_, err := os.Stat(value)
	return err == nil || len(value) < 200 && strings.ContainsAny(value, "/\\.") && !strings.ContainsAny(value, "{}\n") && !strings.HasPrefix(value, "eyJ")
}

func isURL(value string) bool {
	u, err := url.Parse(strings.TrimSpace(value))
	return err == nil && u.User == nil && u.RawQuery == "" && u.Host != "" && !longRun.MatchString(strings.ReplaceAll(u.Path, "/", " "))
}

// add adds the long runs of a secret. The URL in a JSON key file is not secret.
func (s *secrets) add(text string) {
	var file map[string]any
	if json.Unmarshal([]byte(text), &file) == nil {
		for name, value := range file {
			if member, is := value.(string); is && name != "adminRestApiUrl" && name != "customerName" && name != "description" {
				s.addRuns(member)
			}
		}
		return
	}
	s.addRuns(text)
}

func (s *secrets) addRuns(text string) {
	for _, run := range longRun.FindAllString(text, -1) {
		for i := 0; i+pieceLength <= len(run); i++ {
			if piece := run[i : i+pieceLength]; !onlyWord.MatchString(piece) {
				s.pieces[piece] = true
			}
		}
	}
}

// clean removes each run that shares a part with a secret.
func (s *secrets) clean(text string) string {
	if len(s.pieces) == 0 {
		return text
	}
	return anyRun.ReplaceAllStringFunc(text, func(run string) string {
		for i := 0; i+pieceLength <= len(run); i++ {
			if s.pieces[run[i:i+pieceLength]] {
				return removed
			}
		}
		return run
	})
}

// writer cleans what is written. Each Write must consist of whole words.
func (s *secrets) writer(to io.Writer) io.Writer { return cleaningWriter{s, to} }

type cleaningWriter struct {
	secrets *secrets
	to      io.Writer
}

func (w cleaningWriter) Write(text []byte) (int, error) {
	_, err := io.WriteString(w.to, w.secrets.clean(string(text)))
	return len(text), err
}

// A text has foreign parts, from the tenant or the environment, between two marks, so that
// nothing is removed from our own words: what is missing there would be known.
const (
	opening = "\x0e"
	closing = "\x0f"
)

var foreignText = regexp.MustCompile(opening + "([^" + closing + "]*)" + closing)

// foreign marks a text from the tenant or the environment within a text of ours.
func foreign(text string) string { return opening + plain(text) + closing }

// plain returns a text without the marks.
func plain(text string) string { return strings.NewReplacer(opening, "", closing, "").Replace(text) }

// private is what a report and the JSON must not contain: people and hosts. Their texts are
// made without them; this is the second lock.
type private struct {
	texts []string
	// any finds each of the texts; nil since one was added.
	any *regexp.Regexp
}

// keep adds texts. A short one may be a word of ours.
func (p *private) keep(texts ...string) {
	for _, text := range texts {
		if len(text) >= pieceLength && !slices.Contains(p.texts, text) {
			p.texts, p.any = append(p.texts, text), nil
		}
		if local, domain, is := strings.Cut(text, "@"); is {
			p.keep(local, domain)
		}
	}
}

// keepURL adds the host of a URL, and the name of the tenant in it.
func (p *private) keepURL(u *url.URL) {
	tenant, _, _ := strings.Cut(u.Hostname(), ".")
	p.keep(u.String(), u.Host, u.Hostname(), tenant)
}

// clean removes each foreign text that contains anything that is kept, whatever its case.
func (p *private) clean(text string) string {
	if len(p.texts) == 0 {
		return plain(text)
	}
	if p.any == nil {
		longestFirst := slices.SortedFunc(slices.Values(p.texts), func(a, b string) int { return len(b) - len(a) })
		for i, kept := range longestFirst {
			longestFirst[i] = regexp.QuoteMeta(kept)
		}
		p.any = regexp.MustCompile("(?i)" + strings.Join(longestFirst, "|"))
	}
	return plain(foreignText.ReplaceAllStringFunc(text, func(found string) string {
		if p.any.MatchString(found) {
			return removed
		}
		return found
	}))
}
