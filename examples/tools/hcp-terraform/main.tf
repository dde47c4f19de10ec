# A review whose runs and state are in HCP Terraform. Add the resources of a review.

terraform {
  cloud {
    organization = "example"

    workspaces {
      name = "access-review"
    }
  }

  required_providers {
    idplus = {
      source  = "idplus-community/idplus"
      version = "~> 0.1.0"
    }
  }
}

# The tenant and the credentials are environment variables of the workspace (IDPLUS_…).
provider "idplus" {
  protected_users = ["breakglass@example.com"]
  max_changes     = var.max_changes
}

variable "max_changes" {
  description = "How many users one run may change or let go of."
  type        = number
  default     = 10
}
