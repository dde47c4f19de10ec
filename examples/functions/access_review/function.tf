locals {
  worksheets = fileset(path.module, "decisions/*.csv")
  review = provider::idplus::access_review(
    file("${path.module}/roster.csv"),
    { for name in local.worksheets : name => file("${path.module}/${name}") },
    plantimestamp(),
  )
}

output "undecided" {
  value = local.review.undecided
}
