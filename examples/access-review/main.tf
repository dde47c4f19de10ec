# An access review kept in git. A pull request changes review.csv, the plan says
# who gains and who loses access, the apply does exactly that.

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
  max_changes     = 5
}

locals {
  # Two rows about one user are an error: duplicate object key.
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
