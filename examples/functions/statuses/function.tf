# review.csv has the columns email, status and expires, and columns with notes.
resource "idplus_user_statuses" "review" {
  statuses = provider::idplus::statuses(file("${path.module}/review.csv"), plantimestamp())
}
