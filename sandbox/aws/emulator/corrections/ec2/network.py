"""VPCs, subnets and route tables: corrections of objects that moto creates or keeps and AWS does not, and of missing errors and tags."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import RouteAlreadyExistsError
from moto.ec2.models.route_tables import RouteBackend
from moto.ec2.models.subnets import SubnetBackend
from moto.ec2.models.vpcs import VPCBackend
from moto.ec2.responses.dhcp_options import DHCPOptions

from ..patching import corrects
from .errors import refusal


def _default_dhcp_options(backend: Any) -> Any:
    """The region's default DHCP options: https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSetConcepts.html"""
    options = getattr(backend, "default_dhcp_options", None)
    if options is None:
        region = backend.region_name
        domain = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
        options = backend.create_dhcp_options(domain_name=[domain], domain_name_servers=["AmazonProvidedDNS"])
        backend.default_dhcp_options = options
    return options


@corrects(VPCBackend, "create_vpc")
def create_vpc(original: Any, backend: Any, *arguments: Any, **options: Any) -> Any:
    # A VPC has its region's DHCP options until different options are associated. moto gives a new VPC no options, which AWS shows as "default":
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateDhcpOptions.html
    vpc = original(backend, *arguments, **options)
    backend.associate_dhcp_options(_default_dhcp_options(backend), vpc)
    return vpc


@corrects(SubnetBackend, "create_subnet")
def create_subnet(original: Any, backend: Any, vpc_id: str, *arguments: Any, **options: Any) -> Any:
    # moto treats the first subnet of a zone as the default one, in any VPC. Only the default VPC has default subnets:
    # https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html
    subnet = original(backend, vpc_id, *arguments, **options)
    if not backend.get_vpc(vpc_id).is_default:
        subnet.default_for_az = subnet.map_public_ip_on_launch = False
    return subnet


@corrects(RouteBackend, "associate_route_table")
def associate_route_table(original: Any, backend: Any, route_table_id: str, gateway_id: str | None = None, subnet_id: str | None = None) -> str:
    # A subnet has one route table at a time: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
    for table in backend.route_tables.values():
        if subnet_id and table.id != route_table_id and subnet_id in table._associations.values():
            raise refusal("Resource.AlreadyAssociated", f"the specified association for route table {route_table_id} conflicts with an existing one")
    return original(backend, route_table_id, gateway_id=gateway_id, subnet_id=subnet_id)


@corrects(RouteBackend, "create_route")
def create_route(
    original: Any,
    backend: Any,
    route_table_id: str,
    destination_cidr_block: str | None = None,
    destination_ipv6_cidr_block: str | None = None,
    destination_prefix_list_id: str | None = None,
    *arguments: Any,
    **options: Any,
) -> Any:
    # moto refuses a duplicate route only for IPv4: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
    wanted = destination_ipv6_cidr_block or destination_prefix_list_id
    for route in backend.get_route_table(route_table_id)._routes.values():
        if wanted and not route.local and wanted in (route.destination_ipv6_cidr_block, route.destination_prefix_list_id):
            raise RouteAlreadyExistsError(wanted)
    destinations = (destination_cidr_block, destination_ipv6_cidr_block, destination_prefix_list_id)
    return original(backend, route_table_id, *destinations, *arguments, **options)


@corrects(DHCPOptions, "create_dhcp_options")
def create_dhcp_options(original: Any, self: Any) -> Any:
    # moto ignores TagSpecifications: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateDhcpOptions.html
    result = original(self)
    result._result["DhcpOptions"].add_tags(self._parse_tag_specification().get("dhcp-options", {}))
    return result
