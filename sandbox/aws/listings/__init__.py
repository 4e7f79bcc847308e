"""The lists of an AWS account's resources, service by service, through AWS's own API."""
