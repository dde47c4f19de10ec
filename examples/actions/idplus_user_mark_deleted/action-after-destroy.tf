terraform {
  required_version = ">= 1.16"
  required_providers {
    idplus = {
      source  = "idplus-community/idplus"
      version = "~> 0.1.0"
    }
  }
}

provider "idplus" {
  oauth = {
    scopes = ["rsa.user.read", "rsa.user.manage", "rsa.user.delete.soft"]
  }
}

locals {
  staff   = toset(["ada@example.com", "ben@example.com", "dmitri@example.com"])
  leavers = toset([]) # First here, and out of both lists after the apply.
}

resource "idplus_user_status" "staff" {
  for_each = setsubtract(local.staff, local.leavers)

  email      = each.key
  status     = "Enabled"
  on_destroy = "disable"

  lifecycle {
    action_trigger {
      events  = [after_destroy]
      actions = [action.idplus_user_mark_deleted.leaver[each.key]]
    }
  }
}

action "idplus_user_mark_deleted" "leaver" {
  for_each = local.staff

  config {
    email        = each.key
    mark_deleted = true
  }
}
