data "idplus_user" "ada" {
  email = "ada@example.com"
}

output "last_seen" {
  value = data.idplus_user.ada.month_last_authenticated
}
