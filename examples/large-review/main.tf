# An access review of several hundred users, kept in git as one resource. Reading takes
# one request for 25 users, and a plan has one line for each user who changes.

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
  description = "How many users one run may change or let go of."
  type        = number
  default     = 10
}

locals {
  # Reads the file, and reports bad lines by number. A column called expires is the
  # last day of access.
  review = provider::idplus::statuses(file("${path.module}/review.csv"), plantimestamp())
}

resource "idplus_user_statuses" "review" {
  statuses = local.review
}
