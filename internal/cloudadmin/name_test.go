// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

func TestSameName(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, a, b string
		want       bool
	}{
		{"as it is", "ada@example.com", "ada@example.com", true},
		{"case", "Ada@Example.COM", "ada@example.com", true},
		{"case outside ASCII", "ÉLODIE@example.com", "élodie@example.com", true},
		{"composed and decomposed", "jos\u00e9@example.com", "jose\u0301@example.com", true},
		{"decomposed, in capitals", "JOS\u00c9@example.com", "jose\u0301@example.com", true},
		{"Kelvin sign", "\u212aelvin", "kelvin", true},
		{"Ångström sign", "\u212bngström", "ångström", true},
		{"long s", "ada\u017f", "adaS", true},
		{"final sigma", "σας", "ΣΑΣ", true},
		{"İ is not i", "\u0130brahim@example.com", "ibrahim@example.com", false},
		{"İ is not I", "\u0130brahim@example.com", "Ibrahim@example.com", false},
		{"ı is not i", "\u0131brahim@example.com", "ibrahim@example.com", false},
		{"ß is not ss", "straße", "strasse", false},
		{"accents count", "jose@example.com", "josé@example.com", false},
		{"full width is another letter", "ad\uff41", "ada", false},
		{"a Cyrillic а", "\u0430da@example.com", "ada@example.com", false},
		{"a blank", "ada ", "ada", false},
		{"punctuation next to the letters", "[@", "{`", false},
		{"nothing", "", "", true},
		{"nothing and something", "", "a", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if SameName(tc.a, tc.b) != tc.want || SameName(tc.b, tc.a) != tc.want {
				t.Errorf("%+q and %+q: want %t", tc.a, tc.b, tc.want)
			}
			if (Fold(tc.a) == Fold(tc.b)) != tc.want {
				t.Errorf("%+q and %+q fold to %+q and %+q: want the same is %t", tc.a, tc.b, Fold(tc.a), Fold(tc.b), tc.want)
			}
			if (Email(tc.a).Key() == Email(tc.b).Key()) != tc.want {
				t.Errorf("%+q and %+q have the keys %+q and %+q", tc.a, tc.b, Email(tc.a).Key(), Email(tc.b).Key())
			}
		})
	}
}

// Every letter folds with those that strings.EqualFold treats as equal, and with no other.
// No letter beyond those tried has another case.
func TestFoldIsEqualFold(t *testing.T) {
	t.Parallel()
	byFold := map[string]rune{}
	for r := rune(0); r < 0x1f000; r++ {
		letter := norm.NFC.String(string(r))
		folded := Fold(letter)
		if !strings.EqualFold(folded, letter) {
			t.Errorf("%+q folds to %+q, which is another letter", letter, folded)
		}
		if other := unicode.SimpleFold(r); !SameName(string(r), string(other)) && strings.EqualFold(letter, norm.NFC.String(string(other))) {
			t.Errorf("%+q and %+q fold apart", r, other)
		}
		if first, seen := byFold[folded]; !seen {
			byFold[folded] = r
		} else if !strings.EqualFold(letter, norm.NFC.String(string(first))) {
			t.Errorf("%+q and %+q fold together", r, first)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, seed := range [][2]string{
		{"ada@example.com", "ADA@example.com"}, {"jose\u0301", "JOSÉ"}, {"J\u030c", "\u01f0"}, {"α\u0345", "αι"},
		{"\u0130", "i\u0307"}, {"\u212a", "k"}, {"a\xff", "A\xfe"}, {"\ufffd", "\x80"}, {"a\u0323\u0307", "A\u0307\u0323"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		want := strings.EqualFold(norm.NFC.String(a), norm.NFC.String(b))
		if SameName(a, b) != want {
			t.Errorf("%+q and %+q fold to %+q and %+q; want the same is %t", a, b, Fold(a), Fold(b), want)
		}
	})
}

func BenchmarkFold(b *testing.B) {
	for name, text := range map[string]string{"ASCII": "ada.lovelace@example.com", "capitals": "Ada.Lovelace@Example.com", "accents": "josé@example.com"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Fold(text)
			}
		})
	}
}
