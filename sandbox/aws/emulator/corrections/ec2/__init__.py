"""EC2: AMIs, instances and their volumes, network interfaces, and deletions that AWS refuses.

Error codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from . import addresses, dependencies, endpoints, images, instances, interfaces, network, offerings, security_groups, subnets, tags, topology, volumes, zones  # noqa: F401
