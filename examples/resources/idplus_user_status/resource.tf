# One user, kept Disabled.
resource "idplus_user_status" "contractor" {
  email  = "contractor@example.com"
  status = "Disabled"
}
