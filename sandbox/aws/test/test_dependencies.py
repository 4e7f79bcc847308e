"""Deletions that AWS refuses: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (DependencyViolation, …InUse)"""

from __future__ import annotations

from support import IMAGE, Network, client_of, refused, unique


def test_a_vpc_is_deleted_after_its_dependencies(network: Network) -> None:
    ec2 = network.ec2
    gateway = network.make_gateway()
    for subnet in network.subnets:
        with refused("DependencyViolation"):
            ec2.delete_vpc(VpcId=network.vpc)
        ec2.delete_subnet(SubnetId=subnet)
    with refused("DependencyViolation"):  # The internet gateway prevents the deletion.
        ec2.delete_vpc(VpcId=network.vpc)
    with refused("DependencyViolation"):
        ec2.delete_internet_gateway(InternetGatewayId=gateway)
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc)
    ec2.delete_internet_gateway(InternetGatewayId=gateway)
    with refused("DependencyViolation"):  # The security group prevents the deletion.
        ec2.delete_vpc(VpcId=network.vpc)
    ec2.delete_security_group(GroupId=network.group)
    endpoint = ec2.create_vpc_endpoint(VpcId=network.vpc, ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[])["VpcEndpoint"]
    with refused("DependencyViolation"):
        ec2.delete_vpc(VpcId=network.vpc)
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint["VpcEndpointId"]])
    ec2.delete_vpc(VpcId=network.vpc)
    filters = [{"Name": "vpc-id", "Values": [network.vpc]}]
    assert ec2.describe_security_groups(Filters=filters)["SecurityGroups"] == []
    assert ec2.describe_network_acls(Filters=filters)["NetworkAcls"] == []
    assert ec2.describe_route_tables(Filters=filters)["RouteTables"] == []


def test_deleting_a_vpc_keeps_its_dhcp_options(network: Network) -> None:
    ec2 = network.ec2
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    options = ec2.create_dhcp_options(
        DhcpConfigurations=[{"Key": "domain-name", "Values": ["example.com"]}],
        TagSpecifications=[{"ResourceType": "dhcp-options", "Tags": [{"Key": "a", "Value": "b"}]}],
    )["DhcpOptions"]["DhcpOptionsId"]
    ec2.associate_dhcp_options(DhcpOptionsId=options, VpcId=vpc)
    with refused("DependencyViolation"):
        ec2.delete_dhcp_options(DhcpOptionsId=options)
    ec2.delete_vpc(VpcId=vpc)
    assert ec2.describe_dhcp_options(DhcpOptionsIds=[options])["DhcpOptions"][0]["Tags"] == [{"Key": "a", "Value": "b"}]
    ec2.delete_dhcp_options(DhcpOptionsId=options)


def test_a_new_vpc_has_the_default_dhcp_options_of_its_region(network: Network) -> None:
    for region, domain in (("us-east-1", "ec2.internal"), ("eu-central-1", "eu-central-1.compute.internal")):
        ec2 = client_of("ec2", region)
        vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
        options = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["DhcpOptionsId"]
        found = ec2.describe_dhcp_options(DhcpOptionsIds=[options])["DhcpOptions"][0]["DhcpConfigurations"]
        assert {each["Key"]: each["Values"][0]["Value"] for each in found} == {"domain-name": domain, "domain-name-servers": "AmazonProvidedDNS"}
        ec2.associate_dhcp_options(DhcpOptionsId="default", VpcId=vpc)
        assert ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["DhcpOptionsId"] == "default"
        ec2.delete_vpc(VpcId=vpc)


def test_subnet_security_group_and_volume_cannot_be_deleted_before_the_instance_is_terminated(network: Network) -> None:
    ec2 = network.ec2
    run = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, SubnetId=network.subnets[0], SecurityGroupIds=[network.group])
    instance = run["Instances"][0]["InstanceId"]
    free = ec2.describe_subnets(SubnetIds=[network.subnets[0]])["Subnets"][0]["AvailableIpAddressCount"]
    volume = ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [instance]}])["Volumes"][0]["VolumeId"]
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=network.subnets[0])
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=network.group)
    with refused("VolumeInUse"):
        ec2.delete_volume(VolumeId=volume)
    ec2.terminate_instances(InstanceIds=[instance])
    assert network.interfaces() == []
    assert ec2.describe_subnets(SubnetIds=[network.subnets[0]])["Subnets"][0]["AvailableIpAddressCount"] == free + 1
    with refused("InvalidVolume.NotFound"):
        ec2.describe_volumes(VolumeIds=[volume])
    ec2.delete_subnet(SubnetId=network.subnets[0])
    ec2.delete_security_group(GroupId=network.group)
    terminated = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    assert terminated["State"]["Name"] == "terminated"
    assert "PrivateIpAddress" not in terminated and "SubnetId" not in terminated


def test_a_security_group_that_another_groups_rule_names_cannot_be_deleted(network: Network) -> None:
    ec2, other = network.ec2, network.make_group()
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": network.group}]}
    ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=[rule])  # A security group's own rule does not prevent its deletion.
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[rule])
    with refused("DependencyViolation"):
        ec2.delete_security_group(GroupId=network.group)
    ec2.revoke_security_group_ingress(GroupId=other, IpPermissions=[rule])
    ec2.delete_security_group(GroupId=network.group)


def test_the_default_security_group_cannot_be_deleted(network: Network) -> None:
    filters = [{"Name": "vpc-id", "Values": [network.vpc]}, {"Name": "group-name", "Values": ["default"]}]
    default = network.ec2.describe_security_groups(Filters=filters)["SecurityGroups"][0]["GroupId"]
    with refused("CannotDelete"):
        network.ec2.delete_security_group(GroupId=default)


def test_associated_and_main_route_tables_cannot_be_deleted(network: Network) -> None:
    ec2 = network.ec2
    main = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [network.vpc]}])["RouteTables"][0]["RouteTableId"]
    with refused("DependencyViolation"):
        ec2.delete_route_table(RouteTableId=main)
    tables = [ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"] for _ in range(2)]
    association = ec2.associate_route_table(RouteTableId=tables[0], SubnetId=network.subnets[0])["AssociationId"]
    with refused("Resource.AlreadyAssociated"):
        ec2.associate_route_table(RouteTableId=tables[1], SubnetId=network.subnets[0])
    with refused("DependencyViolation"):
        ec2.delete_route_table(RouteTableId=tables[0])
    ec2.disassociate_route_table(AssociationId=association)
    ec2.delete_route_table(RouteTableId=tables[0])
    # A subnet's association is deleted with the subnet.
    ec2.associate_route_table(RouteTableId=tables[1], SubnetId=network.subnets[1])
    ec2.delete_subnet(SubnetId=network.subnets[1])
    ec2.delete_route_table(RouteTableId=tables[1])


def test_an_internet_gateway_cannot_be_detached_while_addresses_are_mapped(network: Network) -> None:
    ec2, gateway = network.ec2, network.make_gateway()
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=network.subnets[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
    with refused("DependencyViolation"):
        ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc)
    with refused("InvalidIPAddress.InUse"):
        ec2.release_address(AllocationId=address)
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=network.subnets[0])
    with refused("Resource.AlreadyAssociated"):
        ec2.create_nat_gateway(SubnetId=network.subnets[1], AllocationId=address)
    ec2.delete_nat_gateway(NatGatewayId=nat)
    assert "AssociationId" not in ec2.describe_addresses(AllocationIds=[address])["Addresses"][0]
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc)
    ec2.release_address(AllocationId=address)
    ec2.delete_subnet(SubnetId=network.subnets[0])
    with refused("NatGatewayNotFound"):
        ec2.delete_nat_gateway(NatGatewayId="nat-0123456789abcdef0")


def test_iam_deletes_only_unattached_objects() -> None:
    iam, name = client_of("iam"), unique("role")
    trust = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}'
    allow = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:DescribeRegions", "Resource": "*"}]}'
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    with refused("EntityAlreadyExists"):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    policy = iam.create_policy(PolicyName=name, PolicyDocument=allow)["Policy"]["Arn"]
    iam.create_instance_profile(InstanceProfileName=name, Tags=[{"Key": "a", "Value": "b"}])
    assert iam.list_instance_profile_tags(InstanceProfileName=name)["Tags"] == [{"Key": "a", "Value": "b"}]
    with refused("EntityAlreadyExists"):
        iam.create_instance_profile(InstanceProfileName=name)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    with refused("LimitExceeded"):
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=allow)
    iam.attach_role_policy(RoleName=name, PolicyArn=policy)
    with refused("DeleteConflict"):
        iam.delete_policy(PolicyArn=policy)
    with refused("DeleteConflict"):
        iam.delete_instance_profile(InstanceProfileName=name)
    undo = [
        lambda: iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=name),
        lambda: iam.detach_role_policy(RoleName=name, PolicyArn=policy),
        lambda: iam.delete_role_policy(RoleName=name, PolicyName="inline"),
    ]
    for step in undo:
        with refused("DeleteConflict"):
            iam.delete_role(RoleName=name)
        step()
    iam.delete_role(RoleName=name)
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=allow)
    with refused("DeleteConflict"):
        iam.delete_policy(PolicyArn=policy)
    iam.delete_policy_version(PolicyArn=policy, VersionId="v2")
    iam.delete_policy(PolicyArn=policy)
    iam.delete_instance_profile(InstanceProfileName=name)


def test_iam_does_not_delete_a_user_with_access_keys() -> None:
    iam, name = client_of("iam"), unique("user")
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"]
    with refused("DeleteConflict"):
        iam.delete_user(UserName=name)
    iam.delete_access_key(UserName=name, AccessKeyId=key)
    iam.delete_user(UserName=name)
