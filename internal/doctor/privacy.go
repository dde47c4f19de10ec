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
)

const removed = "[removed]"

// secrets is what must not be printed anywhere, not even in pieces. The texts that
// are printed never repeat a secret on purpose: this is for a key that stands where
// an error repeats what it found.
type secrets struct{ pieces map[string]bool }

// pieceLength is how much of a secret tells something.
const pieceLength = 6

var (
	longRun  = regexp.MustCompile(`[\w+/=.-]{16,}`)
	anyRun   = regexp.MustCompile(`[\w+/=.-]{6,}`)
	onlyWord = regexp.MustCompile(`^([a-z_.-]+|[A-Z_.-]+)$`)
)

// secretsOf collects what is secret in the environment: keys and tokens, the files
// that hold them, and whatever looks like one in a variable of the provider that
// should hold something else.
func secretsOf(e environment) *secrets {
	s := &secrets{map[string]bool{}}
	for name, value := range e.values {
		if !strings.HasPrefix(strings.ToUpper(name), prefix) {
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

// isPath reports whether a value may be the name of a file, and no key in its place.
func isPath(value string) bool {
	_, err := os.Stat(value)
	return err == nil || len(value) < 200 && strings.ContainsAny(value, "/\\.") && !strings.ContainsAny(value, "{}\n") && !strings.HasPrefix(value, "eyJ")
}

func isURL(value string) bool {
	u, err := url.Parse(strings.TrimSpace(value))
	return err == nil && u.User == nil && u.RawQuery == "" && u.Host != "" && !longRun.MatchString(strings.ReplaceAll(u.Path, "/", " "))
}

// add takes the long runs of a secret. Of a JSON key file the URL is no secret.
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

// clean takes each run out that shares a piece with a secret.
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

// writer cleans what is written. Each Write has to be of whole words.
func (s *secrets) writer(to io.Writer) io.Writer { return cleaningWriter{s, to} }

type cleaningWriter struct {
	secrets *secrets
	to      io.Writer
}

func (w cleaningWriter) Write(text []byte) (int, error) {
	_, err := io.WriteString(w.to, w.secrets.clean(string(text)))
	return len(text), err
}

// A text has what came from the tenant or the environment between two marks, so that
// nothing is taken out of our own words: what is missing there would be known.
const (
	opening = "\x0e"
	closing = "\x0f"
)

var foreignText = regexp.MustCompile(opening + "([^" + closing + "]*)" + closing)

// foreign is a text of the tenant or of the environment in a text of ours.
func foreign(text string) string { return opening + plain(text) + closing }

// plain is a text without the marks.
func plain(text string) string { return strings.NewReplacer(opening, "", closing, "").Replace(text) }

// private is what a report and the JSON must not hold: whoever was seen, and where.
// Their texts are made without it; this is the second lock.
type private struct {
	texts []string
	// any finds each of the texts; nil since one was added.
	any *regexp.Regexp
}

// keep keeps texts. A short one may be a word of ours.
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

// keepURL keeps the host of a URL, and the name of the tenant in it.
func (p *private) keepURL(u *url.URL) {
	tenant, _, _ := strings.Cut(u.Hostname(), ".")
	p.keep(u.String(), u.Host, u.Hostname(), tenant)
}

// clean takes out each foreign text that has something of what is kept, whatever its
// case.
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
