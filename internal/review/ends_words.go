// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"regexp"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/idplus-community/terraform-provider-idplus/internal/spelling"
)

// endPhrases are names for the end of access, in addition to the English words of ends.go.
// They are found as whole words anywhere in a name, regardless of accents. Words that
// often have another meaning are left out: Ablauf, fin, fine, tot, termine.
var endPhrases = sync.OnceValue(func() []string {
	return phrasesOf(
		// English
		"not after", "time limit", "time limited", "limited to", "ttl", "cut off", "end of life", "finish date", "retirement date", "remove on", "remove date", "remove after", "remove by", "term date", "term on",
		// German
		"bis", "befristet", "befristung", "ende", "enddatum", "endtermin", "endet", "vertragsende", "zugriffsende", "zugangsende", "projektende",
		"ablaufdatum", "ablauftag", "ablauftermin", "ablaufzeit", "läuft ab", "austritt", "austrittsdatum", "austrittstermin", "ausscheiden", "kündigungsdatum", "gültigkeit",
		"gültigkeitsdauer", "verfallsdatum", "verfällt", "letzter tag", "letzter arbeitstag", "frist",
		// French
		"date de fin", "date fin", "fin de", "fin d", "date d échéance", "échéance", "expire", "jusqu", "jusque", "valable jusqu", "date limite", "date de sortie",
		"date de départ", "dernier jour", "validité", "se termine",
		// Spanish
		"fecha de fin", "fecha fin", "fecha final", "fecha límite", "fecha de término", "fecha de baja", "fecha de salida", "hasta", "vencimiento", "vence", "caducidad", "caduca", "validez", "último día",
		// Portuguese
		"data de fim", "data do fim", "data fim", "data final", "data limite", "data de término", "data de saída", "até", "vencimento", "validade", "término", "expira", "último dia", //nolint:misspell // what people write, in their languages
		// Italian
		"data di fine", "data fine", "fine contratto", "fine accesso", "fine validità", "scadenza", "scade", "fino al", "fino a", "valido fino", "validità", "data di uscita", "data termine", "cessazione", "ultimo giorno",
		// Dutch
		"einddatum", "einde", "eindigt", "geldig tot", "geldig t m", "tot en met", "geldigheid", "vervaldatum", "vervalt", "verloopt", "verloopdatum", "afloopdatum", "uit dienst", "laatste dag", "laatste werkdag",
		// Swedish, Danish and Norwegian
		"slutdatum", "slutar", "giltig till", "giltig t o m", "giltighet", "till och med", "utgår", "utgångsdatum", "förfallodatum", "upphör", "sista dag", "sista dagen",
		"slutdato", "sluttdato", "gyldig til", "gyldighed", "udløb", "udløber", "udløbsdato", "utløper", "utløpsdato", "siste dag", "sidste dag",
		// Polish
		"data końca", "data zakończenia", "koniec", "ważne do", "ważny do", "ważna do", "ważność", "data ważności", "termin ważności", "wygasa", "data wygaśnięcia", "ostatni dzień",
		// Finnish, Czech and Turkish
		"päättyy", "päättymispäivä", "voimassa", "platnost do", "platnost", "datum ukončení", "konec", "bitiş tarihi", "geçerlilik",
		// Russian and Ukrainian
		"действует до", "действителен до", "срок", "срок действия", "дата окончания", "истекает", "дата увольнения", "дійсний до", "термін дії", "дата закінчення",
	)
})

// endSigns are the same in languages without spaces between words.
var endSigns = regexp.MustCompile(`期限|終了|満了|失効|退職|期日|まで|有效期|到期|截止|结束|結束|终止|終止|失效|过期|過期|离职|離職|만료|종료|유효기간|퇴사|까지`)

// isEndInAnyLanguage reports whether the words of a name contain one of the phrases.
func isEndInAnyLanguage(words []string) bool {
	name := plainWords(words)
	for _, phrase := range endPhrases() {
		if strings.Contains(name, phrase) {
			return true
		}
	}
	return endSigns.MatchString(strings.Join(words, ""))
}

func phrasesOf(phrases ...string) []string {
	plain := make([]string, len(phrases))
	for i, phrase := range phrases {
		plain[i] = plainWords(strings.Fields(phrase))
	}
	return plain
}

// umlauts are often written with two letters.
var umlauts = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u")

// plainWords returns words without accents, each between spaces.
func plainWords(words []string) string {
	bare := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(" "+strings.Join(words, " ")+" "))
	return umlauts.Replace(strings.ToLower(bare))
}

// otherWords match words within two slips of expires that have a meaning of their own.
var otherWords = regexp.MustCompile(`^(experts|exports|express|explores?|exposes|empires?|exiles)$`)

// isSlipOfExpires reports whether a word is the name of the column with up to two typing
// errors.
func isSlipOfExpires(word string) bool {
	return strings.HasPrefix(word, "e") && !otherWords.MatchString(word) && spelling.Slips(word, columnExpires, 2) <= 2
}
