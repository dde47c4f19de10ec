# An access review kept in git: reviews/<review> has the roster and the worksheets.
# The plan shows who gains and who loses access, and the apply does exactly that.

terraform {
  required_version = ">= 1.8"
  required_providers {
    idplus = {
      source  = "idplus-community/idplus"
      version = "~> 0.1.0"
    }
  }
}

# The tenant and the credentials come from the environment (IDPLUS_…).
provider "idplus" {
  protected_users = ["breakglass@example.com"]
  max_changes     = 40
}

variable "review" {
  description = "Folder of the current review, below reviews/."
  type        = string
}

locals {
  folder = "${path.module}/reviews/${var.review}"
  review = provider::idplus::access_review(
    file("${local.folder}/roster.csv"),
    {
      for name in fileset(local.folder, "decisions/*.csv") :
      name => file("${local.folder}/${name}")
    },
    plantimestamp(),
  )
}

data "idplus_access_review" "current" {
  rows = local.review.rows
}

resource "idplus_user_statuses" "review" {
  statuses   = data.idplus_access_review.current.statuses
  ids        = data.idplus_access_review.current.ids
  may_change = data.idplus_access_review.current.changing
}
