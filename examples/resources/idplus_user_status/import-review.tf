# Imports all users of the review. The plan then shows who changes, with the status
# before and after.
import {
  for_each = local.review

  to = idplus_user_status.review[each.key]
  id = each.key
}
