"""Errors of the EC2 API that moto does not have.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from __future__ import annotations

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError


def dependency_violation(kind: str, identifier: str) -> DependencyViolationError:
    return DependencyViolationError(f"The {kind} '{identifier}' has dependencies and cannot be deleted.")


def refusal(code: str, message: str) -> EC2ClientError:
    return EC2ClientError(code, message)
