import {
  to = idplus_user_status.contractor
  id = "contractor@example.com"
}
