# Writes the users of an existing tenant to a file, for the first review:
#   terraform init
#   terraform apply
#   terraform output -raw review > review.csv

terraform {
  required_providers {
    idplus = {
      source  = "idplus-community/idplus"
      version = "~> 0.1.0"
    }
  }
}

# The tenant and the credentials come from the environment (IDPLUS_…).
provider "idplus" {}

data "idplus_users" "all" {
  email_contains = "@example.com"

  # If this tenant's search does not show when users last signed in, look them up:
  # read_with = "lookup"
}

output "review" {
  value = join("", concat(["email,status,last signed in\n"], [
    for user in data.idplus_users.all.users :
    "${user.email},${user.status},${coalesce(user.month_last_authenticated, "never")}\n"
    if !user.mark_deleted
  ]))
}
