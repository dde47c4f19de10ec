# What all tenants have in common. Each has a folder with a terragrunt.hcl and a review.csv.

terraform {
  source = "${get_parent_terragrunt_dir()}/modules/review"

  # The credentials of each tenant are in variables of its own, such as ACME_CLIENT_ID.
  extra_arguments "credentials" {
    commands = ["plan", "apply", "destroy", "import", "refresh"]
    env_vars = {
      for name in ["ADMIN_API_URL", "OAUTH_ISSUER_URL", "OAUTH_CLIENT_ID", "OAUTH_PRIVATE_KEY"] :
      "IDPLUS_${name}" => get_env("${upper(path_relative_to_include())}_${name}", "")
    }
  }
}

# A state for each tenant. Take a backend with locking: this one is for a first try.
remote_state {
  backend = "local"
  config = {
    path = "${get_parent_terragrunt_dir()}/${path_relative_to_include()}/terraform.tfstate"
  }
  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }
}
