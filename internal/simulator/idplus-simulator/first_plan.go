// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/idplus-community/terraform-provider-idplus/internal/simulator"
)

// firstConfiguration is the configuration in the README.
//
//go:embed try/main.tf
var firstConfiguration []byte

// Of the example's users, the review enables one and disables another one.
const (
	gains = "elena@example.com"
	loses = "farid@example.com"
)

// folderMark is a file in the folders that this program has made. It has the checksums of
// the files written there, so that edited files can be distinguished from those of another
// tenant.
const folderMark = ".idplus-simulator"

// firstPlan is a folder in which terraform plan shows two changes.
type firstPlan struct {
	folder string
	rows   int      // of review.csv
	kept   []string // files that the user has edited, by their new names
	// terraform is the command to type; programs is its folder if that is not on the PATH.
	terraform, programs string
}

// newFirstPlan writes a configuration, and a review of the users of a tenant.
func newFirstPlan(folder, terraform string, users []simulator.User) (plan firstPlan, err error) {
	if plan.folder, err = filepath.Abs(folder); err != nil {
		return plan, err
	}
	if plan.terraform, plan.programs, err = commandOf(terraform); err != nil {
		return plan, err
	}
	written, err := startAfresh(plan.folder)
	if err != nil {
		return plan, err
	}
	table, rows, err := firstReview(users)
	if err != nil {
		return plan, err
	}
	plan.rows = rows
	if err := errors.Join(plan.place("main.tf", firstConfiguration, written), plan.place("review.csv", table, written)); err != nil {
		return plan, err
	}
	sums := sum("main.tf", firstConfiguration) + sum("review.csv", table)
	return plan, os.WriteFile(filepath.Join(plan.folder, folderMark), []byte(sums), 0o600)
}

// commandOf returns the command of a Terraform or OpenTofu, and its folder if the shell
// would not find it.
func commandOf(binary string) (command, folder string, err error) {
	if binary == "" {
		return "terraform", "", nil
	}
	if binary, err = filepath.Abs(binary); err != nil {
		return "", "", err
	}
	command = filepath.Base(binary)
	if found, err := exec.LookPath(command); err == nil && found == binary {
		return command, "", nil
	}
	return command, filepath.Dir(binary), nil
}

// startAfresh removes the files of Terraform from an earlier run, whose tenant is gone, and
// returns the checksums of what that run wrote. A state that this program did not make is
// an error.
func startAfresh(folder string) (written string, err error) {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return "", err
	}
	sums, err := os.ReadFile(filepath.Join(folder, folderMark))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	ours := err == nil
	for _, name := range []string{".terraform", ".terraform.lock.hcl", "terraform.tfstate", "terraform.tfstate.backup"} {
		path := filepath.Join(folder, name)
		if _, err := os.Lstat(path); err == nil && !ours {
			return "", fmt.Errorf("%s already exists and is not from an earlier run of this program: name another folder", path)
		}
		if err := os.RemoveAll(path); err != nil {
			return "", err
		}
	}
	return string(sums), nil
}

// sum returns a line about a file, like sha256sum.
func sum(name string, content []byte) string {
	return fmt.Sprintf("%x  %s\n", sha256.Sum256(content), name)
}

// firstReview returns a CSV file of all users with an address, two of them with another status.
func firstReview(users []simulator.User) (table []byte, rows int, err error) {
	records := [][]string{{"email", "status"}}
	for _, user := range users {
		switch user.Email {
		case "":
			continue
		case gains:
			user.Status = simulator.Enabled
		case loses:
			user.Status = simulator.Disabled
		}
		records = append(records, []string{user.Email, user.Status})
	}
	var text bytes.Buffer
	err = csv.NewWriter(&text).WriteAll(records)
	return text.Bytes(), len(records) - 1, err
}

// place writes a file into the folder. An existing file that differs from what this program
// wrote is the user's work, and is kept under another name.
func (p *firstPlan) place(name string, content []byte, written string) error {
	path := filepath.Join(p.folder, name)
	old, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case bytes.Equal(old, content):
		return nil
	case strings.Contains(written, sum(name, old)):
	default:
		kept, err := freeName(path)
		if err != nil {
			return err
		}
		if err := os.Rename(path, kept); err != nil {
			return err
		}
		p.kept = append(p.kept, filepath.Base(kept))
	}
	return os.WriteFile(path, content, 0o600)
}

func freeName(path string) (string, error) {
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s.%d", path, n)
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return name, nil
		} else if err != nil {
			return "", err
		}
	}
}

// show prints what to type, and what to expect.
func (p *firstPlan) show(w io.Writer, url string) error {
	var edited string
	for _, kept := range p.kept {
		edited += fmt.Sprintf("You had edited %[1]s: it is kept as %[2]s. To go on with it: mv %[2]s %[1]s\n",
			strings.TrimSuffix(kept, filepath.Ext(kept)), kept)
	}
	_, err := fmt.Fprintf(w, `A simulated tenant of RSA ID Plus listens at %[1]s, until you press Ctrl-C.
%[8]sIn another shell (bash, zsh or sh):

  cd %[2]s && . ./%[3]s
  %[4]s init && %[4]s plan

The plan adds one resource, a review of the %[5]d users in review.csv. It warns that
hugo@example.com is pending deletion, and that two users change: %[6]s gains
access, %[7]s loses it.

Next: %[4]s apply. Then edit review.csv and plan again, or change a user behind
Terraform's back:

  curl -X POST '%[1]s/simulator/users/ada@example.com/disable'
`, url, quoted(p.folder), envFileName, p.terraform, p.rows, gains, loses, edited)
	return err
}
