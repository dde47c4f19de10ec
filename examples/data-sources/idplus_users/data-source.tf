# Enabled users of one domain who have never signed in, for the next review.
data "idplus_users" "enabled" {
  email_contains = "@example.com"
  status         = "Enabled"

  # Whom the search shows without this is looked up: here a null decides.
  complete = ["month_last_authenticated"]
}

output "never_signed_in" {
  value = [for user in data.idplus_users.enabled.users : user.email if user.month_last_authenticated == null]
}
