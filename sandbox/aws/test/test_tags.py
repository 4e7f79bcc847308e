"""Tags are listed with AWS's own names of the resource types."""

from __future__ import annotations

from support import Network, client_of, unique

ec2 = client_of("ec2")


def test_addresses_and_nat_gateways_are_found_by_their_tags(network: Network) -> None:
    # The names of the resource types: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TagDescription.html
    name = unique("tagged")
    tags = lambda kind: [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]  # noqa: E731
    address = ec2.allocate_address(Domain="vpc", TagSpecifications=tags("elastic-ip"))["AllocationId"]
    subnet = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [network.vpc]}])["Subnets"][0]["SubnetId"]
    made = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address, TagSpecifications=tags("natgateway"))
    for kind, identifier in (("elastic-ip", address), ("natgateway", made["NatGateway"]["NatGatewayId"])):
        filters = [{"Name": "resource-type", "Values": [kind]}, {"Name": "value", "Values": [name]}]
        assert [(tag["ResourceType"], tag["ResourceId"]) for tag in ec2.describe_tags(Filters=filters)["Tags"]] == [(kind, identifier)]
    ec2.delete_nat_gateway(NatGatewayId=made["NatGateway"]["NatGatewayId"])
    ec2.release_address(AllocationId=address)
