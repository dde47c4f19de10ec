// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ProtonMail/go-crypto/openpgp"
)

// required are the platforms that HCP Terraform needs or the Registry recommends.
var required = []string{"darwin_amd64", "darwin_arm64", "linux_amd64", "linux_arm", "linux_arm64", "linux_s390x", "windows_amd64"}

// assets are the files of a release in a folder, under the names that users download.
type assets struct {
	folder, version string
}

// of returns the name of a file of the provider.
func (a assets) of(suffix string) string {
	return "terraform-provider-idplus_" + a.version + "_" + suffix
}

func (a assets) read(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(a.folder, name))
}

// check returns every way in which the files of a release are not what the registries and
// users expect.
func check(folder, version string, want platforms, key openpgp.EntityList) error {
	a := assets{folder, version}
	sums, err := a.sums()
	if err != nil {
		return err
	}
	expected := []string{a.of("SHA256SUMS"), a.of("SHA256SUMS.sig"), a.of("manifest.json"), a.of("sbom.cdx.json")}
	problems := []error{a.checkSignature(key), a.checkManifest(), a.checkBillOfMaterials()}
	signed := []string{a.of("manifest.json"), a.of("sbom.cdx.json")}
	for _, platform := range want[providerBuild] {
		archive := a.of(platform + ".zip")
		signed = append(signed, archive)
		problems = append(problems, a.checkArchive(archive, "terraform-provider-idplus_v"+version, platform))
	}
	for _, platform := range want[simulatorBuild] {
		archive := "idplus-simulator_" + version + "_" + platform + ".tar.gz"
		expected = append(expected, archive)
		problems = append(problems, a.checkArchive(archive, "idplus-simulator", platform))
	}
	for _, name := range signed {
		problems = append(problems, a.checkSum(name, sums))
	}
	for name := range sums {
		if !slices.Contains(signed, name) {
			problems = append(problems, fmt.Errorf("%s is in the checksums, and not expected there", name))
		}
	}
	problems = append(problems, a.unexpected(append(expected, signed...)))
	return errors.Join(problems...)
}

// missing returns the platforms that a release cannot do without and the configuration
// does not build for.
func (p platforms) missing() error {
	var problems []error
	for _, platform := range required {
		if !slices.Contains(p[providerBuild], platform) {
			problems = append(problems, fmt.Errorf("%s does not build for %s", configFile, platform))
		}
	}
	return errors.Join(problems...)
}

// sums returns the checksums by the names of the files.
func (a assets) sums() (map[string]string, error) {
	text, err := a.read(a.of("SHA256SUMS"))
	if err != nil {
		return nil, fmt.Errorf("there are no checksums: %w", err)
	}
	sums := map[string]string{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		sum, name, ok := strings.Cut(lines.Text(), "  ")
		if !ok {
			return nil, fmt.Errorf("the checksums have the line %q", lines.Text())
		}
		sums[name] = sum
	}
	return sums, nil
}

func (a assets) checkSum(name string, sums map[string]string) error {
	content, err := a.read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // The check of the file itself says so.
	}
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	switch sums[name] {
	case hex.EncodeToString(sum[:]):
		return nil
	case "":
		return fmt.Errorf("%s is not in the checksums", name)
	default:
		return fmt.Errorf("the checksum of %s is wrong", name)
	}
}

func (a assets) checkSignature(key openpgp.EntityList) error {
	signature, err := a.read(a.of("SHA256SUMS.sig"))
	if err != nil {
		return fmt.Errorf("there is no signature: %w", err)
	}
	signed, err := a.read(a.of("SHA256SUMS"))
	if err != nil {
		return err
	}
	return verify(signed, signature, key)
}

func (a assets) checkManifest() error {
	text, err := a.read(a.of("manifest.json"))
	if err != nil {
		return fmt.Errorf("there is no manifest: %w", err)
	}
	var manifest struct {
		Metadata struct {
			ProtocolVersions []string `json:"protocol_versions"`
		} `json:"metadata"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return fmt.Errorf("the manifest: %w", err)
	}
	if !slices.Equal(manifest.Metadata.ProtocolVersions, []string{"6.0"}) {
		return errors.New("the manifest does not say protocol 6.0")
	}
	return nil
}

func (a assets) checkBillOfMaterials() error {
	text, err := a.read(a.of("sbom.cdx.json"))
	if err != nil {
		return fmt.Errorf("there is no bill of materials: %w", err)
	}
	var bill struct {
		Components []struct {
			Name string `json:"name"`
		} `json:"components"`
	}
	if err := json.Unmarshal(text, &bill); err != nil {
		return fmt.Errorf("the bill of materials: %w", err)
	}
	if len(bill.Components) == 0 {
		return errors.New("the bill of materials is empty")
	}
	return nil
}

// unexpected returns the files that no rule knows.
func (a assets) unexpected(expected []string) error {
	entries, err := os.ReadDir(a.folder)
	if err != nil {
		return err
	}
	var problems []error
	for _, entry := range entries {
		if !slices.Contains(expected, entry.Name()) {
			problems = append(problems, fmt.Errorf("%s is not a file of a release", entry.Name()))
		}
	}
	return errors.Join(problems...)
}
