# An access review: review.csv has the columns email and status.
locals {
  # Two rows about one user are an error: duplicate object key.
  review = {
    for row in csvdecode(file("${path.module}/review.csv")) :
    lower(trimspace(row.email)) => trimspace(row.status)
  }
}

resource "idplus_user_statuses" "review" {
  statuses = local.review
}
