// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// played reads the folder testdata/q4. Terraform 1.11.4 wrote its plans and logs, from
// main.tf and the simulator. Between roster and plan an administrator disabled ada,
// carla's address passed to another user, jonas was deleted, keiko renamed, and new
// joined; farid was disabled after the apply.
func played(tb testing.TB) Files {
	tb.Helper()
	read := func(name string) File {
		data, err := os.ReadFile(filepath.Join("testdata", "q4", name))
		if err != nil {
			tb.Fatal(err)
		}
		return File{Name: name, Data: data}
	}
	return Files{
		Folder: "q4", Roster: read("roster.csv"), Manifest: read("roster.json"), Settings: read("review.json"),
		Worksheets: []File{read("decisions/corporate-ad.csv"), read("decisions/local.csv")},
		Plan:       read("plan.json"), PlanLog: read("plan.jsonl"), ApplyLog: read("apply.jsonl"), Verify: read("verify.json"),
	}
}

func TestEvidenceOfARecordedReview(t *testing.T) {
	t.Parallel()
	e, err := Make(played(t))
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := WriteJSON(&got, e); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "q4", "evidence.json")
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("evidence.json (-want +got; -update writes it):\n%s", diff)
	}
}

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	s, err := compiler.Compile("evidence.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTheSchemaHoldsForRecords of each phase, with hostile texts, and of a plan that
// failed.
func TestTheSchemaHoldsForRecords(t *testing.T) {
	t.Parallel()
	s := schema(t)
	failed := quarter()
	failed.plan = func(p object) { p["errored"] = true }
	hostile := quarter()
	hostile.decided["ben@example.com"] = "remove,\u202e</script>\x1b[31m,anna@example.com,2026-11-10,,"
	undone := quarter().applied()
	personIn(undone.after, "ben@example.com").Status = "Enabled"
	differs, unknown := aNight(), aNight()
	differs.person("ben@example.com").Status = "Enabled"
	unknown.plan = failed.plan
	records := map[string][]byte{
		"planned": quarter().json(t), "verified": quarter().applied().json(t), "undone": undone.json(t), "failed": failed.json(t), "hostile": hostile.json(t),
		"watched": aNight().json(t), "differs": differs.json(t), "not known": unknown.json(t),
	}
	golden, err := os.ReadFile(filepath.Join("testdata", "q4", "evidence.json"))
	if err != nil {
		t.Fatal(err)
	}
	records["golden"] = golden
	for name, text := range records {
		record, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(record); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTheSchemaNamesEachProperty that a record may have, and no other.
func TestTheSchemaNamesEachProperty(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("evidence.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var s struct {
		Properties map[string]any `json:"properties"`
		Defs       map[string]struct {
			Properties map[string]any `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	for of, named := range map[reflect.Type]map[string]any{
		reflect.TypeFor[Evidence](): s.Properties, reflect.TypeFor[Person](): s.Defs["person"].Properties, reflect.TypeFor[Point](): s.Defs["point"].Properties,
	} {
		written := map[string]any{}
		for i := range of.NumField() {
			if name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ","); name != "-" {
				written[name] = named[name]
			}
		}
		if diff := cmp.Diff(written, named); diff != "" {
			t.Errorf("%s: %s", of, diff)
		}
	}
}

func TestADamagedInputGivesNoRecordOfItsOwn(t *testing.T) {
	t.Parallel()
	whole := played(t)
	for name, of := range map[string]func(*Files) *File{
		"plan.json": func(f *Files) *File { return &f.Plan }, "verify.json": func(f *Files) *File { return &f.Verify },
		"roster.csv": func(f *Files) *File { return &f.Roster }, "roster.json": func(f *Files) *File { return &f.Manifest },
	} {
		data := of(&whole).Data
		for cut := 0; cut < len(bytes.TrimSpace(data)); cut += 1 + len(data)/200 {
			files := whole
			of(&files).Data = data[:cut]
			if e, err := Make(files); err == nil {
				t.Fatalf("%s, cut at %d: %s", name, cut, e.Conclusion)
			} else if !strings.HasPrefix(err.Error(), name+": ") {
				t.Fatalf("%s, cut at %d: %v", name, cut, err)
			}
		}
	}
}

func TestAByteOrderMarkIsNotPartOfAFile(t *testing.T) {
	t.Parallel()
	files := played(t)
	for _, f := range []*File{&files.Plan, &files.PlanLog, &files.ApplyLog, &files.Verify, &files.Settings} {
		f.Data = append([]byte("\ufeff"), f.Data...)
	}
	if e, err := Make(files); err != nil || e.Conclusion != AppliedAndVerified {
		t.Error(err)
	}
}

// cuts returns the places at which a text is cut off: at each end of a line, beside it, and
// at every thirtieth byte; in CI at every fifth.
func cuts(text []byte) (at []int) {
	every := 30
	if inCI {
		every = 5
	}
	for i := range text {
		if i%every == 0 || bytes.IndexByte(text[max(i-2, 0):i+1], '\n') >= 0 {
			at = append(at, i)
		}
	}
	return at
}

// TestALogThatIsCutOffVerifiesNothing: it is refused, or stops the review, unless all that
// counts is in it.
func TestALogThatIsCutOffVerifiesNothing(t *testing.T) {
	t.Parallel()
	files := played(t)
	log := files.ApplyLog.Data
	end := bytes.Index(log, []byte(`"operation":"apply"`))
	for _, cut := range cuts(log[:end]) {
		files.ApplyLog.Data = log[:cut]
		if e, err := Make(files); err == nil && e.Stops() == 0 {
			t.Fatalf("cut at %d: %s", cut, e.Conclusion)
		}
	}
}

func TestAWorksheetThatIsCutOffStopsTheReview(t *testing.T) {
	t.Parallel()
	files := played(t)
	sheet := files.Worksheets[0]
	for _, cut := range cuts(sheet.Data) {
		files.Worksheets = []File{{Name: sheet.Name, Data: sheet.Data[:cut]}, files.Worksheets[1]}
		e, err := Make(files)
		if err != nil {
			t.Fatalf("cut at %d: %v", cut, err)
		}
		if e.Stops() == 0 || e.Conclusion != AppliedWithPoints {
			t.Fatalf("cut at %d: %s", cut, e.Conclusion)
		}
		if len(e.People) != 16 {
			t.Fatalf("cut at %d: %d people", cut, len(e.People))
		}
	}
}

// TestARecordHasNoNameInItsJSON: only the page has names.
func TestARecordHasNoNameInItsJSON(t *testing.T) {
	t.Parallel()
	s := quarter()
	s.roster[0].Name = "Ada Lovelace"
	e := s.evidence(t)
	if !strings.Contains(e.People[0].Name, "Lovelace") || strings.Contains(string(s.json(t)), "Lovelace") {
		t.Error("the name is not where it belongs")
	}
}
