# Imports users of an existing tenant, with one resource for each:
#   terraform init
#   terraform query                                    lists the users
#   terraform query -generate-config-out=generated.tf  writes resources and import blocks
#   terraform apply                                    imports, and changes no user
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
  description = "Maximum number of users that a run may change or remove. An import changes none: raise it after the import."
  type        = number
  default     = 0
}
