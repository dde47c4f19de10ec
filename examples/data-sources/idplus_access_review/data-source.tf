locals {
  worksheets = fileset(path.module, "decisions/*.csv")
  review = provider::idplus::access_review(
    file("${path.module}/roster.csv"),
    { for name in local.worksheets : name => file("${path.module}/${name}") },
    plantimestamp(),
  )
}

data "idplus_access_review" "q4" {
  rows = local.review.rows
}

resource "idplus_user_statuses" "q4" {
  statuses   = data.idplus_access_review.q4.statuses
  ids        = data.idplus_access_review.q4.ids
  may_change = data.idplus_access_review.q4.changing
}
