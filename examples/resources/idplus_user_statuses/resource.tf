# An access review: review.csv has the columns email and status.
locals {
  # Reads the file, and refuses bad lines by their number. A column called expires is
  # the last day of somebody's access.
  review = provider::idplus::statuses(file("${path.module}/review.csv"), plantimestamp())
}

resource "idplus_user_statuses" "review" {
  statuses = local.review
}
