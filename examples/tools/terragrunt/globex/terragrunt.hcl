include "root" {
  path = find_in_parent_folders("root.hcl")
}

inputs = {
  max_changes = tonumber(get_env("GLOBEX_MAX_CHANGES", "5"))
}
