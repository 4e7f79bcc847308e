"""Zones: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html"""

from __future__ import annotations

from support import Network, client_of, refused, unique


def test_local_and_wavelength_zones_have_subnets_and_their_own_type(network: Network) -> None:
    ec2 = client_of("ec2")
    found = {zone["ZoneName"]: zone["ZoneType"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]}
    assert (found["us-east-1a"], found["us-east-1-nyc-1a"]) == ("availability-zone", "local-zone")
    regular = ec2.describe_availability_zones(Filters=[{"Name": "zone-type", "Values": ["availability-zone"]}])["AvailabilityZones"]
    assert {zone["ZoneName"] for zone in regular} == {name for name, kind in found.items() if kind == "availability-zone"}
    subnet = ec2.create_subnet(VpcId=network.vpc, AvailabilityZone="us-east-1-wl1-bos-wlz-1", CidrBlock="10.0.250.0/24")["Subnet"]
    assert subnet["AvailabilityZone"] == "us-east-1-wl1-bos-wlz-1"
    with refused("InvalidConfigurationRequest"):
        client_of("elbv2").create_load_balancer(Name=unique("nlb"), Type="network", Scheme="internal", Subnets=[subnet["SubnetId"]])


def test_no_default_subnet_is_in_a_local_zone() -> None:
    defaults = client_of("ec2").describe_subnets(Filters=[{"Name": "default-for-az", "Values": ["true"]}])["Subnets"]
    assert defaults
    assert not [subnet for subnet in defaults if not subnet["AvailabilityZone"].startswith("us-east-1") or len(subnet["AvailabilityZone"]) > 10]
