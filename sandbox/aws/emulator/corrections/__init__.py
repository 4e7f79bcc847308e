"""Corrections of moto's answers: one module per service. Importing a module applies its corrections.

For each correction a test in `sandbox/aws/test` compares the answer with AWS's documentation.
"""

from . import ec2, efs, elb, elbv2, iam, kms, route53, s3, target_health  # noqa: F401
