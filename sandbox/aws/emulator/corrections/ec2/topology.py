"""The place of instances in AWS's network. AWS tells the place only for some instance types, for example p5, and the
sandbox runs none of these types.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTopology.html
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses.instances import InstanceResponse

from ..patching import adds


@adds(InstanceResponse)
def describe_instance_topology(_response: Any) -> ActionResult:
    return ActionResult({"Instances": []})
