list "idplus_user_status" "users" {
  provider = idplus

  # Whole resources, as -generate-config-out needs them; and all, not the first 100.
  include_resource = true
  limit            = 10000

  config {
    email_contains = "@example.com"
  }
}
