list "idplus_user_status" "users" {
  provider = idplus

  # All of them: Terraform's own limit is 100.
  limit = 10000

  config {
    email_contains = "@example.com"
  }
}
