# A leaver: the resource disables the user, and the action then marks the user for
# deletion. The action names the user, since a reference to the resource would be a cycle.
resource "idplus_user_status" "leaver" {
  email  = "liam@example.com"
  status = "Disabled"

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.idplus_user_mark_deleted.leaver]
    }
  }
}

action "idplus_user_mark_deleted" "leaver" {
  config {
    email        = "liam@example.com"
    mark_deleted = true
  }
}
