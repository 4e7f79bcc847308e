"""Helpers for all tests: clients of the emulated AWS to which the environment points, and a new VPC."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

REGION = "us-east-1"
Client = Callable[..., Any]


@lru_cache(maxsize=None)
def client_of(service: str, region: str = REGION) -> Any:
    return boto3.client(service, region_name=region, config=Config(retries={"max_attempts": 1}))


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Expects exactly this error code of AWS: neither success nor another error."""
    try:
        yield
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, str(error)
    else:
        raise AssertionError(f"not refused: {code} was expected")


def unique(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(4)}"


class Network:
    """A VPC with two subnets and a security group."""

    def __init__(self, region: str = REGION) -> None:
        self.region = region
        self.ec2 = client_of("ec2", region)
        self.vpc = self.ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        zones = [f"{region}a", f"{region}b"]
        self.subnets = [
            self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{index * 16}.0/20", AvailabilityZone=zone)["Subnet"]["SubnetId"]
            for index, zone in enumerate(zones)
        ]
        self.group = self.make_group()

    def make_group(self) -> str:
        return self.ec2.create_security_group(GroupName=unique("group"), Description="test", VpcId=self.vpc)["GroupId"]

    def make_gateway(self) -> str:
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        return gateway

    def interfaces(self, **filters: str) -> list[dict[str, Any]]:
        wanted = {"vpc-id": self.vpc, **{key.replace("_", "-"): value for key, value in filters.items()}}
        found = self.ec2.describe_network_interfaces(Filters=[{"Name": key, "Values": [value]} for key, value in wanted.items()])
        return found["NetworkInterfaces"]


# The AMI that test/engine/aws-emulator.test.ts, which runs these tests, creates in us-east-1 and in no other region.
IMAGE = "ami-0123456789abcdef0"
