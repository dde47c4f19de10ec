# Takes the mark back, as long as the seven days are not over:
#   terraform apply -invoke=action.idplus_user_mark_deleted.keep
action "idplus_user_mark_deleted" "keep" {
  config {
    email        = "hugo@example.com"
    mark_deleted = false
  }
}
