"""VPC endpoints: network interfaces in every subnet and routes in every route table, also after a change of the endpoint."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.vpcs import VPCBackend

from ..patching import corrects
from .interfaces import create_requester_managed, mark_as_requester_managed


def _create_interface(backend: Any, endpoint: Any, subnet_id: str) -> None:
    description = f"VPC Endpoint Interface {endpoint.id}"
    interface = create_requester_managed(backend, subnet_id, "vpc_endpoint", "amazon-aws", description, endpoint.security_group_ids)
    endpoint.network_interface_ids.append(interface.id)


@corrects(VPCBackend, "create_vpc_endpoint")
def create_vpc_endpoint(original: Any, backend: Any, *arguments: Any, **options: Any) -> Any:
    # A new interface endpoint has security groups, and a requester-managed interface in each subnet:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html
    endpoint = original(backend, *arguments, **options)
    endpoint.vpc_endpoint_type = endpoint.vpc_endpoint_type or "Gateway"
    if endpoint.vpc_endpoint_type == "Interface" and not endpoint.security_group_ids:
        endpoint.security_group_ids = [backend.get_default_security_group(endpoint.vpc_id).id]
    for identifier in endpoint.network_interface_ids:
        interface = backend.enis[identifier]
        mark_as_requester_managed(interface, "vpc_endpoint", "amazon-aws", f"VPC Endpoint Interface {endpoint.id}")
        interface._group_set = [backend.get_security_group_from_id(group) for group in endpoint.security_group_ids]
    return endpoint


@corrects(VPCBackend, "modify_vpc_endpoint")
def modify_vpc_endpoint(original: Any, backend: Any, vpc_id: str, *arguments: Any, **options: Any) -> None:
    # A change of route tables or subnets also changes routes and interfaces: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html
    endpoint = backend.describe_vpc_endpoints(vpc_end_point_ids=[vpc_id])[0]
    tables, subnets = list(endpoint.route_table_ids or []), list(endpoint.subnet_ids or [])
    original(backend, vpc_id, *arguments, **options)
    prefix_list = endpoint.destination_prefix_list_id
    if prefix_list:
        for table in set(endpoint.route_table_ids) - set(tables):
            backend.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix_list)
        for table in set(tables) - set(endpoint.route_table_ids):
            backend.delete_route(table, prefix_list)
    for subnet in set(endpoint.subnet_ids or []) - set(subnets):
        _create_interface(backend, endpoint, subnet)
    for subnet in set(subnets) - set(endpoint.subnet_ids or []):
        for identifier in [one for one in endpoint.network_interface_ids if backend.enis[one].subnet.id == subnet]:
            backend.delete_network_interface(identifier)
            endpoint.network_interface_ids.remove(identifier)
    for identifier in endpoint.network_interface_ids:
        backend.enis[identifier]._group_set = [backend.get_security_group_from_id(group) for group in endpoint.security_group_ids]


@corrects(VPCBackend, "delete_vpc_endpoints")
def delete_vpc_endpoints(original: Any, backend: Any, vpce_ids: list[str] | None = None) -> None:
    # A deletion also deletes the endpoint's interfaces and routes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVpcEndpoints.html
    for endpoint in filter(None, (backend.vpc_end_points.get(identifier) for identifier in vpce_ids or [])):
        if endpoint.state == "deleted":
            continue
        for identifier in list(endpoint.network_interface_ids):
            backend.delete_network_interface(identifier)
        for table in endpoint.route_table_ids or []:
            # The routes of a deleted route table are already gone.
            if endpoint.destination_prefix_list_id and table in backend.route_tables:
                backend.delete_route(table, endpoint.destination_prefix_list_id)
        endpoint.network_interface_ids = []
        endpoint.state = "deleted"


@corrects(VPCBackend, "describe_vpc_endpoints")
def describe_vpc_endpoints(original: Any, backend: Any, vpc_end_point_ids: list[str] | None, filters: Any = None) -> Any:
    # AWS still shows a deleted endpoint for a while. No program depends on that, so here the endpoint disappears at once.
    backend.vpc_end_points = {key: endpoint for key, endpoint in backend.vpc_end_points.items() if endpoint.state != "deleted"}
    return original(backend, vpc_end_point_ids, filters)
