// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package cloudadmin_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idplus-community/terraform-provider-idplus/internal/cloudadmin"
	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

func TestLookup(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		who     cloudadmin.Address
		options cloudadmin.LookupOptions
		body    string
		found   string // an email address; empty: not found
	}{
		{"email", cloudadmin.Email(adaEmail), cloudadmin.LookupOptions{}, `{"email":"ada@example.com"}`, adaEmail},
		{"email in another case", cloudadmin.Email("Ada@Example.COM"), cloudadmin.LookupOptions{}, `{"email":"Ada@Example.COM"}`, adaEmail},
		{"username", cloudadmin.Username("ada"), cloudadmin.LookupOptions{}, `{"username":"ada"}`, adaEmail},
		{"a username is no email", cloudadmin.Email("ada"), cloudadmin.LookupOptions{}, `{"email":"ada"}`, ""},
		{"quotes", cloudadmin.Username(`a"b\`), cloudadmin.LookupOptions{}, `{"username":"a\"b\\"}`, ""},
		{"nobody", cloudadmin.Email("nobody@example.com"), cloudadmin.LookupOptions{}, `{"email":"nobody@example.com"}`, ""},
		{"unsynched, pure read", cloudadmin.Email("eve@example.com"), cloudadmin.LookupOptions{}, `{"email":"eve@example.com"}`, ""},
		{"unsynched", cloudadmin.Email("eve@example.com"), cloudadmin.LookupOptions{SearchUnsynched: true}, `{"email":"eve@example.com","searchUnsynched":true}`, "eve@example.com"},
		{"unsynched by username", cloudadmin.Username("eve"), cloudadmin.LookupOptions{SearchUnsynched: true}, `{"searchUnsynched":true,"username":"eve"}`, "eve@example.com"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tenant, client := newTenantClient(t)
			tenant.AddDirectoryUser(simulator.User{Email: "eve@example.com", Username: "eve"})
			user, err := client.Users.Lookup(t.Context(), tc.who, tc.options)
			switch {
			case tc.found == "":
				if !cloudadmin.IsNotFound(err) {
					t.Errorf("got %v, %v; want not found", user, err)
				}
			case err != nil:
				t.Error(err)
			default:
				stored, _ := tenant.User(tc.found)
				got := [4]string{user.ID, string(user.EmailAddress), string(user.PrincipalUsername), string(user.UserStatus)}
				if want := [4]string{stored.ID, stored.Email, stored.Username, stored.Status}; got != want {
					t.Errorf("got %v, want %v", got, want)
				}
			}
			requests := tenant.Requests()
			if len(requests) != 1 || requests[0].Kind != simulator.KindLookup || requests[0].Body != tc.body {
				t.Errorf("requests: %+v, want one look-up with %s", requests, tc.body)
			}
		})
	}
}

// documented is the body in RSA's documentation, with the further properties that were seen.
const documented = `{"id": "6d0d6f2e-6a3f-4b53-9b5e-0a8a4c1f0c11", "emailAddress": "ada@example.com", "firstName": "Ada", "lastName": "Example",
 "creationDate": "2024-11-28T04:12:06.000Z", "identitySource": "Corporate AD", "userStatus": "Enabled", "highRiskUser": false,
 "markDeleted": false, "markDeletedAt": null, "markDeletedBy": null, "isTokenLocked": false, "isSmsLocked": false,
 "isVoiceLocked": false, "isFingerprintLocked": false, "isApproveLocked": false, "lastSyncTime": "2025-02-17T21:44:09.000Z",
 "emergencyAccessStatus": "Disabled", "emergencyTokencodeId": null, "monthLastAuthenticated": "Jun 2025",
 "principalUsername": "ada@example.com", "alternateUsername": "", "primaryUniqueIdentifier": "6d0d6f2e-…"}`

func TestUserDetails(t *testing.T) {
	t.Parallel()
	yes, no := cloudadmin.Flag{Value: new(true)}, cloudadmin.Flag{Value: new(false)}
	for _, tc := range []struct {
		name, body string
		want       cloudadmin.User
	}{
		{"as documented", documented, cloudadmin.User{
			ID: adaID, EmailAddress: adaEmail, PrincipalUsername: adaEmail, FirstName: "Ada", LastName: "Example", UserStatus: cloudadmin.Enabled,
			IdentitySource: "Corporate AD", CreationDate: "2024-11-28T04:12:06.000Z", LastSyncTime: "2025-02-17T21:44:09.000Z",
			HighRiskUser: no, MarkDeleted: no, IsTokenLocked: no, IsSMSLocked: no, IsVoiceLocked: no,
			IsFingerprintLocked: no, IsApproveLocked: no,
			EmergencyAccessStatus: "Disabled", MonthLastAuthenticated: "Jun 2025", PrimaryUniqueIdentifier: "6d0d6f2e-…",
		}},
		// Each value is different, so that none can be taken for another.
		{"every property", `{"id": "v1", "emailAddress": "ada@example.com", "principalUsername": "v2", "alternateUsername": "v3",
			"firstName": "v4", "lastName": "v5", "userStatus": "v6", "identitySource": "v7", "creationDate": "v8", "lastSyncTime": "v9",
			"markDeleted": true, "markDeletedAt": "v10", "markDeletedBy": "v11", "smsNumber": "v12", "voiceNumber": "v13",
			"emergencyAccessStatus": "v14", "offlineEmergencyAccessStatus": "v15", "monthLastAuthenticated": "v16",
			"lastSuccessfulAuthenticationDate": "v17", "lastSuccessfulAuthenticationMethod": "v18", "primaryUniqueIdentifier": "v19",
			"secondaryUniqueIdentifier": "v20", "identitySourceSpecificGroups": ["v21", "v22"], "globalGroups": ["v23"]}`, cloudadmin.User{
			ID: "v1", EmailAddress: adaEmail, PrincipalUsername: "v2", AlternateUsername: "v3", FirstName: "v4", LastName: "v5", UserStatus: "v6",
			IdentitySource: "v7", CreationDate: "v8", LastSyncTime: "v9", MarkDeleted: yes, MarkDeletedAt: "v10", MarkDeletedBy: "v11",
			SMSNumber: "v12", VoiceNumber: "v13", EmergencyAccessStatus: "v14", OfflineEmergencyAccessStatus: "v15", MonthLastAuthenticated: "v16",
			LastSuccessfulAuthenticationDate: "v17", LastSuccessfulAuthenticationMethod: "v18", PrimaryUniqueIdentifier: "v19", SecondaryUniqueIdentifier: "v20",
			IdentitySourceSpecificGroups: []string{"v21", "v22"}, GlobalGroups: []string{"v23"},
		}},
		{"high risk", `{"id": "1", "highRiskUser": true}`, cloudadmin.User{ID: "1", HighRiskUser: yes}},
		{"token locked", `{"id": "1", "isTokenLocked": true}`, cloudadmin.User{ID: "1", IsTokenLocked: yes}},
		{"SMS locked", `{"id": "1", "isSmsLocked": true}`, cloudadmin.User{ID: "1", IsSMSLocked: yes}},
		{"voice locked", `{"id": "1", "isVoiceLocked": true}`, cloudadmin.User{ID: "1", IsVoiceLocked: yes}},
		{"fingerprint locked", `{"id": "1", "isFingerprintLocked": true}`, cloudadmin.User{ID: "1", IsFingerprintLocked: yes}},
		{"approve locked", `{"id": "1", "isApproveLocked": true}`, cloudadmin.User{ID: "1", IsApproveLocked: yes}},
		{"absent", `{"id": "1"}`, cloudadmin.User{ID: "1"}},
		{"null", `{"id": "1", "emailAddress": null, "userStatus": null, "markDeleted": null, "highRiskUser": null, "creationDate": null,
			"smsNumber": null, "identitySourceSpecificGroups": null, "globalGroups": null}`, cloudadmin.User{ID: "1"}},
		{"new", `{"id": "1", "passkeys": [{"name": "a"}], "riskScore": 0.5}`, cloudadmin.User{ID: "1"}},
		{"an unknown status", `{"id": "1", "userStatus": "Pending Deletion"}`, cloudadmin.User{ID: "1", UserStatus: "Pending Deletion"}},
		{"oddly typed", `{"id": 17, "smsNumber": {"country": 1}, "voiceNumber": ["1"], "firstName": true, "creationDate": 1732767126000,
			"highRiskUser": "maybe", "isTokenLocked": [], "isSmsLocked": {}, "isVoiceLocked": 2,
			"identitySourceSpecificGroups": "Everyone", "globalGroups": {"a": 1}}`, cloudadmin.User{
			ID: "17", SMSNumber: `{"country": 1}`, VoiceNumber: `["1"]`, FirstName: "true", CreationDate: "1732767126000",
		}},
		{"quoted booleans", `{"id": "1", "markDeleted": "true", "highRiskUser": "False", "isTokenLocked": "TRUE"}`, cloudadmin.User{
			ID: "1", MarkDeleted: yes, HighRiskUser: no, IsTokenLocked: yes,
		}},
		{"odd groups", `{"id": "1", "globalGroups": ["a", 7, {"name": "b"}]}`, cloudadmin.User{
			ID: "1", GlobalGroups: []string{"a", "7", `{"name": "b"}`},
		}},
		// Properties in another case would change what the API says.
		{"properties in another case too", `{"id": "1", "ID": "2", "userStatus": "Enabled", "UserStatus": "Disabled", "emailAddress": "ada@example.com",
			"emailaddress": "eve@example.com", "markDeleted": false, "MARKDELETED": true, "principalUsername": "ada", "PrincipalUserName": "eve",
			"alternateUsername": "countess", "AlternateUserName": null}`, cloudadmin.User{
			ID: "1", EmailAddress: adaEmail, UserStatus: cloudadmin.Enabled, MarkDeleted: no, PrincipalUsername: "ada", AlternateUsername: "countess",
		}},
		{"properties in another case alone", `{"Id": "2", "userstatus": "Disabled", "EmailAddress": {}, "PRINCIPALUSERNAME": "eve", "Alternateusername": "eve",
			"MarkDeleted": true}`, cloudadmin.User{}},
		{"control characters", `{"id": "1", "firstName": "A\u001b[31mda\r\n\u0000", "globalGroups": ["a\u0007"]}`, cloudadmin.User{
			ID: "1", FirstName: "A [31mda", GlobalGroups: []string{"a"},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var read cloudadmin.User
			must(t, json.Unmarshal([]byte(tc.body), &read))
			if diff := cmp.Diff(tc.want, read); diff != "" {
				t.Errorf("user (-want +got):\n%s", diff)
			}
			if tc.want.EmailAddress == "" {
				return // A look-up has no such answer.
			}
			client := newClientOf(t, simulator.AnswerRaw(200, "application/json", tc.body))
			looked, err := client.Users.Lookup(t.Context(), cloudadmin.Email(adaEmail), cloudadmin.LookupOptions{})
			must(t, err)
			if diff := cmp.Diff(&read, looked); diff != "" {
				t.Errorf("a look-up returns another user (-read +looked up):\n%s", diff)
			}
		})
	}
}

func TestIncomplete(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, body string
		want       bool
	}{
		{"as documented", documented, false},
		{"both", `{"id": "1", "userStatus": "Disabled", "markDeleted": true}`, false},
		{"an unknown status", `{"id": "1", "userStatus": "Pending Deletion", "markDeleted": false}`, false},
		{"quoted boolean", `{"id": "1", "userStatus": "Enabled", "markDeleted": "false"}`, false},
		{"neither", `{"id": "1"}`, true},
		{"no status", `{"id": "1", "markDeleted": false}`, true},
		{"null status", `{"id": "1", "userStatus": null, "markDeleted": false}`, true},
		{"empty status", `{"id": "1", "userStatus": "", "markDeleted": false}`, true},
		{"no mark", `{"id": "1", "userStatus": "Enabled"}`, true},
		{"null mark", `{"id": "1", "userStatus": "Enabled", "markDeleted": null}`, true},
		{"odd mark", `{"id": "1", "userStatus": "Enabled", "markDeleted": "maybe"}`, true},
		{"other spelling", `{"id": "1", "status": "Enabled", "deleted": false}`, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var user cloudadmin.User
			must(t, json.Unmarshal([]byte(tc.body), &user))
			if user.Incomplete() != tc.want {
				t.Errorf("incomplete: %t, want %t", user.Incomplete(), tc.want)
			}
		})
	}
}

func TestImpossibleLookupAnswers(t *testing.T) {
	t.Parallel()
	const about = "POST /v1/users/lookup: "
	const noID = "the answer for ada@example.com has no user id"
	for _, tc := range []struct{ name, body, want string }{
		{"no id", `{"emailAddress": "ada@example.com"}`, noID},
		{"empty id", `{"id": "", "emailAddress": "ada@example.com"}`, noID},
		{"null id", `{"id": null}`, noID},
		{"id in another case", `{"ID": "1", "emailAddress": "ada@example.com"}`, noID},
		{"null", `null`, noID},
		{"an unfit id", `{"id": " 1", "emailAddress": "ada@example.com"}`, `the answer for ada@example.com has the user id " 1", which is not valid`},
		{"no name", `{"id": "1", "emailAddress": null, "principalUsername": "", "firstName": "Ada"}`, "the answer for ada@example.com has neither an email address nor a username"},
		{"list", `[{"id": "1"}]`, "the answer is JSON, but not of the expected form"},
		{"text", `"ada"`, "the answer is JSON, but not of the expected form"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			client := newClientOf(t, simulator.AnswerRaw(200, "application/json", tc.body))
			user, err := client.Users.Lookup(t.Context(), cloudadmin.Email(adaEmail), cloudadmin.LookupOptions{})
			wantUnexpected(t, err, about+tc.want)
			if user != nil {
				t.Errorf("a user comes with the error: %+v", user)
			}
		})
	}
}

// The answer has to confirm the requested address.
func TestLookupConfirms(t *testing.T) {
	t.Parallel()
	byEmail, byUsername := cloudadmin.Email, cloudadmin.Username
	for _, tc := range []struct {
		name string
		who  cloudadmin.Address
		user members
		want string // the error
	}{
		{"email", byEmail(adaEmail), members{"emailAddress": "ADA@example.com"}, ""},
		{"email, decomposed", byEmail("jos\u00e9@example.com"), members{"emailAddress": "jose\u0301@example.com"}, ""},
		{"username", byUsername("ada"), members{"principalUsername": "Ada"}, ""},
		{"alternate username", byUsername("alias"), members{"principalUsername": "ada", "alternateUsername": "alias"}, ""},
		{"email for a username", byUsername(adaEmail), members{"principalUsername": "ada", "emailAddress": adaEmail}, ""},

		{"another email", byEmail(adaEmail), members{"emailAddress": "ada.byron@example.com"},
			"asked for ada@example.com, the answer is about the user ada.byron@example.com (id 1)"},
		{"another email, username confirmed", byEmail(adaEmail), members{"emailAddress": "eve@example.com", "principalUsername": adaEmail},
			"asked for ada@example.com, the answer is about the user eve@example.com (id 1)"},
		{"no email", byEmail(adaEmail), members{"principalUsername": adaEmail},
			"asked for ada@example.com, the answer is about the user ada@example.com (id 1), who has no email address"},
		{"another username", byUsername("ada"), members{"principalUsername": "eve", "emailAddress": adaEmail},
			"asked for ada, the answer is about the user ada@example.com (id 1)"},
		{"alternate username alone", byUsername("ada"), members{"alternateUsername": "eve"},
			"asked for ada, the answer is about the user eve (id 1)"},
		{"a username that an email begins with", byUsername("ada"), members{"emailAddress": adaEmail},
			"asked for ada, the answer is about the user ada@example.com (id 1)"},
		{"İ", byEmail("\u0130da@example.com"), members{"emailAddress": "ida@example.com"},
			`asked for "\u0130da@example.com", the answer is about the user "ida@example.com" (id 1)`},
		{"looks the same", byEmail(adaEmail), members{"emailAddress": "\u0430da@example.com"},
			`asked for "ada@example.com", the answer is about the user "\u0430da@example.com" (id 1)`},
		{"accents are no quotes", byEmail("josé@example.com"), members{"emailAddress": "andré@example.com"},
			"asked for josé@example.com, the answer is about the user andré@example.com (id 1)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			client := newClientOf(t, simulator.AnswerRaw(200, "application/json", tc.user.with(members{"id": "1"})))
			user, err := client.Users.Lookup(t.Context(), tc.who, cloudadmin.LookupOptions{})
			if tc.want == "" {
				must(t, err)
				return
			}
			another, ok := cloudadmin.IsAnotherUser(err)
			if !ok || err.Error() != tc.want {
				t.Fatalf("got  %v\nwant %s", err, tc.want)
			}
			if user != nil || another.Asked != tc.who || another.User.ID != "1" {
				t.Errorf("got %+v and %+v", user, another)
			}
			var unexpected *cloudadmin.UnexpectedAnswerError
			if errors.As(err, &unexpected) || predicate(err) != "" {
				t.Errorf("%v is also another error", err)
			}
		})
	}
}

// An id that would have to be cleaned is refused wherever it comes from.
func TestUnfitIDs(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{
		"blank at the beginning": " abc",
		"blank at the end":       "abc ",
		"two blanks":             "a  bc",
		"line break":             "abc\n",
		"escape sequence":        "a\x1b[31mbc",
		"zero width":             "a\u200bbc",
		"turned text":            "a\u202ebc",
		"no-break space":         "a\u00a0bc",
		"not Unicode":            "a\ufffdbc",
		"too long":               strings.Repeat("a", 301),
		"this segment of a path": ".",
		"the segment above":      "..",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			shown := strconv.Quote(id)
			if len(id) > 300 {
				shown = `"` + strings.Repeat("a", 100) + `…"`
			}
			user := members{"id": id, "emailAddress": adaEmail, "userStatus": "Disabled", "markDeleted": true}
			client := newClientOf(t, simulator.AnswerRaw(200, "application/json", user.with(nil)))
			_, err := client.Users.Lookup(t.Context(), cloudadmin.Email(adaEmail), cloudadmin.LookupOptions{})
			wantUnexpected(t, err, "POST /v1/users/lookup: the answer for ada@example.com has the user id "+shown+", which is not valid")
			_, err = client.Users.Synchronize(t.Context(), "abc")
			wantUnexpected(t, err, "POST /v1/users/{id}/sync: asked about the user id abc, the answer is about "+shown)
			wantUnexpected(t, client.Users.SetStatus(t.Context(), "abc", cloudadmin.Disabled),
				"PUT /v1/users/{id}/userStatus: asked about the user id abc, the answer is about "+shown)
			wantUnexpected(t, client.Users.MarkDeleted(t.Context(), "abc", true),
				"PUT /v1/users/{id}/markDeleted: asked about the user id abc, the answer is about "+shown)

			// One such user must not hide the others of a page.
			page := `{"totalPages": 1, "totalElements": 2, "elements": [` + user.with(nil) + `, {"id": "2", "emailAddress": "ben@example.com"}]}`
			found, err := newClientOf(t, simulator.AnswerRaw(200, "application/json", page)).Users.Search(t.Context(), "@example.com", 0)
			must(t, err)
			if len(found.Users) != 2 || found.Users[0].ID != "" || found.Users[0].EmailAddress != adaEmail || !found.Users[0].Incomplete() || found.Users[1].ID != "2" {
				t.Errorf("the page shows %+v", found.Users)
			}

			sent := 0
			client = newClientOf(t, func(http.ResponseWriter, *http.Request) { sent++ })
			_, synced := client.Users.Synchronize(t.Context(), id)
			for _, err := range []error{synced, client.Users.SetStatus(t.Context(), id, cloudadmin.Enabled), client.Users.MarkDeleted(t.Context(), id, true)} {
				if err == nil || err.Error() != shown+" is not a user id" || sent != 0 {
					t.Errorf("got %v after %d requests", err, sent)
				}
			}
		})
	}
	t.Run("fit", func(t *testing.T) {
		t.Parallel()
		for _, id := range []string{"abc", "a bc", "a/b", "ünï", "{6d0d}", strings.Repeat("a", 300)} {
			client := newClientOf(t, simulator.AnswerRaw(200, "application/json", members{"id": id, "userStatus": "Enabled"}.with(nil)))
			must(t, client.Users.SetStatus(t.Context(), id, cloudadmin.Enabled))
		}
	})
}

func TestIs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		status   cloudadmin.Status
		marked   bool
		enabled  bool
		disabled bool
	}{
		{cloudadmin.Enabled, false, true, false},
		{cloudadmin.Disabled, false, false, true},
		{cloudadmin.Enabled, true, false, true},
		{cloudadmin.Disabled, true, false, true},
		{"Pending Deletion", true, false, true},
		{"Pending Deletion", false, false, false},
		{"", false, false, false},
		{"", true, false, true},
	} {
		user := cloudadmin.User{UserStatus: tc.status, MarkDeleted: cloudadmin.Flag{Value: &tc.marked}}
		if got := [2]bool{user.Is(cloudadmin.Enabled), user.Is(cloudadmin.Disabled)}; got != [2]bool{tc.enabled, tc.disabled} {
			t.Errorf("%q, marked %t: enabled and disabled are %v", tc.status, tc.marked, got)
		}
	}
}

func TestHasName(t *testing.T) {
	t.Parallel()
	user := cloudadmin.User{ID: "1", EmailAddress: "José@example.com", PrincipalUsername: "jose", FirstName: "Pepe"}
	for name, want := range map[string]bool{
		"jose\u0301@EXAMPLE.com": true, "JOSE": true, "jose@example.com": false, "1": false, "Pepe": false, "": false,
	} {
		if user.HasName(name) != want {
			t.Errorf("%q: want %t", name, want)
		}
	}
	user.AlternateUsername = "pepe"
	if !user.HasName("Pepe") {
		t.Error("the alternate username does not count")
	}
}

func wantUnexpected(t *testing.T, err error, want string) {
	t.Helper()
	var unexpected *cloudadmin.UnexpectedAnswerError
	if !errors.As(err, &unexpected) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestSetStatus(t *testing.T) {
	t.Parallel()
	tenant, client := newTenantClient(t)
	for _, status := range []cloudadmin.Status{cloudadmin.Disabled, cloudadmin.Disabled, cloudadmin.Enabled} {
		tenant.ResetCounts()
		must(t, client.Users.SetStatus(t.Context(), adaID, status))
		if stored, _ := tenant.User(adaEmail); stored.Status != string(status) {
			t.Errorf("the user is %s, want %s", stored.Status, status)
		}
		requests := tenant.Requests()
		if want := `{"userStatus":"` + string(status) + `"}`; len(requests) != 1 || requests[0].Method != http.MethodPut ||
			requests[0].Path != "/AdminInterface/restapi/v1/users/"+adaID+"/userStatus" || requests[0].Body != want {
			t.Errorf("requests: %+v, want one with %s", requests, want)
		}
	}
}

func TestSetStatusAnswers(t *testing.T) {
	t.Parallel()
	const about = "PUT /v1/users/{id}/userStatus: "
	for _, tc := range []struct{ name, body, want string }{
		{"as documented", `{"id": "abc", "userStatus": "Disabled"}`, ""},
		{"id in another case", `{"id": "ABC", "userStatus": "Disabled"}`, ""},
		{"new property", `{"id": "abc", "userStatus": "Disabled", "at": 1}`, ""},
		{"another id", `{"id": "abd", "userStatus": "Disabled"}`, `asked about the user id abc, the answer is about "abd"`},
		{"no id", `{"userStatus": "Disabled"}`, `asked about the user id abc, the answer is about ""`},
		{"another status", `{"id": "abc", "userStatus": "Enabled"}`, `the request asked for Disabled, but the answer has the status "Enabled"`},
		{"no status", `{"id": "abc"}`, `the request asked for Disabled, but the answer has the status ""`},
		{"list", `[]`, "the answer is JSON, but not of the expected form"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			client := newClientOf(t, simulator.AnswerRaw(200, "application/json", tc.body))
			err := client.Users.SetStatus(t.Context(), "abc", cloudadmin.Disabled)
			if tc.want == "" {
				must(t, err)
				return
			}
			wantUnexpected(t, err, about+tc.want)
		})
	}
}

func TestSetStatusRefusals(t *testing.T) {
	t.Parallel()
	fault := func(status int) func(*simulator.Tenant) error {
		return func(tenant *simulator.Tenant) error {
			tenant.Inject(simulator.Fault{Kind: simulator.KindStatus, Respond: simulator.AnswerAPIError(status, "No.")})
			return nil
		}
	}
	for _, tc := range []struct {
		name      string
		prepare   func(*simulator.Tenant) error
		id        string
		status    cloudadmin.Status
		want      int
		predicate string
	}{
		{"enable a user who is pending deletion", func(tenant *simulator.Tenant) error { return tenant.MarkDeleted(adaEmail, "eve") }, adaID, cloudadmin.Enabled, 409, "Conflict"},
		{"enable a user disabled by a synchronization", func(tenant *simulator.Tenant) error { return tenant.DisableBySync(adaEmail) }, adaID, cloudadmin.Enabled, 409, "Conflict"},
		{"deleted", func(tenant *simulator.Tenant) error { return tenant.Delete(adaEmail) }, adaID, cloudadmin.Disabled, 404, "NotFound"},
		{"malformed id", nil, "a/b", cloudadmin.Disabled, 404, "NotFound"},
		{"unknown status", nil, adaID, "Pending Deletion", 400, ""},
		{"no status", nil, adaID, "", 400, ""},
		{"managed by SCIM", fault(405), adaID, cloudadmin.Disabled, 405, "MethodNotAllowed"},
		{"wrong type", fault(415), adaID, cloudadmin.Disabled, 415, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			tenant, client := newTenantClient(t)
			if tc.prepare != nil {
				must(t, tc.prepare(tenant))
			}
			err := client.Users.SetStatus(t.Context(), tc.id, tc.status)
			var got *cloudadmin.Error
			if !errors.As(err, &got) || got.Status != tc.want || got.Origin != cloudadmin.OriginAPI ||
				got.Method != http.MethodPut || got.Path != "/v1/users/{id}/userStatus" || predicate(err) != tc.predicate {
				t.Errorf("got %v (%q), want %d (%q)", err, predicate(err), tc.want, tc.predicate)
			}
			if n := tenant.Count(simulator.KindStatus); n != 1 {
				t.Errorf("%d requests, want 1", n)
			}
		})
	}
}

func TestConcurrent(t *testing.T) {
	t.Parallel()
	for configured, want := range map[int]int{0: cloudadmin.DefaultMaxConcurrentRequests, 3: 3} {
		client := cloudadmin.New(cloudadmin.Config{
			BaseURL: parseBaseURL(t, "https://acme.access.securid.com/AdminInterface/restapi"), Credentials: cloudadmin.AccessToken("token"), MaxConcurrentRequests: configured,
		})
		if got := client.Users.Concurrent(); got != want {
			t.Errorf("with %d configured, %d requests can be on their way; want %d", configured, got, want)
		}
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	email, username := cloudadmin.Email("Ada@Example.com"), cloudadmin.Username("Ada@Example.com")
	if email.String() != "Ada@Example.com" || username.String() != "Ada@Example.com" {
		t.Errorf("the addresses are %s and %s", email, username)
	}
	if !email.IsEmail() || username.IsEmail() {
		t.Error("IsEmail does not distinguish the two")
	}
	if email.Key() == username.Key() {
		t.Errorf("an email address and a username share the key %s", email.Key())
	}
	for _, pair := range [][2]cloudadmin.Address{
		{email, cloudadmin.Email(strings.ToUpper(email.String()))},
		{username, cloudadmin.Username(strings.ToLower(username.String()))},
	} {
		if pair[0].Key() != pair[1].Key() {
			t.Errorf("%s and %s have different keys", pair[0].Key(), pair[1].Key())
		}
	}
}

func TestTimestamp(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 2, 17, 21, 44, 9, 0, time.UTC)
	for _, tc := range []struct {
		text cloudadmin.Timestamp
		want time.Time
	}{
		{"2025-02-17T21:44:09.000Z", at},
		{"2025-02-17T21:44:09Z", at},
		{"2025-02-17T22:44:09+01:00", at},
		{"1739828649000", at},
		{"", time.Time{}},
		{"yesterday", time.Time{}},
		{"0", time.Time{}},
		{"-1", time.Time{}},
		{"2025-02-17", time.Time{}},
	} {
		t.Run(string(tc.text), func(t *testing.T) {
			t.Parallel()
			got, ok := tc.text.Time()
			if !got.Equal(tc.want) || ok == tc.want.IsZero() || ok && got.Location() != time.UTC {
				t.Errorf("got %s, %t; want %s", got, ok, tc.want)
			}
		})
	}
}
