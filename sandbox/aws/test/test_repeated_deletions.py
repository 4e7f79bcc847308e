"""Repeated deletions: the SDK repeats a deletion if the answer to the first request is lost.

The answer to the second request must be a success or an error that the API reference lists for the action.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError
from support import IMAGE, REGION, Network, client_of, unique


def policy(**statement: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})


TRUST = policy(Principal={"Service": "ec2.amazonaws.com"}, Action="sts:AssumeRole")
ALLOW = policy(Action="ec2:DescribeRegions", Resource="*")

Step = tuple[Callable[[], Any], str]


def hold(steps: list[Step]) -> None:
    """Makes each call twice, and compares the error codes of the second answers with the expected ones."""
    found = [twice(step) for step, _ in steps]
    assert found == [code for _, code in steps], found


def twice(delete: Callable[[], Any]) -> str:
    """The error code of the second call; "" if it succeeds."""
    delete()
    try:
        delete()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def test_repeated_deletions_in_ec2(network: Network) -> None:
    # The error codes: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    ec2 = network.ec2
    table = ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    gateway = network.make_gateway()
    association = ec2.associate_route_table(RouteTableId=table, SubnetId=network.subnets[0])["AssociationId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    instance = ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, SubnetId=network.subnets[0])["Instances"][0]["InstanceId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    mapped = ec2.associate_address(AllocationId=address, InstanceId=instance)["AssociationId"]
    nat = ec2.create_nat_gateway(SubnetId=network.subnets[1], ConnectivityType="private")["NatGateway"]["NatGatewayId"]
    endpoint = ec2.create_vpc_endpoint(VpcId=network.vpc, ServiceName=f"com.amazonaws.{REGION}.s3", RouteTableIds=[table])["VpcEndpoint"]["VpcEndpointId"]
    volume = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
    permission = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    (created,) = ec2.authorize_security_group_ingress(GroupId=network.group, IpPermissions=[permission])["SecurityGroupRules"]
    rule = created["SecurityGroupRuleId"]
    steps: list[Step] = [
        (lambda: ec2.revoke_security_group_ingress(GroupId=network.group, SecurityGroupRuleIds=[rule]), "InvalidSecurityGroupRuleId.NotFound"),
        (lambda: ec2.disassociate_address(AssociationId=mapped), ""),
        (lambda: ec2.release_address(AllocationId=address), "InvalidAllocationID.NotFound"),
        (lambda: ec2.stop_instances(InstanceIds=[instance]), ""),
        (lambda: ec2.terminate_instances(InstanceIds=[instance]), ""),
        (lambda: ec2.delete_volume(VolumeId=volume), "InvalidVolume.NotFound"),
        (lambda: ec2.delete_nat_gateway(NatGatewayId=nat), ""),
        (lambda: ec2.delete_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0"), "InvalidRoute.NotFound"),
        (lambda: ec2.disassociate_route_table(AssociationId=association), "InvalidAssociationID.NotFound"),
        (lambda: ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint]), ""),
        (lambda: ec2.delete_route_table(RouteTableId=table), "InvalidRouteTableID.NotFound"),
        (lambda: ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=network.vpc), "Gateway.NotAttached"),
        (lambda: ec2.delete_internet_gateway(InternetGatewayId=gateway), "InvalidInternetGatewayID.NotFound"),
        (lambda: ec2.delete_security_group(GroupId=network.group), "InvalidGroup.NotFound"),
        *[(lambda subnet=subnet: ec2.delete_subnet(SubnetId=subnet), "InvalidSubnetID.NotFound") for subnet in network.subnets],
        (lambda: ec2.delete_vpc(VpcId=network.vpc), "InvalidVpcID.NotFound"),
    ]
    hold(steps)


def test_repeated_deletions_of_load_balancers(network: Network) -> None:
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html: "If the load balancer does not exist or has already
    # been deleted, the call succeeds." DeleteTargetGroup has no error for a target group that does not exist.
    elb, name = client_of("elbv2"), unique("lb")
    balancer = elb.create_load_balancer(Name=name, Type="network", Scheme="internal", Subnets=network.subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    group = elb.create_target_group(Name=name, Protocol="TCP", Port=6443, VpcId=network.vpc, TargetType="ip")["TargetGroups"][0]["TargetGroupArn"]
    targets = [{"Id": "10.0.0.9", "Port": 6443}]
    elb.register_targets(TargetGroupArn=group, Targets=targets)
    action = {"Type": "forward", "TargetGroupArn": group}
    listener = elb.create_listener(LoadBalancerArn=balancer, Protocol="TCP", Port=6443, DefaultActions=[action])["Listeners"][0]["ListenerArn"]
    steps: list[Step] = [
        (lambda: elb.deregister_targets(TargetGroupArn=group, Targets=targets), ""),
        (lambda: elb.delete_listener(ListenerArn=listener), "ListenerNotFound"),
        (lambda: elb.delete_load_balancer(LoadBalancerArn=balancer), ""),
        (lambda: elb.delete_target_group(TargetGroupArn=group), ""),
    ]
    hold(steps)


def test_repeated_deletions_in_iam() -> None:
    # NoSuchEntity is in each action's list of errors: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
    iam, name = client_of("iam"), unique("role")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
    iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=ALLOW)
    iam.create_instance_profile(InstanceProfileName=name)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    steps: list[Callable[[], Any]] = [
        lambda: iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=name),
        lambda: iam.delete_instance_profile(InstanceProfileName=name),
        lambda: iam.delete_role_policy(RoleName=name, PolicyName="inline"),
        lambda: iam.delete_role(RoleName=name),
    ]
    hold([(step, "NoSuchEntity") for step in steps])


def test_repeated_deletions_in_other_services(network: Network) -> None:
    s3, ssm, secrets, route53, name = client_of("s3"), client_of("ssm"), client_of("secretsmanager"), client_of("route53"), unique("thing")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="a", Body=b"a")
    ssm.put_parameter(Name=f"/{name}", Value="a", Type="String")
    secret = secrets.create_secret(Name=name, SecretString="a")["ARN"]
    zone = route53.create_hosted_zone(
        Name=f"{name}.example.com", CallerReference=name, VPC={"VPCRegion": REGION, "VPCId": network.vpc}, HostedZoneConfig={"PrivateZone": True}
    )["HostedZone"]["Id"]
    record = {"Name": f"a.{name}.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "10.0.0.1"}]}

    def change(action: str) -> None:
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]})

    change("CREATE")
    steps: list[Step] = [
        (lambda: s3.delete_object(Bucket=name, Key="a"), ""),
        (lambda: s3.delete_bucket_policy(Bucket=name), ""),
        (lambda: s3.delete_bucket(Bucket=name), "NoSuchBucket"),
        (lambda: ssm.delete_parameter(Name=f"/{name}"), "ParameterNotFound"),
        # "the operation doesn't return ResourceNotFoundException": https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
        (lambda: secrets.delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True), ""),
        (lambda: change("DELETE"), "InvalidChangeBatch"),
        (lambda: route53.delete_hosted_zone(Id=zone), "NoSuchHostedZone"),
    ]
    hold(steps)
