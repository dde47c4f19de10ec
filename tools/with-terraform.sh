#!/bin/sh
# Copyright (c) The terraform-provider-idplus Authors
# SPDX-License-Identifier: MPL-2.0
#
# Runs a command with a Terraform or OpenTofu binary:
#
#   tools/with-terraform.sh COMMAND [ARGUMENT…]
#
# The command finds the binary's path in TF_ACC_TERRAFORM_PATH, where
# terraform-plugin-testing also looks for it. The first of these is used:
#
#   1. TF_ACC_TERRAFORM_PATH, if it is already set
#   2. terraform on the PATH
#   3. the Terraform that this script installed before
#   4. tofu on the PATH
#   5. Terraform $TERRAFORM_VERSION, installed into .tools/ of this checkout
set -eu

: "${TERRAFORM_VERSION:=1.16.0}"

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
installed=$root/.tools/terraform-$TERRAFORM_VERSION

fail() {
	echo "with-terraform: $*" >&2
	exit 1
}

install_terraform() {
	echo "with-terraform: neither terraform nor tofu is on the PATH; installing Terraform $TERRAFORM_VERSION into .tools/" >&2
	mkdir -p "$installed"
	(cd "$root" && go tool -modfile=tools/go.mod hc-install install -version "$TERRAFORM_VERSION" -path "$installed" terraform) >&2 ||
		fail "Terraform could not be installed. Put terraform or tofu on the PATH, or set TF_ACC_TERRAFORM_PATH to one."
}

if [ $# -eq 0 ]; then
	fail "usage: tools/with-terraform.sh COMMAND [ARGUMENT…]"
fi

if [ -n "${TF_ACC_TERRAFORM_PATH:-}" ]; then
	[ -f "$TF_ACC_TERRAFORM_PATH" ] && [ -x "$TF_ACC_TERRAFORM_PATH" ] || fail "TF_ACC_TERRAFORM_PATH is $TF_ACC_TERRAFORM_PATH, which is not an executable file."
elif found=$(command -v terraform); then
	TF_ACC_TERRAFORM_PATH=$found
elif [ -x "$installed/terraform" ]; then
	TF_ACC_TERRAFORM_PATH=$installed/terraform
elif found=$(command -v tofu); then
	TF_ACC_TERRAFORM_PATH=$found
else
	install_terraform
	TF_ACC_TERRAFORM_PATH=$installed/terraform
fi

# Without this, every run asks a HashiCorp service for new versions.
CHECKPOINT_DISABLE=1
export TF_ACC_TERRAFORM_PATH CHECKPOINT_DISABLE

# With a configuration file that does not exist, the test framework cannot read
# OpenTofu's version: it finds a warning instead.
if [ -n "${TF_CLI_CONFIG_FILE:-}" ] && [ ! -e "$TF_CLI_CONFIG_FILE" ]; then
	echo "with-terraform: ignoring TF_CLI_CONFIG_FILE: $TF_CLI_CONFIG_FILE does not exist" >&2
	unset TF_CLI_CONFIG_FILE
fi

# OpenTofu resolves a provider's short address against its own registry, and
# the test framework has to offer the provider under that address.
case $("$TF_ACC_TERRAFORM_PATH" version 2>/dev/null) in
*OpenTofu*)
	: "${TF_ACC_PROVIDER_HOST:=registry.opentofu.org}" "${TF_ACC_PROVIDER_NAMESPACE:=hashicorp}"
	export TF_ACC_PROVIDER_HOST TF_ACC_PROVIDER_NAMESPACE
	;;
*Terraform*) ;;
*) fail "$TF_ACC_TERRAFORM_PATH does not print a version of Terraform or OpenTofu." ;;
esac

exec "$@"
