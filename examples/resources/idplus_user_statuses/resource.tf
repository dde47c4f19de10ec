# An access review: review.csv has the columns email and status.
locals {
  # Reads the file, and reports bad lines by number. A column called expires is the
  # last day of access.
  review = provider::idplus::statuses(file("${path.module}/review.csv"), plantimestamp())
}

resource "idplus_user_statuses" "review" {
  statuses = local.review
}
