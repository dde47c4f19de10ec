terraform {
  required_providers {
    idplus = {
      source  = "idplus-community/idplus"
      version = "~> 0.1.0"
    }
  }
}

# The tenant and the credentials come from the environment (IDPLUS_…).
provider "idplus" {
  protected_users = ["breakglass@example.com"] # never disabled
  max_changes     = 10                         # never more users than this in one run
}

# review.csv has the columns email and status, and optionally expires.
resource "idplus_user_statuses" "review" {
  statuses = provider::idplus::statuses(file("${path.module}/review.csv"), plantimestamp())
}
