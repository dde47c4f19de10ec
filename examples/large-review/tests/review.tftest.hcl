# Tests of the review without a tenant and without credentials: terraform test. The
# function reads the CSV file for real, so that a bad row fails here.

mock_provider "idplus" {}

run "the_file_can_be_read" {
  command = plan

  assert {
    condition     = length(idplus_user_statuses.review.statuses) >= 250
    error_message = "review.csv has ${length(idplus_user_statuses.review.statuses)} users. Was it cut off?"
  }
  assert {
    condition     = lookup(idplus_user_statuses.review.statuses, "breakglass@example.com", "Enabled") == "Enabled"
    error_message = "The review disables the account for emergencies."
  }
}
