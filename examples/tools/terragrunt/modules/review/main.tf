# The review of one tenant. Terragrunt puts the review.csv of the tenant beside it.

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
  protected_users = ["breakglass@example.com"]
  max_changes     = var.max_changes
}

variable "max_changes" {
  description = "How many users one run may change or let go of, in this tenant."
  type        = number
}

resource "idplus_user_statuses" "review" {
  statuses = provider::idplus::statuses(file("${path.module}/review.csv"), plantimestamp())
}
