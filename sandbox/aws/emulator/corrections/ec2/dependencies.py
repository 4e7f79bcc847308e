"""Deletions that AWS refuses while another resource needs the deleted one.

moto deletes a VPC with security groups and gateways, a subnet with instances, and a security group to which rules and interfaces refer.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.dhcp_options import DHCPOptionsSetBackend
from moto.ec2.models.internet_gateways import InternetGatewayBackend
from moto.ec2.models.route_tables import RouteBackend
from moto.ec2.models.security_groups import SecurityGroupBackend
from moto.ec2.models.subnets import SubnetBackend
from moto.ec2.models.vpcs import VPCBackend

from ..patching import corrects
from .errors import dependency_violation, refusal


@corrects(SubnetBackend, "delete_subnet")
def delete_subnet(original: Any, backend: Any, subnet_id: str) -> Any:
    # "You must terminate all running instances in the subnet before you can delete the subnet":
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSubnet.html. Everything that runs in a subnet has an interface in it.
    if any(interface.subnet.id == subnet_id for interface in backend.enis.values()):
        raise dependency_violation("subnet", subnet_id)
    subnet = original(backend, subnet_id)
    # AWS deletes a subnet's associations with the subnet. moto keeps them, and then refuses to delete the route tables.
    for table in backend.route_tables.values():
        table._associations = {key: target for key, target in table._associations.items() if target != subnet_id}
    for acl in backend.network_acls.values():
        acl._associations = {key: one for key, one in acl._associations.items() if one.subnet_id != subnet_id}
    return subnet


def _group_is_used(backend: Any, group_id: str) -> bool:
    if any(group.id == group_id for interface in backend.enis.values() for group in interface.group_set):
        return True
    others = [group for groups in backend.groups.values() for group in groups.values() if group.id != group_id]
    return any(rule.source_group.get("GroupId") == group_id for group in others for rule in [*group.ingress_rules, *group.egress_rules])


@corrects(SecurityGroupBackend, "delete_security_group")
def delete_security_group(original: Any, backend: Any, name: str | None = None, group_id: str | None = None) -> None:
    # "If you attempt to delete a security group that is associated with an instance or network interface, is referenced by another security
    # group in the same VPC, or has a VPC association, the operation fails with DependencyViolation":
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html
    group = backend.get_security_group_by_name_or_id(group_id or name)
    if group is not None and group.is_default:
        raise refusal("CannotDelete", f"the specified group: '{group.id}' name: 'default' cannot be deleted by a user")
    if group is not None and _group_is_used(backend, group.id):
        raise refusal("DependencyViolation", f"resource {group.id} has a dependent object")
    original(backend, name=name, group_id=group_id)


@corrects(InternetGatewayBackend, "detach_internet_gateway")
def detach_internet_gateway(original: Any, backend: Any, internet_gateway_id: str, vpc_id: str) -> None:
    # "The VPC must not contain any running instances with Elastic IP addresses or public IPv4 addresses":
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html
    if any(interface.vpc_id == vpc_id and interface.public_ip for interface in backend.enis.values()):
        message = f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway."
        raise refusal("DependencyViolation", message)
    original(backend, internet_gateway_id, vpc_id)


@corrects(RouteBackend, "delete_route_table")
def delete_route_table(original: Any, backend: Any, route_table_id: str) -> None:
    # "You must disassociate the route table from any subnets before you can delete it. You can't delete the main route table":
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteRouteTable.html
    table = backend.get_route_table(route_table_id)
    if table.main_association_id is not None:
        raise dependency_violation("routeTable", route_table_id)
    original(backend, route_table_id)
    for endpoint in backend.vpc_end_points.values():
        if route_table_id in (endpoint.route_table_ids or []):
            endpoint.route_table_ids.remove(route_table_id)


@corrects(DHCPOptionsSetBackend, "delete_dhcp_options_set")
def delete_dhcp_options_set(original: Any, backend: Any, options_id: str | None) -> None:
    # DHCP options cannot be deleted while a VPC is associated with them: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteDhcpOptions.html
    if any(vpc.dhcp_options is not None and vpc.dhcp_options.id == options_id for vpc in backend.vpcs.values()):
        raise dependency_violation("dhcpOptions", str(options_id))
    if options_id in backend.dhcp_options_sets:
        backend.dhcp_options_sets[options_id].vpc = None
    original(backend, options_id)


def _has_dependencies(backend: Any, vpc_id: str) -> bool:
    """https://docs.aws.amazon.com/vpc/latest/userguide/delete-vpc.html lists the resources that must be deleted first."""
    return (
        any(subnet.vpc_id == vpc_id for subnet in backend.describe_subnets())
        or any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in backend.internet_gateways.values())
        or any(interface.vpc_id == vpc_id for interface in backend.enis.values())
        or any(endpoint.vpc_id == vpc_id and endpoint.state != "deleted" for endpoint in backend.vpc_end_points.values())
        or any(not group.is_default for group in backend.groups[vpc_id].values())
        or any(table.vpc_id == vpc_id and table.main_association_id is None for table in backend.route_tables.values())
        or any(acl.vpc_id == vpc_id and not acl.default for acl in backend.network_acls.values())
    )


@corrects(VPCBackend, "delete_vpc")
def delete_vpc(original: Any, backend: Any, vpc_id: str) -> Any:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpc.html: AWS also deletes the default security group, the default
    # network ACL and the main route table. It keeps the DHCP options, which moto deletes.
    vpc = backend.get_vpc(vpc_id)
    if _has_dependencies(backend, vpc_id):
        raise dependency_violation("vpc", vpc_id)
    vpc.dhcp_options = None
    for table in [table for table in backend.route_tables.values() if table.vpc_id == vpc_id]:
        del backend.route_tables[table.id]
    for acl in [acl for acl in backend.network_acls.values() if acl.vpc_id == vpc_id]:
        del backend.network_acls[acl.id]
    backend.groups.pop(vpc_id, None)
    return original(backend, vpc_id)
