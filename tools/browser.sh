#!/bin/sh
# Copyright (c) The terraform-provider-idplus Authors
# SPDX-License-Identifier: MPL-2.0
#
# Installs what the tests of the evidence page need: Chromium, pdftotext and
# axe-core. A program that cannot be installed is reported, which is not an
# error: the tests that need it are skipped with a message.
set -eu

: "${AXE_VERSION:=4.14.1}"

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
axe=$root/.tools/axe-core

skipped() {
	echo "browser: skipped: $*" >&2
}

has() {
	command -v "$1" >/dev/null 2>&1
}

install_packages() {
	if ! has apt-get || [ "$(id -u)" -ne 0 ]; then
		skipped "chromium and pdftotext are missing, and this script can install them only as root on Debian"
		return
	fi
	# Without a font that has its symbols, a page looks different.
	if ! { timeout 120 apt-get update -qq &&
		DEBIAN_FRONTEND=noninteractive timeout 600 apt-get install -y -qq --no-install-recommends chromium poppler-utils fonts-dejavu-core; } >&2; then
		skipped "apt-get could not install chromium and poppler-utils"
	fi
}

install_axe() {
	if ! has npm; then
		skipped "axe-core is missing, and npm too"
		return
	fi
	rm -rf "$axe"
	mkdir -p "$axe"
	# npm checks the package against the registry's checksum, and runs none of its scripts.
	if (cd "$axe" && timeout 120 npm pack --silent "axe-core@$AXE_VERSION" >/dev/null &&
		tar -xzf "axe-core-$AXE_VERSION.tgz" --strip-components=1 package/axe.min.js); then
		rm "$axe/axe-core-$AXE_VERSION.tgz"
		echo "$AXE_VERSION" >"$axe/version"
	else
		rm -rf "$axe"
		skipped "npm could not fetch axe-core $AXE_VERSION"
	fi
}

if ! { has chromium || has chromium-browser || has google-chrome; } || ! has pdftotext; then
	install_packages
fi
if [ ! -f "$axe/axe.min.js" ] || [ "$(cat "$axe/version" 2>/dev/null)" != "$AXE_VERSION" ]; then
	install_axe
fi
