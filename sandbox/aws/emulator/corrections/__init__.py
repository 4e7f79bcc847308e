"""Where moto answers otherwise than AWS: one module per service, applied by being imported.

Each correction is held to AWS's documented answer by a test of the same name in `sandbox/aws/test`.
"""

from . import ec2, elb, elbv2, iam, kms, route53, s3, target_health  # noqa: F401
