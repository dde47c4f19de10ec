# Policies for the plan of an access review:
#
#   terraform show -json out/plan.tfplan > plan.json
#   opa eval --fail-defined --format pretty --data review.rego --input plan.json 'data.idplus.review.deny[_]'
package idplus.review

# The number of users who may lose access without a second approval.
most_losses := 20

# Users who must never lose access.
break_glass := {"breakglass@example.com"}

verdicts contains verdict if {
	walk(input.prior_state.values, [_, block])
	block.mode == "data"
	block.type == "idplus_access_review"
	some verdict in block.values.verdicts
}

deny contains "The plan failed: it is not known who changes." if input.errored

deny contains "The plan has no data source idplus_access_review with verdicts." if {
	not input.errored
	count(verdicts) == 0
}

deny contains sprintf("%s would gain access without a decision to restore it.", [verdict.email]) if {
	some verdict in verdicts
	verdict.outcome == "gains"
	verdict.decision != "restore"
}

deny contains sprintf("%s must not lose access.", [verdict.email]) if {
	some verdict in verdicts
	verdict.outcome == "loses"
	lower(verdict.email) in break_glass
}

deny contains sprintf("%d users would lose access, more than %d.", [losses, most_losses]) if {
	losses := count([v | some v in verdicts; v.outcome == "loses"])
	losses > most_losses
}

# Only a review changes users.
deny contains sprintf("%s would be %s by this plan: only a review may change statuses.", [change.address, concat(", ", change.change.actions)]) if {
	some change in input.resource_changes
	startswith(change.type, "idplus_")
	change.type != "idplus_user_statuses"
	not change.change.actions in [["no-op"], ["read"]]
}

deny contains sprintf("%s would be destroyed: its users would leave Terraform.", [change.address]) if {
	some change in input.resource_changes
	change.type == "idplus_user_statuses"
	some action in change.change.actions
	action in {"delete", "forget"}
}
