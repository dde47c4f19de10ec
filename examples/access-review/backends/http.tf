# State behind an HTTP endpoint such as GitLab's, locked while a run works on it. Copy
# this file beside main.tf. Addresses and credentials come from the environment:
# TF_HTTP_ADDRESS, TF_HTTP_LOCK_ADDRESS, TF_HTTP_UNLOCK_ADDRESS, TF_HTTP_USERNAME,
# TF_HTTP_PASSWORD.
terraform {
  backend "http" {
    lock_method   = "POST"
    unlock_method = "DELETE"
  }
}
