#!/usr/bin/env bash
# What a pipeline runs for the current review:
#
#   pipeline.sh pr        plan, and the evidence for the pull request; changes no user
#   pipeline.sh merge     plan again, apply what approved.json shows, verify
#   pipeline.sh nightly   plan, and say what differs from the review; changes no user
#
# Exit codes: 0 done; 1 something stops the review or went wrong; 2, of nightly alone:
# the tenant differs from the review. Results are in out/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

review=reviews/$(sed -n 's/^review *= *"\(.*\)"$/\1/p' terraform.tfvars)
rm -rf out
mkdir -m 700 out

# terraform init has installed the program, with the checksum of the lock file.
# IDPLUS names another build.
idplus=${IDPLUS:-$(find -L .terraform/providers -type f -name 'terraform-provider-idplus_v*' | head -n 1)}
if [[ -z $idplus ]]; then
	echo 'The provider is not installed: run "terraform init" first.' >&2
	exit 1
fi

# plan NAME [FLAG...] writes out/NAME.tfplan, its JSON and its log. A plan with
# errors is evidence too: it says why nobody changes.
plan() {
	local name=$1 code=0
	shift
	terraform plan -input=false -json -out="out/$name.tfplan" "$@" >"out/$name.jsonl" || code=$?
	if [[ ! -s out/$name.tfplan ]]; then
		cat "out/$name.jsonl" >&2
		exit 1
	fi
	terraform show -json "out/$name.tfplan" >"out/$name.json"
	return "$code"
}

evidence() {
	"$idplus" review evidence -dir "$review" -plan out/plan.json -plan-log out/plan.jsonl \
		-html out/evidence.html -markdown out/summary.md -json out/evidence.json "$@"
}

case ${1-} in
pr)
	plan plan || true
	evidence -gate
	;;
merge)
	# approved.json is the evidence.json that the pull request showed.
	plan plan || true
	evidence -approved approved.json -gate
	code=0
	terraform apply -input=false -json out/plan.tfplan >out/apply.jsonl || code=$?
	plan verify || true
	evidence -approved approved.json -apply-log out/apply.jsonl -verify out/verify.json -gate || code=$?
	# A saved plan is of no use to anybody once it is applied.
	rm -f out/*.tfplan
	(cd out && sha256sum -- * >SHA256SUMS)
	exit "$code"
	;;
nightly)
	code=0
	plan plan -detailed-exitcode || code=$?
	evidence
	exit "$code"
	;;
*)
	sed -n '2,10s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
	exit 1
	;;
esac
