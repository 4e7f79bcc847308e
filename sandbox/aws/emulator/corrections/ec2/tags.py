"""Resource types in the tags API."""

from __future__ import annotations

from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE

# moto calls these `vpc-elastic-ip` and `nat-gateway`: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TagDescription.html
EC2_PREFIX_TO_RESOURCE.update({"eipalloc": "elastic-ip", "nat": "natgateway"})
