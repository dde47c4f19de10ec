# Enabled users of one domain who have never signed in, for the next review.
data "idplus_users" "enabled" {
  email_contains = "@example.com"
  status         = "Enabled"

  # What search does not show is null too. Null matters here, so look users up.
  read_with = "lookup"
}

output "never_signed_in" {
  value = [
    for user in data.idplus_users.enabled.users : user.email
    if user.month_last_authenticated == null
  ]
}
