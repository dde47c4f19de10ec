terraform {
  required_providers {
    idplus = {
      source = "idplus-community/idplus"
    }
  }
}

resource "idplus_user_status" "by_email" {
  email      = "Ada@example.com"
  status     = "Enabled"
  on_destroy = "disable"
}

resource "idplus_user_status" "by_username" {
  username = "ben"
  status   = "Disabled"
  timeouts = {
    read = "2m"
  }
}

resource "idplus_user_status" "pinned" {
  email           = "carla@example.com"
  id              = data.idplus_user.carla.id
  status          = "Enabled"
  search_unsynced = true
}

resource "idplus_user_statuses" "rows" {
  statuses = {
    "dora@example.com"  = "Enabled"
    "Emil@Example.com"  = "Disabled"
    "farid@example.com" = "Disabled"
  }
  ids = {
    "dora@example.com" = data.idplus_users.rows.users[0].id
  }
  may_change = ["emil@example.com"]
  on_removal = "disable"
  read_with  = "lookup"
}

data "idplus_user" "carla" {
  email = "carla@example.com"
}

data "idplus_users" "rows" {
  emails = ["dora@example.com"]
}
