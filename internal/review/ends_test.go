// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package review

import (
	"testing"
	"time"
)

func TestAColumnThatMeansAnEndIsRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"endDate", "EndDate", "enddate", "ENDDATE", "End-Date", "end_date", "End", "ends", "Ending", "ends on", "End of access", "access ends", "AccessEnd", "accessends", "contract end",
		"AccountExpirationDate", "accountexpirationdate", "Expiry", "Expiry date", "EXPIRATION", "expire", "expired", "expires at", "ExpiresOn", "passwordexpiry",
		"valid_until", "validUntil", "Valid", "valid to", "validTo", "valid thru", "VALID THROUGH", "validity", "good through", "active to", "until", "access until", "bis until", "till", "thru",
		"termination date", "TerminationDate", "terminationdate", "Terminates", "last day", "Last working day", "lastDay", "last date", "final day",
		"leaving date", "Leave date", "exit date", "departure date", "offboarding on", "revoke on", "deactivation date", "disable after", "stop", "stop date", "closing date", "due", "due date", "deadline", "sunset",
		"exipres", "expries", "Expirse", "exprires", "epxires", "expirs", "ex-pires", "access exipres", "exp", "Exp.", "exp date", "EXP_DATE", "notAfter", "Not after", "term date", "TermDate", "remove on", "removeDate", "time limit", "limited to", "TTL", "cut-off", //nolint:misspell // what people write, in their languages
		"gültig bis", "Gueltig bis", "GÜLTIG_BIS", "gultig-bis", "befristet bis", "Befristung", "Bis", "Vertragsende", "Ablaufdatum", "Ende", "läuft ab", "laeuft ab am", "Austritt", "Austrittsdatum", "letzter Arbeitstag",
		"date de fin", "Date fin", "échéance", "Echeance", "date d’échéance", "jusqu'au", "valable jusqu'au", "date de départ", "dernier jour",
		"fecha de fin", "fecha_fin", "válido hasta", "valido hasta", "Hasta", "vencimiento", "caduca", "data de fim", "válido até", "validade", "término", "data di fine", "scadenza", "fino al", "ultimo giorno", //nolint:misspell // what people write, in their languages
		"einddatum", "geldig tot", "vervaldatum", "uit dienst", "slutdatum", "giltig till", "giltig t.o.m.", "sista dag", "slutdato", "gyldig til", "udløber", "ważne do", "data końca", "data zakonczenia", "termin ważności",
		"päättyy", "platnost do", "bitiş tarihi", "действует до", "срок действия", "有効期限", "終了日", "利用期限", "退職日", "有效期至", "到期日", "截止日期", "만료일",
	} {
		want := "line 1: the column \"" + name + "\" must be called expires: an end of access that is not read would never take effect. If the column means something else, rename or remove it"
		if _, err := Statuses("email,status,"+name+"\nada@example.com,Enabled,2026-12-31\n", lateOn31December); err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAColumnForPeopleIsNotRefused(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"End customer", "weekend", "week end", "front end", "Backend", "attended", "Attend date", "validated by", "Validation", "friend", "vendor", "calendar", "Gender", "legend", "trend",
		"last sign-in date", "Last login date", "last name", "lastname", "removed by", "closed by", "exit interview", "to", "reports to", "note", "Termination reason",
		"Bismarck", "team", "exponent", "expert", "experts", "export", "Exports", "express", "Expenses", "experience", "years exp", "explorer", "exposes", "entries", "example", "essence", "term", "terms", "terminal", "remove reason", "removed", "time", "time zone", "limit",
		"Termin", "Frau", "Fine", "Finance", "fin", "tot", "Total", "Ablauf", "Kundenname", "Abteilung", "Département", "Profesor", "Legende", "Spender", "frisch", "状态", "部署", "姓名", "이름", //nolint:misspell // what people write, in their languages
	} {
		if _, err := Statuses("email,status,"+name+"\nada@example.com,Enabled,see below\n", lateOn31December); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnUnknownColumnOfDatesIsRefused(t *testing.T) {
	t.Parallel()
	const want = `line 1: the column "Ablauf" contains only dates. If they are ends of access, call it expires; if not, remove it: an end that is not read would never take effect`
	for _, date := range []string{
		"2026-12-31", "2026/12/31", "2026.12.31", "2026-1-5", "20261231", "31.12.2026", "31. 12. 2026", "12/31/2026", "31/12/2026", "31-12-2026", "1/5/26", "31.12.26",
		"31-Dec-26", "31-Dec-2026", "31 December 2026", "31st December 2026", "December 31, 2026", "Dec. 31 2026", "Dec 31st, 2026", "31dec2026", "2026-Dec-31",
		"Thu, 31 Dec 2026", "Thursday, December 31, 2026", "Do. 31.12.2026", "31. Dezember 2026", "31 décembre 2026", "31 de diciembre de 2026", "Sept 4, 2026",
		"2026-12-31T18:00:00Z", "2026-12-31T18:00:00+01:00", "2026-12-31 18:00", "2026-12-31 18:00:00.000", "12/31/2026 6:00 PM", "31.12.2026, 18:00", "31 Dec 2026 at 18:00 CET", "2026-12-31 18:00:00 +0000 UTC",
		"2026-12", "12/2026", "Dec 2026", "December 2026", "'26-12-31",
	} {
		csv := "email,status,Ablauf\nada@example.com,Enabled,\nben@example.com,Enabled,\"" + date + "\"\ncarla@example.com,Enabled,-\ndmitri@example.com,Enabled,Never\n"
		if _, err := Statuses(csv, lateOn31December); err == nil || err.Error() != want {
			t.Errorf("%s: %v", date, err)
		}
	}
	for _, cell := range []string{"", "never", "-", "2026", "12", "46387", "10.0.0.1", "+41 44 123 45 67", "4711-0815-2026", "A-12-2026x", "12 apples", "Team 4", "31.13.2026", "32/32/2026", "3.14", "1,5", "18:00", "Main Street 12"} {
		csv := "email,status,Ablauf\nada@example.com,Enabled,\nben@example.com,Enabled,\"" + cell + "\"\n"
		if _, err := Statuses(csv, lateOn31December); err != nil {
			t.Errorf("%q: %v", cell, err)
		}
	}
	if _, err := Statuses("email,status,Ablauf\nada@example.com,Enabled,2026-12-31\nben@example.com,Enabled,as agreed\n", lateOn31December); err != nil {
		t.Errorf("dates among words: %v", err)
	}
}

func TestEnded(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		expires     string
		ended, fail bool
	}{
		{"", false, false},
		{"2026-12-30", true, false},
		{"2026-12-31", false, false},
		{"2026-12-31T01:00:00+01:00", true, false},
		{"2026-12-31T00:00:01Z", false, false},
		{"never", false, true},
		{" ", false, true},
		{"2026-12-3", false, true},
		{"2026-02-29", false, true},
		{"30.12.2026", false, true},
		{"2026-12-31 18:00", false, true},
		{"46387", false, true},
	} {
		if ended, err := Ended(tc.expires, at); ended != tc.ended || (err != nil) != tc.fail {
			t.Errorf("%q: %v, %v", tc.expires, ended, err)
		}
	}
}
