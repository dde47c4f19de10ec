# Takes the mark back, within the seven days:
#   terraform apply -invoke=action.idplus_user_mark_deleted.keep
action "idplus_user_mark_deleted" "keep" {
  config {
    email        = "hugo@example.com"
    mark_deleted = false
  }
}
