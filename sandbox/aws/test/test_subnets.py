"""Subnets: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html"""

from __future__ import annotations

from support import client_of


def test_a_subnet_with_ipv6_addresses_only_has_no_unused_ipv4_addresses() -> None:
    ec2 = client_of("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16", AmazonProvidedIpv6CidrBlock=True)["Vpc"]
    ipv6 = vpc["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
    made = ec2.create_subnet(VpcId=vpc["VpcId"], Ipv6Native=True, Ipv6CidrBlock=ipv6)["Subnet"]
    subnet = ec2.describe_subnets(SubnetIds=[made["SubnetId"]])["Subnets"][0]
    assert (subnet["AvailableIpAddressCount"], subnet.get("CidrBlock"), subnet["Ipv6Native"]) == (0, None, True)
    ec2.delete_subnet(SubnetId=made["SubnetId"])
    ec2.delete_vpc(VpcId=vpc["VpcId"])
