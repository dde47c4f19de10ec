# Imports users of an existing tenant, with one resource for each:
#   terraform init
#   terraform query
#   terraform query -generate-config-out=generated.tf
#   terraform apply
# It needs Terraform 1.14 or later.

terraform {
  required_version = ">= 1.14"

  required_providers {
    idplus = {
      source  = "idplus-community/idplus"
      version = "~> 0.1.0"
    }
  }
}

# The tenant and the credentials come from the environment (IDPLUS_…).
provider "idplus" {
  max_changes = var.max_changes
}

variable "max_changes" {
  description = "How many users one run may change or let go of. Raise it after the import."
  type        = number
  default     = 0
}
