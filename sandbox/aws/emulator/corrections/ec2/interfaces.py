"""Network interfaces: addresses from their subnet, and the interfaces that AWS services create in a VPC.

moto invents addresses outside the subnet, does not release them, and has no interfaces of load balancers.
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models import elastic_network_interfaces, nat_gateways, vpcs
from moto.ec2.models.elastic_network_interfaces import NetworkInterface, NetworkInterfaceBackend
from moto.ec2.responses.elastic_network_interfaces import ElasticNetworkInterfaces
from moto.ec2.utils import random_eni_attach_id

from ..patching import corrects
from . import associations
from .errors import refusal

# The addresses of NAT gateways and endpoints come from their subnet (see below) instead of moto's random addresses.
nat_gateways.random_private_ip = vpcs.random_private_ip = lambda: None  # type: ignore[assignment,misc]

_PLAIN_FILTERS = {
    "attachment.status": lambda eni: "attached" if eni.attachment else None,
    "association.allocation-id": lambda eni: eni.association.get("allocationId"),
    "association.public-ip": lambda eni: eni.public_ip,
    "interface-type": lambda eni: eni.interface_type,
    "requester-managed": lambda eni: str(eni.requester_managed).lower(),
}


class ServiceAttachment:
    """The attachment of an interface to an AWS service instead of an instance."""

    def __init__(self, owner: str) -> None:
        self.attachment_id = random_eni_attach_id().replace("eni-attach-", "ela-attach-")
        self.attach_time = utcnow()
        self.delete_on_termination = False
        self.device_index = 1
        self.network_card_index = 0
        self.instance_id = None
        self.instance_owner_id = owner
        self.status = "attached"


def internal_name(address: str, region: str) -> str:
    """The DNS name of a private address: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-dns.html"""
    suffix = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
    return f"ip-{address.replace('.', '-')}.{suffix}"


@corrects(NetworkInterface, "__init__")
def initialise(original: Any, self: NetworkInterface, backend: Any, subnet: Any, private_ip_address: Any, *arguments: Any, **options: Any) -> None:
    subnet = backend.get_subnet(subnet) if isinstance(subnet, str) else subnet
    given = private_ip_address[0] if isinstance(private_ip_address, list) and private_ip_address else private_ip_address
    listed = arguments[0] if arguments else options.get("private_ip_addresses")
    if not given and not listed:
        given = subnet.get_available_subnet_ip(instance=self)
    elif given and given not in subnet._subnet_ips:
        subnet.request_ip(given, instance=self)
    original(self, backend, subnet, given, *arguments, **options)
    for address in self.private_ip_addresses:
        if "PrivateDnsName" in address:
            address["PrivateDnsName"] = internal_name(address["PrivateIpAddress"], backend.region_name)
            self.private_dns_name = address["PrivateDnsName"]


@corrects(NetworkInterface, "get_filter_value")
def filter_value(original: Any, self: NetworkInterface, filter_name: str, method_name: str | None = None) -> Any:
    if filter_name in _PLAIN_FILTERS:
        return _PLAIN_FILTERS[filter_name](self)
    return original(self, filter_name, method_name)


_instance_attachment = NetworkInterface.attachment
NetworkInterface.attachment = property(  # type: ignore[assignment]
    lambda self: getattr(self, "service_attachment", None) or _instance_attachment.fget(self)  # type: ignore[attr-defined]
)


@corrects(NetworkInterfaceBackend, "delete_network_interface")
def delete(original: Any, backend: Any, eni_id: str) -> None:
    interface = backend.enis.get(eni_id)
    original(backend, eni_id)
    for address in interface.private_ip_addresses:
        interface.subnet.del_subnet_ip(address["PrivateIpAddress"])
    for elastic in backend.addresses:
        if elastic.eni is interface:
            associations.end(elastic)


@corrects(ElasticNetworkInterfaces, "delete_network_interface")
def delete_response(original: Any, self: Any) -> Any:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteNetworkInterface.html: "You must detach the network interface first."
    interface = self.ec2_backend.enis.get(self._get_param("NetworkInterfaceId"))
    if interface is not None and interface.status == "in-use":
        raise refusal("InvalidParameterValue", f"Network interface '{interface.id}' is currently in use.")
    return original(self)


def create_requester_managed(backend: Any, subnet_id: str, kind: str, owner: str, description: str, groups: list[str], public: bool = False) -> NetworkInterface:
    """Creates an interface as an AWS service does: requester-managed and in use, so that the user can't delete it."""
    interface: NetworkInterface = backend.create_network_interface(subnet_id, None, group_ids=groups, description=description)
    mark_as_requester_managed(interface, kind, owner, description)
    interface._group_set = [backend.get_security_group_from_id(group) for group in groups]
    if public:
        interface.public_ip = elastic_network_interfaces.random_public_ip()
    return interface


def mark_as_requester_managed(interface: NetworkInterface, kind: str, owner: str, description: str) -> None:
    interface.interface_type = kind
    interface.description = description
    interface.requester_managed = True
    interface.requester_id = owner
    interface.status = "in-use"
    interface.service_attachment = ServiceAttachment(owner)  # type: ignore[attr-defined]


def sync_interfaces(backend: Any, subnets: list[str], kind: str, owner: str, description: str, groups: list[str], public: bool) -> None:
    """Makes sure that a service has one interface in each of the subnets, and none in other subnets. The service's
    interfaces are found by their description.
    """
    existing = {interface.subnet.id: interface for interface in backend.enis.values() if interface.description == description}
    for subnet_id in subnets:
        if subnet_id not in existing:
            create_requester_managed(backend, subnet_id, kind, owner, description, groups, public)
    for subnet_id, interface in existing.items():
        if subnet_id not in subnets:
            backend.delete_network_interface(interface.id)
        else:
            interface._group_set = [backend.get_security_group_from_id(group) for group in groups]
