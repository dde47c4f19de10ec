# Brings users of an existing tenant under Terraform, a resource for each:
#   terraform init
#   terraform query                                    who is there
#   terraform query -generate-config-out=generated.tf  writes resources and import blocks
#   terraform apply                                    imports, and changes nobody
# It takes Terraform 1.14 or later.

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
  description = "How many users a run may change or let go. An import changes none: raise it when the import is done."
  type        = number
  default     = 0
}
