#!/usr/bin/env bash
# What a pipeline runs for the current review:
#
#   pipeline.sh pr        plan, and the evidence for the pull request; changes no user
#   pipeline.sh merge     plan again, apply what approved.json shows, verify
#   pipeline.sh nightly   plan, and report what differs from the review; changes no user
#
# Exit codes: 0 done; 1 something stops the review or went wrong; 2 (only nightly)
# someone has to act. Results are in out/. approved.json is the evidence.json that the
# pull request showed. If REVIEW_PULL_REQUEST, REVIEW_APPROVED_BY and REVIEW_RUN are set,
# the page shows them as facts.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

review=reviews/$(sed -n 's/^ *review *= *"\([^"]*\)".*$/\1/p' terraform.tfvars)
rm -rf out
mkdir -m 700 out
# A saved plan is only for this run.
trap 'rm -f out/*.tfplan' EXIT
# Until there is new evidence, a comment must not show that of an older commit.
printf '%s\n' '<!-- idplus-review -->' '## 🛑 Access review: not ready' '' \
	'There is no evidence for this commit. See the log of the run.' >out/summary.md

fail() {
	echo "pipeline: $*" >&2
	exit 1
}

# terraform init has installed the program and checked it against the lock file. Set
# IDPLUS to use another build.
idplus=${IDPLUS:-$(find -L .terraform/providers -type f -name 'terraform-provider-idplus_v*' 2>/dev/null | head -n 1)}
[[ -n $idplus ]] || fail 'the provider is not installed: run "terraform init" first'

# plan NAME [FLAG...] writes out/NAME.jsonl, the log, and out/NAME.json, the plan. A plan
# with errors is evidence too: it shows why no user changes.
plan() {
	local name=$1 code=0
	shift
	terraform plan -input=false -lock-timeout=5m -json -out="out/$name.tfplan" "$@" >"out/$name.jsonl" || code=$?
	if [[ ! -s out/$name.tfplan ]]; then
		grep '"@level":"error"' "out/$name.jsonl" >&2 || cat "out/$name.jsonl" >&2
		return 1
	fi
	terraform show -json "out/$name.tfplan" >"out/$name.json" || return 1
	return "$code"
}

evidence() {
	local facts=(-fact "Commit=$(git rev-parse HEAD 2>/dev/null || echo 'not known')")
	[[ -z ${REVIEW_PULL_REQUEST-} ]] || facts+=(-fact "Pull request=$REVIEW_PULL_REQUEST")
	[[ -z ${REVIEW_APPROVED_BY-} ]] || facts+=(-fact "Approved by=$REVIEW_APPROVED_BY")
	[[ -z ${REVIEW_RUN-} ]] || facts+=(-fact "Run=$REVIEW_RUN")
	"$idplus" review evidence -dir "$review" -plan out/plan.json -plan-log out/plan.jsonl "${facts[@]}" \
		-html out/evidence.html -markdown out/summary.md -json out/evidence.json "$@"
}

case ${1-} in
pr)
	plan plan || [[ -s out/plan.json ]] || fail 'there is no plan'
	evidence -gate || exit 1
	;;
merge)
	[[ -s approved.json ]] || fail 'approved.json is missing: the evidence that was approved'
	plan plan || [[ -s out/plan.json ]] || fail 'there is no plan'
	evidence -approved approved.json -gate || exit 1
	# From here on, evidence that says nothing is changed yet would be wrong.
	rm out/evidence.html out/evidence.json
	printf '%s\n' '<!-- idplus-review -->' '## 🛑 Access review: the apply has begun' '' \
		'The result is not known. See the log of the run.' >out/summary.md
	code=0
	terraform apply -input=false -lock-timeout=5m -json out/plan.tfplan >out/apply.jsonl || code=1
	verify=()
	plan verify || code=1
	[[ ! -s out/verify.json ]] || verify=(-verify out/verify.json)
	evidence -approved approved.json -apply-log out/apply.jsonl ${verify[@]+"${verify[@]}"} -gate || code=1
	# Keep the files that the evidence is based on beside it.
	rm -f out/*.tfplan
	cp -r "$review" out/review
	cp -- approved.json *.tf terraform.tfvars .terraform.lock.hcl out/
	(
		cd out
		find . -type f ! -name 'SHA256SUMS*' | sed 's|^\./||' | LC_ALL=C sort |
			while IFS= read -r file; do sha256sum "$file"; done >SHA256SUMS.new
		mv SHA256SUMS.new SHA256SUMS
	)
	exit "$code"
	;;
nightly)
	failed=
	plan plan || failed=yes
	[[ -s out/plan.json ]] || fail 'there is no plan'
	code=0
	evidence -nightly -gate || code=$?
	case $code$failed in
	0) ;;
	1) exit 2 ;;
	*) exit 1 ;;
	esac
	;;
*)
	sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
	exit 1
	;;
esac
