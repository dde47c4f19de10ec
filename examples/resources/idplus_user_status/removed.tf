# Stops managing a user: the block is part of the pull request, and the plan says that
# the user is no longer managed. Nothing is sent to the tenant, even if on_destroy was
# "disable".
removed {
  from = idplus_user_status.contractor

  lifecycle {
    destroy = false
  }
}
