# The users with these addresses, and the addresses that no user has.
data "idplus_users" "leavers" {
  emails = ["ada@example.com", "gone@example.com"]
}

output "leavers_by_status" {
  value = { for user in data.idplus_users.leavers.users : user.status => user.email... }
}

output "gone_already" {
  value = data.idplus_users.leavers.missing
}
