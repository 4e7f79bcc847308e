"""What is listed of an AWS account, service by service, through AWS's own API."""
