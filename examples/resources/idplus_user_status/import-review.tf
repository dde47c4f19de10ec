# Every user of the review at once. The plan then shows the status before and
# after for each user who changes.
import {
  for_each = local.review

  to = idplus_user_status.review[each.key]
  id = each.key
}
