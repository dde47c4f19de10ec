# Synchronizes users who were disabled by a synchronization, after they were enabled
# in the identity source:
#   terraform apply -invoke=action.idplus_user_sync.returned
action "idplus_user_sync" "returned" {
  config {
    emails = ["ines@example.com", "jonas@example.com"]
  }
}
