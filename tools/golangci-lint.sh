#!/bin/sh
# Copyright (c) The terraform-provider-idplus Authors
# SPDX-License-Identifier: MPL-2.0
#
# Runs golangci-lint in the version that tools/go.mod pins:
#
#   tools/golangci-lint.sh ARGUMENT…
#
# The first of these is taken:
#
#   1. golangci-lint on the PATH, when it has that version
#   2. the one that this script built before, with the same Go
#   3. one that it builds into .tools/ of this checkout, with every module held
#      against tools/go.sum. That takes minutes.
#
# It downloads no release of golangci-lint: no checksum of one is pinned here.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
module=github.com/golangci/golangci-lint/v2
version=$(cd "$root" && go list -modfile=tools/go.mod -m -f '{{.Version}}' "$module")
built=$root/.tools/golangci-lint-$version-$(go env GOVERSION)

if [ "v$(golangci-lint version --short 2>/dev/null || :)" = "$version" ]; then
	exec golangci-lint "$@"
fi
if [ ! -x "$built" ]; then
	echo "golangci-lint: $version is not on the PATH; building it into .tools/, which takes minutes the first time" >&2
	(cd "$root" && rm -f .tools/golangci-lint-* && go build -modfile=tools/go.mod -o "$built" "$module/cmd/golangci-lint")
fi
exec "$built" "$@"
