"""EC2: the networks, instances, volumes and AMIs of a region. Deleted and terminated resources are left out, even if AWS still shows them."""

from __future__ import annotations

from typing import Any

from .calls import Item, Lister, digest, listing, pages, state_is_not


def _vpcs(ec2: Any) -> list[Item]:
    vpcs = pages(ec2, "describe_vpcs", "Vpcs")
    for vpc in vpcs:
        for attribute in ("enableDnsSupport", "enableDnsHostnames"):
            answer = ec2.describe_vpc_attribute(VpcId=vpc["VpcId"], Attribute=attribute)
            vpc[attribute] = answer[attribute[0].upper() + attribute[1:]]["Value"]
    return vpcs


def _instances(ec2: Any) -> list[Item]:
    reservations = pages(ec2, "describe_instances", "Reservations")
    instances = [instance for reservation in reservations for instance in reservation["Instances"]]
    alive = [instance for instance in instances if instance["State"]["Name"] not in ("shutting-down", "terminated")]
    for instance in alive:
        identity = {"InstanceId": instance["InstanceId"]}
        user_data = ec2.describe_instance_attribute(**identity, Attribute="userData").get("UserData", {}).get("Value", "")
        instance["UserData"] = digest(user_data)
        protection = ec2.describe_instance_attribute(**identity, Attribute="disableApiTermination")
        instance["DisableApiTermination"] = protection["DisableApiTermination"]["Value"]
    return alive


EC2: dict[str, Lister] = {
    "addresses": listing("describe_addresses", "Addresses"),
    "dhcp-options": listing("describe_dhcp_options", "DhcpOptions"),
    "images": listing("describe_images", "Images", state_is_not("State", "deregistered"), Owners=["self"]),
    "instances": _instances,
    "internet-gateways": listing("describe_internet_gateways", "InternetGateways"),
    "key-pairs": listing("describe_key_pairs", "KeyPairs"),
    "launch-templates": listing("describe_launch_templates", "LaunchTemplates"),
    "nat-gateways": listing("describe_nat_gateways", "NatGateways", state_is_not("State", "deleted", "deleting")),
    "network-acls": listing("describe_network_acls", "NetworkAcls"),
    "network-interfaces": listing("describe_network_interfaces", "NetworkInterfaces"),
    "prefix-lists": listing("describe_managed_prefix_lists", "PrefixLists", lambda item: item.get("OwnerId") != "AWS"),
    "route-tables": listing("describe_route_tables", "RouteTables"),
    "security-group-rules": listing("describe_security_group_rules", "SecurityGroupRules"),
    "security-groups": listing("describe_security_groups", "SecurityGroups"),
    "snapshots": listing("describe_snapshots", "Snapshots", OwnerIds=["self"]),
    "subnets": listing("describe_subnets", "Subnets"),
    "volumes": listing("describe_volumes", "Volumes", state_is_not("State", "deleting", "deleted")),
    "vpc-endpoints": listing("describe_vpc_endpoints", "VpcEndpoints", state_is_not("State", "deleting", "deleted")),
    "vpcs": _vpcs,
}
