"""Duplicates are refused, with the error code that AWS documents."""

from __future__ import annotations

from typing import Any

from support import Network, client_of, refused, unique

ec2 = client_of("ec2")


def rule(**content: Any) -> list[dict[str, Any]]:
    return [{"IpProtocol": "tcp", "FromPort": 6443, "ToPort": 6443, **content}]


def test_rules_that_differ_only_in_the_description_are_duplicates(network: Network) -> None:
    # A rule that differs only in its description is a duplicate: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
    other = network.make_group()
    for peers in (
        lambda text: {"IpRanges": [{"CidrIp": "10.0.0.0/16", "Description": text}]},
        lambda text: {"UserIdGroupPairs": [{"GroupId": other, "Description": text}]},
    ):
        ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=rule(**peers("one")))
        with refused("InvalidPermission.Duplicate"):
            ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=rule(**peers("two")))
        ec2.revoke_security_group_ingress(GroupId=network.group, IpPermissions=rule(**peers("three")))
        with refused("InvalidPermission.NotFound"):
            ec2.revoke_security_group_ingress(GroupId=network.group, IpPermissions=rule(**peers("one")))
    everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
    with refused("InvalidPermission.Duplicate"):  # AWS's default egress rule already exists.
        ec2.authorize_security_group_egress(GroupId=network.group, IpPermissions=everything)


def test_a_deleted_rules_id_is_not_found(network: Network) -> None:
    # A deleted rule's id has its own error code: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    for way in ("ingress", "egress"):
        permission = rule(IpRanges=[{"CidrIp": "10.0.0.0/16"}])
        made = getattr(ec2, f"authorize_security_group_{way}")(GroupId=network.group, IpPermissions=permission)["SecurityGroupRules"]
        named = {"GroupId": network.group, "SecurityGroupRuleIds": [made[0]["SecurityGroupRuleId"]]}
        revoke = getattr(ec2, f"revoke_security_group_{way}")
        revoke(**named)
        with refused("InvalidSecurityGroupRuleId.NotFound"):
            revoke(**named)


def test_rules_are_listed_with_ports_description_and_tags(network: Network) -> None:
    # The fields of a rule: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
    pair = [{"GroupId": network.group, "Description": "ESP"}]
    tags = [{"ResourceType": "security-group-rule", "Tags": [{"Key": "a", "Value": "b"}]}]
    permission = [{"IpProtocol": "50", "UserIdGroupPairs": pair}]
    made = ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=permission, TagSpecifications=tags)["SecurityGroupRules"][0]
    told = ec2.describe_security_group_rules(SecurityGroupRuleIds=[made["SecurityGroupRuleId"]])["SecurityGroupRules"][0]
    assert (told["IpProtocol"], told["FromPort"], told["ToPort"], told["Description"]) == ("50", -1, -1, "ESP")
    assert told["ReferencedGroupInfo"]["GroupId"] == network.group
    assert told["Tags"] == [{"Key": "a", "Value": "b"}]


def test_a_rule_is_modified_in_place(network: Network) -> None:
    other = network.make_group()
    permission = rule(UserIdGroupPairs=[{"GroupId": network.group, "Description": "one"}])
    identifier = ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=permission)["SecurityGroupRules"][0]["SecurityGroupRuleId"]
    wanted = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 23, "ReferencedGroupId": other, "Description": "two"}
    ec2.modify_security_group_rules(GroupId=network.group, SecurityGroupRules=[{"SecurityGroupRuleId": identifier, "SecurityGroupRule": wanted}])
    told = ec2.describe_security_group_rules(SecurityGroupRuleIds=[identifier])["SecurityGroupRules"][0]
    assert (told["FromPort"], told["ToPort"], told["Description"], told["ReferencedGroupInfo"]["GroupId"]) == (22, 23, "two", other)


def test_duplicate_groups_subnets_routes_and_keys_are_refused(network: Network) -> None:
    name = unique("group")
    ec2.create_security_group(GroupName=name, Description="test", VpcId=network.vpc)
    with refused("InvalidGroup.Duplicate"):
        ec2.create_security_group(GroupName=name, Description="test", VpcId=network.vpc)
    with refused("InvalidSubnet.Conflict"):
        ec2.create_subnet(VpcId=network.vpc, CidrBlock="10.0.0.0/24")
    table = ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    gateway = network.make_gateway()
    for destination in ({"DestinationCidrBlock": "0.0.0.0/0"}, {"DestinationIpv6CidrBlock": "::/0"}):
        ec2.create_route(RouteTableId=table, GatewayId=gateway, **destination)
        with refused("RouteAlreadyExists"):
            ec2.create_route(RouteTableId=table, GatewayId=gateway, **destination)
    key = unique("key")
    ec2.create_key_pair(KeyName=key)
    with refused("InvalidKeyPair.Duplicate"):
        ec2.create_key_pair(KeyName=key)


def test_routes_and_interfaces_follow_a_change_of_the_endpoint(network: Network) -> None:
    # Routes and interfaces follow a change: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcEndpoint.html
    table = ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]

    def prefix_lists() -> list[str]:
        routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        return [route["DestinationPrefixListId"] for route in routes if "DestinationPrefixListId" in route]

    gateway = ec2.create_vpc_endpoint(VpcId=network.vpc, ServiceName="com.amazonaws.us-east-1.s3")["VpcEndpoint"]["VpcEndpointId"]
    ec2.modify_vpc_endpoint(VpcEndpointId=gateway, AddRouteTableIds=[table])
    assert len(prefix_lists()) == 1
    ec2.delete_vpc_endpoints(VpcEndpointIds=[gateway])
    assert prefix_lists() == []
    interface = ec2.create_vpc_endpoint(
        VpcId=network.vpc, ServiceName="com.amazonaws.us-east-1.ec2", VpcEndpointType="Interface", SubnetIds=network.subnets[:1]
    )["VpcEndpoint"]["VpcEndpointId"]
    (placed,) = network.interfaces()
    assert (placed["InterfaceType"], placed["RequesterManaged"], placed["SubnetId"]) == ("vpc_endpoint", True, network.subnets[0])
    assert placed["PrivateIpAddress"].startswith("10.0.")
    ec2.modify_vpc_endpoint(VpcEndpointId=interface, AddSubnetIds=network.subnets[1:], RemoveSubnetIds=network.subnets[:1])
    assert [one["SubnetId"] for one in network.interfaces()] == network.subnets[1:]
    ec2.delete_vpc_endpoints(VpcEndpointIds=[interface])
    assert network.interfaces() == []
    with refused("InvalidVpcEndpointId.NotFound"):
        ec2.describe_vpc_endpoints(VpcEndpointIds=[interface])


def test_a_second_bucket_of_the_same_name_is_refused() -> None:
    s3, name = client_of("s3"), unique("bucket")
    s3.create_bucket(Bucket=name)
    with refused("BucketAlreadyOwnedByYou"):
        client_of("s3", "eu-central-1").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket=name, Key="key", Body=b"content")
    with refused("BucketNotEmpty"):
        s3.delete_bucket(Bucket=name)
