# The email addresses of the users, separated by commas.
terraform import idplus_user_statuses.review ada@example.com,ben@example.com
