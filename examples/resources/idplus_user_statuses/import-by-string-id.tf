import {
  to = idplus_user_statuses.review
  id = join(",", keys(local.review))
}
