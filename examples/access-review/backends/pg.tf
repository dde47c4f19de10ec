# State in PostgreSQL, locked while a run works on it. Copy this file beside main.tf.
# The connection string comes from PG_CONN_STR, not from a file.
terraform {
  backend "pg" {}
}
