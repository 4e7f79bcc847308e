#!/bin/bash
# Prints a value of the instance metadata service (IMDSv2). Argument: a path below /latest/meta-data/, such as instance-id.
set -euo pipefail
service=${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}
ask() {
  curl --silent --show-error --fail --noproxy '*' --retry 5 --retry-connrefused "$@"
}
token=$(ask --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$service/latest/api/token")
ask --config - "$service/latest/meta-data/$1" <<<"header = \"X-aws-ec2-metadata-token: $token\""
