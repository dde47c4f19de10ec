# A tenant that no single run should hold: a workspace for each file in users/, such as
# one for each identity source. A run reads one file, and the state of one workspace:
#   TF_WORKSPACE=example.com terraform plan

terraform {
  required_providers {
    idplus = {
      source  = "idplus-community/idplus"
      version = "~> 0.1.0"
    }
  }

  # One database, with a state and a lock for each workspace. The connection string
  # comes from PG_CONN_STR.
  backend "pg" {}
}

# The tenant and the credentials come from the environment (IDPLUS_…). The guards hold
# in each workspace.
provider "idplus" {
  protected_users = ["breakglass@example.com"]
  max_changes     = var.max_changes
}

variable "max_changes" {
  description = "How many users one run may change or let go of, in its workspace."
  type        = number
  default     = 10
}

locals {
  file = "${path.module}/users/${terraform.workspace}.csv"
}

resource "idplus_user_statuses" "users" {
  # The header alone is for terraform validate, which may run in no workspace of ours.
  statuses = provider::idplus::statuses(fileexists(local.file) ? file(local.file) : "email,status\n", plantimestamp())

  lifecycle {
    precondition {
      condition     = fileexists(local.file)
      error_message = "There is no users/${terraform.workspace}.csv. Choose one of the workspaces with TF_WORKSPACE."
    }
  }
}
