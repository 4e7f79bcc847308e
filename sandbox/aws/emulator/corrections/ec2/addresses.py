"""Elastic IP addresses and NAT gateways."""

from __future__ import annotations

import ipaddress
import itertools
from typing import Any

from moto.ec2.models import elastic_ip_addresses, elastic_network_interfaces
from moto.ec2.models.elastic_ip_addresses import ElasticAddressBackend
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.responses.elastic_ip_addresses import ElasticIPAddresses

from ..patching import corrects
from . import associations
from .errors import refusal
from .interfaces import mark_as_requester_managed

# moto's public addresses are loopback addresses, where a local program may answer. The addresses below are reserved for
# benchmarks (RFC 2544), so nothing uses them.
_public_addresses = itertools.cycle(ipaddress.ip_network("198.18.0.0/15").hosts())


def next_public_address() -> str:
    return str(next(_public_addresses))


elastic_ip_addresses.random_ip = next_public_address
elastic_network_interfaces.random_public_ip = next_public_address


@corrects(ElasticIPAddresses, "release_address")
def release_address(original: Any, self: Any) -> Any:
    # "[Nondefault VPC] You must disassociate the Elastic IP address before you can release it. Otherwise, Amazon EC2 returns an error
    # (InvalidIPAddress.InUse)": https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html
    allocation = self._get_param("AllocationId")
    for address in self.ec2_backend.addresses:
        in_default_vpc = address.eni is not None and self.ec2_backend.get_vpc(address.eni.vpc_id).is_default
        if address.allocation_id == allocation and address.association_id and not in_default_vpc:
            raise refusal("InvalidIPAddress.InUse", f"Address {address.public_ip} is in use.")
    return original(self)


@corrects(ElasticAddressBackend, "disassociate_address")
def disassociate_address(original: Any, backend: Any, address: str | None = None, association_id: str | None = None) -> None:
    # A NAT gateway's address cannot be disassociated until the gateway is deleted:
    # https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-working-with.html
    if associations.has_ended(association_id):
        return
    for elastic in backend.addresses:
        if elastic.association_id and elastic.association_id == association_id:
            associations.remember(elastic)
        interface = elastic.eni
        if association_id and elastic.association_id == association_id and interface is not None and interface.requester_managed:
            raise refusal("AuthFailure", "You do not have permission to access the specified resource.")
    original(backend, address=address, association_id=association_id)


@corrects(NatGatewayBackend, "create_nat_gateway")
def create_nat_gateway(original: Any, backend: Any, subnet_id: str, allocation_id: str, *arguments: Any, **options: Any) -> Any:
    # An address that is already associated is refused: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
    if allocation_id and backend.address_by_allocation([allocation_id])[0].association_id:
        raise refusal("Resource.AlreadyAssociated", f"Elastic IP address [{allocation_id}] is already associated")
    gateway = original(backend, subnet_id, allocation_id, *arguments, **options)
    interface = gateway._eni
    mark_as_requester_managed(interface, "nat_gateway", "amazon-aws", f"Interface for NAT Gateway {gateway.id}")
    interface._group_set = []
    gateway.private_ip = interface.private_ip_address
    return gateway


@corrects(NatGatewayBackend, "delete_nat_gateway")
def delete_nat_gateway(original: Any, backend: Any, nat_gateway_id: str) -> Any:
    # "Deleting a public NAT gateway disassociates its Elastic IP address, but does not release the address from your account":
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNatGateway.html
    gateway = backend.nat_gateways.get(nat_gateway_id)
    if gateway is None:
        raise refusal("NatGatewayNotFound", f"NAT gateway {nat_gateway_id} was not found")
    if gateway.state != "deleted":
        backend.delete_network_interface(gateway._eni.id)
    return original(backend, nat_gateway_id)


@corrects(NatGatewayBackend, "describe_nat_gateways")
def describe_nat_gateways(original: Any, backend: Any, filters: Any, nat_gateway_ids: list[str] | None) -> Any:
    for identifier in nat_gateway_ids or []:
        if identifier not in backend.nat_gateways:
            raise refusal("NatGatewayNotFound", f"NAT gateway {identifier} was not found")
    return original(backend, filters, nat_gateway_ids)
