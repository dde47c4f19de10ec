terraform {
  required_providers {
    idplus = {
      source  = "idplus-community/idplus"
      version = "~> 0.1.0"
    }
  }
}

# Or leave the block empty, and set IDPLUS_ADMIN_API_URL,
# IDPLUS_OAUTH_ISSUER_URL, IDPLUS_OAUTH_CLIENT_ID and
# IDPLUS_OAUTH_PRIVATE_KEY in the pipeline.
provider "idplus" {
  admin_api_url = "https://example.access.securid.com/AdminInterface/restapi"

  oauth = {
    issuer_url  = "https://example.auth.securid.com/oauth"
    client_id   = var.idplus_client_id
    private_key = var.idplus_private_key
  }

  # No run disables these users, or changes or lets go of more users than this.
  protected_users = ["breakglass@example.com"]
  max_changes     = var.max_changes
}

variable "max_changes" {
  description = "How many users one run may change or let go of."
  type        = number
  default     = 25
}

variable "idplus_client_id" {
  type = string
}

variable "idplus_private_key" {
  description = "Private key of the OAuth client, as JWK or PEM."
  type        = string
  sensitive   = true
}
