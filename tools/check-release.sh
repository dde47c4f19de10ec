#!/bin/sh
# Copyright (c) The terraform-provider-idplus Authors
# SPDX-License-Identifier: MPL-2.0
#
# Checks the files of a release, or of its rehearsal, against the Terraform
# Registry's rules for names, checksums and the manifest:
#
#   tools/check-release.sh dist
set -eu

cd "${1:?usage: tools/check-release.sh FOLDER}"

problems=0
problem() {
	echo "check-release: $*" >&2
	problems=$((problems + 1))
}

sums=$(ls ./*_SHA256SUMS)
prefix=${sums%_SHA256SUMS}
prefix=${prefix#./}
name=${prefix%%_*}
version=${prefix#*_}

[ "$name" = terraform-provider-idplus ] || problem "the files are named $name"

# The platforms that HCP Terraform requires or the Registry recommends.
for platform in darwin_amd64 darwin_arm64 linux_amd64 linux_arm linux_arm64 linux_s390x windows_amd64; do
	[ -f "${prefix}_$platform.zip" ] || problem "${prefix}_$platform.zip is missing"
done

for archive in ./*.zip; do
	archive=${archive#./}
	grep -q "  $archive\$" "$sums" || problem "$archive is not in the checksums"
	unzip -Z1 "$archive" | grep -Eqx "${name}_v$version(\\.exe)?" || problem "$archive holds no ${name}_v$version"
done

# Checksums call the manifest by its released name; the file in the repository
# root is what is uploaded under that name.
manifest=../terraform-registry-manifest.json
listed=$(awk -v name="${prefix}_manifest.json" '$2 == name { print $1 }' "$sums")
[ -n "$listed" ] || problem "${prefix}_manifest.json is not in the checksums"
[ "$listed" = "$(sha256sum "$manifest" | cut -d ' ' -f 1)" ] || problem "the manifest's checksum is wrong"
grep -Eq '"protocol_versions": *\["6\.0"\]' "$manifest" || problem "the manifest does not say protocol 6.0"

grep -v "_manifest.json\$" "$sums" | sha256sum --check --quiet || problem "a checksum is wrong"

# A rehearsal has no signature. A release's has to be binary, not armoured.
if [ -f "$sums.sig" ] && grep -q 'BEGIN PGP' "$sums.sig"; then
	problem "the signature is armoured"
fi

[ "$problems" -eq 0 ] || exit 1
echo "check-release: $prefix is as the Registry wants it: $(ls ./*.zip | wc -l) archives"
