// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package evidence

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/idplus-community/terraform-provider-idplus/internal/review"
)

// File is a file that a record is made from. A missing file has no name.
type File struct {
	// Name is what the record and its errors call the file.
	Name string
	Data []byte
}

func (f File) given() bool { return f.Name != "" }

// errorf returns an error about the file.
func (f File) errorf(format string, args ...any) error {
	return fmt.Errorf(f.Name+": "+format, args...)
}

// text returns the output of a command, without the byte order mark that some shells add.
// Its errors name what shells and wrappers do to a file.
func (f File) text() ([]byte, error) {
	switch {
	case bytes.HasPrefix(f.Data, []byte("\xff\xfe")), bytes.HasPrefix(f.Data, []byte("\xfe\xff")):
		return nil, f.errorf("the file is UTF-16, which > writes in Windows PowerShell 5: write it with PowerShell 7, or by cmd /c")
	case bytes.HasPrefix(f.Data, []byte("[command]")):
		return nil, f.errorf("the first line is of a wrapper around terraform: the action setup-terraform needs terraform_wrapper: false")
	}
	return bytes.TrimPrefix(f.Data, []byte("\ufeff")), nil
}

// Files are what a record is made from: the folder of a review, and what Terraform wrote.
// Settings, PlanLog, Approved, ApplyLog and Verify may be missing.
type Files struct {
	// Folder is the name of the review's folder: the title of a review without one.
	Folder                     string
	Roster, Manifest, Settings File
	Worksheets                 []File
	// Plan and Verify are the output of terraform show -json for the plan, and for a plan that
	// was made after the apply.
	Plan, Verify File
	// PlanLog and ApplyLog are what terraform plan -json and terraform apply -json print.
	PlanLog, ApplyLog File
	// Approved is the evidence.json that was approved.
	Approved File
	// Nightly is for a plan of a review that was applied before and needs no approval.
	Nightly bool
	// Facts are from the pipeline, in addition to those of Settings.
	Facts []Fact
	// ProviderVersion is the version of this program.
	ProviderVersion string
}

// The roles of inputs that other code uses.
const (
	roleRoster    = "roster"
	roleWorksheet = "worksheet"
	rolePlanLog   = "log of the plan"
	roleApplyLog  = "log of the apply"
)

// inputs returns all files, in the order in which a person would check them.
func (f Files) inputs() []Input {
	inputs := []Input{}
	add := func(role string, files ...File) {
		for _, file := range files {
			if !file.given() {
				continue
			}
			sum := sha256.Sum256(file.Data)
			inputs = append(inputs, Input{Role: role, Name: file.Name, Bytes: len(file.Data), SHA256: hex.EncodeToString(sum[:])})
		}
	}
	add(roleRoster, f.Roster)
	add("manifest of the roster", f.Manifest)
	add("settings of the review", f.Settings)
	add(roleWorksheet, f.Worksheets...)
	add("plan", f.Plan)
	add(rolePlanLog, f.PlanLog)
	add("approved evidence", f.Approved)
	add(roleApplyLog, f.ApplyLog)
	add("plan after the apply", f.Verify)
	return inputs
}

// sheets returns the files for the reader of worksheets.
func sheets(files ...File) []review.File {
	texts := make([]review.File, len(files))
	for i, f := range files {
		texts[i] = review.File{Name: f.Name, Text: string(f.Data)}
	}
	return texts
}
