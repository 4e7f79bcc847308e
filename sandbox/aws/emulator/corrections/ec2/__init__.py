"""EC2: images, machines and their volumes, network interfaces, what AWS refuses to delete.

Error codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

from . import addresses, dependencies, endpoints, images, instances, interfaces, network, offerings, security_groups, subnets, tags, volumes, zones  # noqa: F401
