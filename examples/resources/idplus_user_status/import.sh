# By email address.
terraform import idplus_user_status.contractor contractor@example.com
terraform import idplus_user_status.contractor email:contractor@example.com

# By username.
terraform import idplus_user_status.contractor username:contractor
