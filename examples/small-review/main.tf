# An access review kept in git. A pull request changes review.csv, the plan shows who
# gains and who loses access, and the apply does exactly that.

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
  default     = 5
}

locals {
  # Reads the file, and reports bad lines by number. A column called expires is the
  # last day of access.
  review = provider::idplus::statuses(file("${path.module}/review.csv"), plantimestamp())
}

resource "idplus_user_status" "review" {
  for_each = { for email, status in local.review : lower(email) => status }

  email  = each.key
  status = each.value
}
