"""Creates a company's network, with the roles, boundary, key and security group that the company requires. Prints the IDs as JSON.

Three zones, each with a public and a private subnet. There is one internet gateway, and one NAT gateway for all zones. One private subnet already
has the role tag, for the owner's load balancers. The DHCP options name the owner's domain and a second domain. A fourth zone has a public subnet
with a tag that keeps clusters from using it.
"""

import json
import sys

import boto3

region = sys.argv[1]
ec2 = boto3.client("ec2", region)
iam = boto3.client("iam", region)
kms = boto3.client("kms", region)


def tags(kind, name, **more):
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in {"Name": name, "owner": "network team", **more}.items()]}]


def subnet(number, zone, name, **more):
    cidr = f"10.20.{16 * number}.0/20"
    specification = tags("subnet", name, **more)
    return ec2.create_subnet(VpcId=vpc, AvailabilityZone=zone, CidrBlock=cidr, TagSpecifications=specification)["Subnet"]["SubnetId"]


def route_table(name, subnets, **target):
    table = ec2.create_route_table(VpcId=vpc, TagSpecifications=tags("route-table", name))["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **target)
    for each in subnets:
        ec2.associate_route_table(RouteTableId=table, SubnetId=each)


def role(name):
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["RoleName"]


vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16", TagSpecifications=tags("vpc", "corp"))["Vpc"]["VpcId"]
ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
domains = [{"Key": "domain-name", "Values": ["Corp.Example.com. corp.internal"]}, {"Key": "domain-name-servers", "Values": ["AmazonProvidedDNS"]}]
options = ec2.create_dhcp_options(DhcpConfigurations=domains, TagSpecifications=tags("dhcp-options", "corp"))["DhcpOptions"]["DhcpOptionsId"]
ec2.associate_dhcp_options(DhcpOptionsId=options, VpcId=vpc)
gateway = ec2.create_internet_gateway(TagSpecifications=tags("internet-gateway", "corp"))["InternetGateway"]["InternetGatewayId"]
ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)

zones = [region + letter for letter in "abc"]
public = [subnet(index, zone, f"corp-public-{zone}") for index, zone in enumerate(zones)]
own_role = {"kubernetes.io/role/internal-elb": "1"}
private = [subnet(3 + index, zone, f"corp-private-{zone}", **(own_role if index == 1 else {})) for index, zone in enumerate(zones)]
unmanaged = subnet(6, region + "d", f"corp-public-{region}d", **{"kubernetes.io/cluster/unmanaged": "true"})
route_table("corp-public", [*public, unmanaged], GatewayId=gateway)
address = ec2.allocate_address(Domain="vpc", TagSpecifications=tags("elastic-ip", "corp"))["AllocationId"]
nat = ec2.create_nat_gateway(SubnetId=public[0], AllocationId=address, TagSpecifications=tags("natgateway", "corp"))["NatGateway"]["NatGatewayId"]
ec2.get_waiter("nat_gateway_available").wait(NatGatewayIds=[nat])
route_table("corp-private", private, NatGatewayId=nat)

group = ec2.create_security_group(GroupName="corp-monitoring", Description="Scraped by the owner's monitoring", VpcId=vpc)["GroupId"]
boundary = iam.create_policy(
    PolicyName="corp-boundary",
    PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}),
)["Policy"]["Arn"]

print(
    json.dumps(
        {
            "vpcId": vpc,
            "machineCidr": "10.20.0.0/16",
            "publicSubnetIds": public,
            "privateSubnetIds": private,
            "ownRoleTag": private[1],
            "securityGroupId": group,
            "boundaryArn": boundary,
            "masterRoleName": role("corp-okd-master"),
            "workerRoleName": role("corp-okd-worker"),
            "keyArn": kms.create_key(Description="corp-volumes")["KeyMetadata"]["Arn"],
        }
    )
)
