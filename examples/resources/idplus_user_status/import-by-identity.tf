import {
  to = idplus_user_status.contractor
  identity = {
    email = "contractor@example.com"
  }
}
