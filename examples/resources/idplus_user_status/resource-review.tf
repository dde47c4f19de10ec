# A small review: review.csv has the columns email and status.
locals {
  review = provider::idplus::statuses(file("${path.module}/review.csv"), plantimestamp())
}

resource "idplus_user_status" "review" {
  for_each = local.review

  email  = each.key
  status = each.value
}
