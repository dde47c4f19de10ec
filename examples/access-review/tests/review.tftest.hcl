# Tests the review without a tenant: terraform test. The function runs for real, so a
# bad worksheet fails here.

mock_provider "idplus" {
  mock_data "idplus_access_review" {
    defaults = {
      statuses = { "ada@example.com" = "Enabled" }
      ids      = { "ada@example.com" = "3b1f7f0e-0000-4000-8000-000000000001" }
      changing = []
    }
  }
}

run "every_worksheet_can_be_read" {
  command = plan

  assert {
    condition     = length(local.review.undecided) == 0
    error_message = "Without a decision: ${join(", ", local.review.undecided)}."
  }
  assert {
    condition     = length(local.review.reviewers) >= 2
    error_message = "One reviewer decided about all users: ${join(", ", keys(local.review.reviewers))}."
  }
}
