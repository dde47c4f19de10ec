terraform {
  required_providers {
    idplus = {
      source = "idplus-community/idplus"
    }
  }
}

locals {
  review = provider::idplus::access_review(
    file("${path.module}/q4/roster.csv"),
    { for f in fileset("${path.module}/q4", "decisions/*.csv") : f => file("${path.module}/q4/${f}") },
    plantimestamp()
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
