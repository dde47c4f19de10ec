// Copyright (c) The terraform-provider-idplus Authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A provider ends when its Terraform is killed. A shell acts as Terraform here; the pipe
// that both write to ends with the last of them.
func TestProviderEndsWithItsParent(t *testing.T) {
	t.Parallel()
	must(t, builtProvider())
	shell := exec.CommandContext(t.Context(), "sh", "-c", `"$0" & wait`, filepath.Join(buildFolder, "terraform-provider-idplus"))
	shell.Env = append(os.Environ(),
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2", "PLUGIN_PROTOCOL_VERSIONS=6")
	output, err := shell.StdoutPipe()
	must(t, err)
	must(t, shell.Start())
	lines := bufio.NewReader(output)
	handshake, err := lines.ReadString('\n')
	must(t, err)
	if !strings.Contains(handshake, "|grpc|") {
		t.Fatalf("the provider says %q", handshake)
	}
	must(t, shell.Process.Kill())
	_, err = io.Copy(io.Discard, lines)
	must(t, err)
	_ = shell.Wait() // It was killed.
}
