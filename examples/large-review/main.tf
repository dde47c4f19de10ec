# An access review of some hundred users, kept in git as one resource. Reading
# takes a request for 25 users, and a plan has a line for each user who changes.

terraform {
  required_providers {
    idplus = {
      source  = "idplus-community/idplus"
      version = "~> 0.1"
    }
  }
}

# The tenant and the credentials come from the environment (IDPLUS_…).
provider "idplus" {
  protected_users = ["breakglass@example.com"]
  max_changes     = 10
}

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
