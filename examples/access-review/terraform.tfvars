review = "2026-Q1"
