#!/bin/sh
# Makes the evidence of a run in HCP Terraform or Terraform Enterprise:
#
#   TFE_TOKEN=… ./evidence.sh run-CZcmD7eagjhyX0vN reviews/2026-Q4
#
# It needs curl, jq, and the provider's program: IDPLUS names it, or else it is the one
# that terraform init has installed here. The plan as JSON takes a token with admin access
# to the workspace.
set -eu

run=$1 review=$2
address=${TFE_ADDRESS:-https://app.terraform.io}
idplus=${IDPLUS:-$(find -L .terraform/providers -type f -name 'terraform-provider-idplus_v*' | head -n 1)}

# The token is read from a file descriptor, so that it is not among the processes.
get() {
	printf 'header = "Authorization: Bearer %s"\n' "$TFE_TOKEN" |
		curl --config - --fail --silent --show-error --location "$address/api/v2/$1"
}

plan=$(get "runs/$run" | jq -er .data.relationships.plan.data.id)
umask 077
get "plans/$plan/json-output" >plan.json
"$idplus" review evidence -dir "$review" -plan plan.json -fact "Run=$run" \
	-html evidence.html -markdown summary.md -json evidence.json -gate
