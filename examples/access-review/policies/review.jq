# The same with jq, without OPA: prints why a plan must not be applied, and exits
# with 1.
#
#   terraform show -json out/plan.tfplan > plan.json
#   jq -n -f review.jq plan.json
def verdicts:
  [.prior_state.values? // {} | .. | objects
    | select(.mode == "data" and .type == "idplus_access_review") | .values.verdicts[]];

input
| verdicts as $verdicts
| ([$verdicts[] | select(.outcome == "loses")] | length) as $losses
| [
    (select(.errored) | "The plan failed: it is not known who changes."),
    (select((.errored | not) and $verdicts == [])
      | "The plan has no data source idplus_access_review with verdicts."),
    ($verdicts[] | select(.outcome == "gains" and .decision != "restore")
      | "\(.email) would gain access without a decision to restore it."),
    (select($losses > 20) | "\($losses) users would lose access, more than 20."),
    (.resource_changes[]?
      | select(.type == "idplus_user_statuses" and any(.change.actions[]; . == "delete" or . == "forget"))
      | "\(.address) would be destroyed: its users would leave Terraform.")
  ]
| if . == [] then empty else join("\n") + "\n" | halt_error(1) end
