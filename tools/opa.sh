#!/bin/sh
# Copyright (c) The terraform-provider-idplus Authors
# SPDX-License-Identifier: MPL-2.0
#
# Builds OPA into .tools/, for the test of the example's policies. If that fails, it is
# reported, which is not an error: the test is skipped with a message.
set -eu

: "${OPA_VERSION:=v1.4.2}"

tools=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)/.tools

if [ ! -x "$tools/opa" ]; then
	mkdir -p "$tools"
	# Outside of the module: the provider does not depend on OPA.
	(cd / && GOBIN=$tools timeout 900 go install "github.com/open-policy-agent/opa@$OPA_VERSION") ||
		echo "opa: skipped: OPA $OPA_VERSION could not be built" >&2
fi
