"""Subnets: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.subnets import Subnet

_counted: Any = Subnet.available_ip_address_count


def _unused_ipv4_addresses(subnet: Subnet) -> int:
    # AvailableIpAddressCount is "the number of unused private IPv4 addresses in the subnet": an IPv6-only subnet has none.
    return 0 if subnet.ipv6_native else int(_counted.fget(subnet))


Subnet.available_ip_address_count = property(_unused_ipv4_addresses)  # type: ignore[method-assign, assignment]
