include "root" {
  path = find_in_parent_folders("root.hcl")
}

# Counts in this tenant alone.
inputs = {
  max_changes = tonumber(get_env("ACME_MAX_CHANGES", "10"))
}
