"""Calls with the credentials of an instance's role: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"""

from __future__ import annotations

import json
from typing import Any

import boto3
from botocore.config import Config
from support import REGION, client_of, refused, unique
from test_faults import faults

iam = client_of("iam")
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]}


def policy(effect: str, *actions: str) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": effect, "Action": list(actions), "Resource": "*"}]})


def caller(role: str, session: str, service: str) -> Any:
    """A client with the credentials of a role's session."""
    arn = iam.get_role(RoleName=role)["Role"]["Arn"]
    keys = client_of("sts").assume_role(RoleArn=arn, RoleSessionName=session)["Credentials"]
    return boto3.client(
        service,
        region_name=REGION,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
        config=Config(retries={"max_attempts": 1}),
    )


def make_role(**options: str) -> str:
    name = unique("role")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST), **options)
    return name


def test_an_instance_may_do_only_what_its_roles_policies_allow() -> None:
    role = make_role()
    ec2, elb = caller(role, "i-0123456789abcdef0", "ec2"), caller(role, "i-0123456789abcdef0", "elbv2")
    with refused("UnauthorizedOperation"):
        ec2.describe_instances()
    iam.put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=policy("Allow", "ec2:Describe*"))
    ec2.describe_instances()
    with refused("UnauthorizedOperation"):
        ec2.create_tags(Resources=["vpc-1"], Tags=[{"Key": "a", "Value": "b"}])
    with refused("AccessDenied"):
        elb.describe_load_balancers()
    attached = iam.create_policy(PolicyName=unique("policy"), PolicyDocument=policy("Allow", "elasticloadbalancing:*"))["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=role, PolicyArn=attached)
    elb.describe_load_balancers()


def test_a_denial_and_the_permissions_boundary_limit_an_instance() -> None:
    role = make_role()
    ec2 = caller(role, "i-0123456789abcdef0", "ec2")
    iam.put_role_policy(RoleName=role, PolicyName="all", PolicyDocument=policy("Allow", "*"))
    iam.put_role_policy(RoleName=role, PolicyName="none", PolicyDocument=policy("Deny", "ec2:DescribeVpcs"))
    with refused("UnauthorizedOperation"):
        ec2.describe_vpcs()
    boundary = iam.create_policy(PolicyName=unique("policy"), PolicyDocument=policy("Allow", "ec2:DescribeInstances"))["Policy"]["Arn"]
    limited = make_role(PermissionsBoundary=boundary)
    iam.put_role_policy(RoleName=limited, PolicyName="all", PolicyDocument=policy("Allow", "*"))
    ec2 = caller(limited, "i-0123456789abcdef0", "ec2")
    ec2.describe_instances()
    with refused("UnauthorizedOperation"):
        ec2.describe_vpcs()


def test_other_sessions_of_a_role_are_not_limited() -> None:
    caller(make_role(), "deployment", "ec2").describe_instances()


def test_injected_faults_do_not_affect_instances() -> None:
    role = make_role()
    iam.put_role_policy(RoleName=role, PolicyName="own", PolicyDocument=policy("Allow", "ec2:DescribeVpcs"))
    ec2 = caller(role, "i-0123456789abcdef0", "ec2")
    with faults("throttling ec2:DescribeVpcs always"):
        ec2.describe_vpcs()
        with refused("RequestLimitExceeded"):
            client_of("ec2").describe_vpcs()
