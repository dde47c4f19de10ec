# One user, kept Disabled.
resource "idplus_user_status" "contractor" {
  email  = "contractor@example.com"
  status = "Disabled"
}

# An access review: review.csv has the columns email and status.
locals {
  review = {
    for row in csvdecode(file("${path.module}/review.csv")) :
    lower(trimspace(row.email)) => trimspace(row.status)
  }
}

resource "idplus_user_status" "review" {
  for_each = local.review

  email  = each.key
  status = each.value
}
