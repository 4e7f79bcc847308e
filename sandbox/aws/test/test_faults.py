"""Injected faults as AWS's own SDK sees them. The expected codes and statuses come from AWS's documentation and from botocore's models."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ProxyConnectionError, ReadTimeoutError
from support import IMAGE, REGION, Network, unique

DIRECTORY = Path(os.environ["AWS_EMULATOR_DIRECTORY"])
_ONCE = {"total_max_attempts": 1}
# botocore's errors for a connection that ends without an answer. Behind a proxy, botocore may report an error of the proxy.
BROKEN = (ConnectionClosedError, ProxyConnectionError)

# One call of each protocol (botocore's models): EC2's, query, JSON, REST with XML and with JSON, and S3's.
CALLS = {
    "ec2": "describe_vpcs",
    "iam": "list_roles",
    "elbv2": "describe_load_balancers",
    "route53": "list_hosted_zones",
    "s3": "list_buckets",
    "ssm": "describe_parameters",
    "secretsmanager": "list_secrets",
    "kms": "list_keys",
    "resourcegroupstaggingapi": "get_resources",
    "efs": "describe_file_systems",
}


@lru_cache(maxsize=None)
def once(service: str, **options: Any) -> Any:
    """A client that tries once and does not validate parameters: the fault happens before the service reads them."""
    config = Config(retries=_ONCE, parameter_validation=False, **options)
    return boto3.client(service, region_name=REGION, config=config)


@contextmanager
def faults(*lines: str) -> Iterator[None]:
    file = DIRECTORY / "faults"
    draft = file.with_suffix(".draft")
    draft.write_text("\n".join(lines))
    draft.rename(file)
    try:
        yield
    finally:
        file.unlink()


def refusal(service: str, operation: str, **arguments: Any) -> tuple[str, int, str]:
    try:
        getattr(once(service), operation)(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Message"]
    raise AssertionError(f"{service}.{operation} was not refused")


def codes(kind: str) -> dict[str, tuple[str, int]]:
    with faults(f"{kind} *"):
        return {service: refusal(service, operation)[:2] for service, operation in CALLS.items()}


def last_call() -> dict[str, Any]:
    return json.loads((DIRECTORY / "calls.jsonl").read_text().splitlines()[-1])


def test_each_service_has_its_own_throttling_code() -> None:
    assert codes("throttling") == {
        "ec2": ("RequestLimitExceeded", 503),
        "iam": ("Throttling", 400),
        "elbv2": ("Throttling", 400),
        "route53": ("Throttling", 400),
        "s3": ("SlowDown", 503),
        "ssm": ("ThrottlingException", 400),
        "secretsmanager": ("ThrottlingException", 400),
        "kms": ("ThrottlingException", 400),
        "resourcegroupstaggingapi": ("ThrottledException", 400),
        "efs": ("ThrottlingException", 429),
    }


def test_server_errors_are_5xx() -> None:
    answers = codes("server-error")
    assert {status for _, status in answers.values()} == {500, 503}
    assert answers["ec2"] == ("InternalError", 500) and answers["iam"] == ("ServiceFailure", 500)


def test_each_protocol_has_its_own_code_for_expired_credentials() -> None:
    with faults("expired ec2:DescribeVpcs 1"):
        assert refusal("ec2", "describe_vpcs")[:2] == ("RequestExpired", 400)
        once("ec2").describe_vpcs()
    assert codes("expired") == {
        "ec2": ("RequestExpired", 400),
        "iam": ("ExpiredToken", 403),
        "elbv2": ("ExpiredToken", 403),
        "route53": ("ExpiredToken", 403),
        "s3": ("ExpiredToken", 400),
        "ssm": ("ExpiredTokenException", 400),
        "secretsmanager": ("ExpiredTokenException", 400),
        "kms": ("ExpiredTokenException", 400),
        "resourcegroupstaggingapi": ("ExpiredTokenException", 400),
        "efs": ("ExpiredTokenException", 403),
    }


def test_expired_credentials_fail_every_action_until_the_fault_is_removed() -> None:
    with faults("expired iam:ListRoles"):
        once("ec2").describe_vpcs()
        assert refusal("iam", "list_roles")[0] == "ExpiredToken"
        assert refusal("ec2", "describe_vpcs")[0] == "RequestExpired"
    once("ec2").describe_vpcs()


def test_credentials_that_expire_for_one_client_stay_valid_for_the_others() -> None:
    provider = once("iam", user_agent_extra="HashiCorp/1.0")
    with faults("expired iam:ListRoles@other", "expired iam:ListUsers@provider"):
        assert refusal("iam", "list_roles")[0] == "ExpiredToken"
        assert refusal("ec2", "describe_vpcs")[0] == "RequestExpired"
        provider.list_roles()
        try:
            provider.list_users()
        except ClientError as error:
            assert error.response["Error"]["Code"] == "ExpiredToken"
        else:
            raise AssertionError("the provider's credentials have not expired")
        assert refusal("iam", "list_roles")[0] == "ExpiredToken"


def test_a_denial_by_a_service_control_policy_has_iams_text() -> None:
    with faults("scp *"):
        for service, operation in CALLS.items():
            code, status, message = refusal(service, operation)
            assert (code, status) in {("UnauthorizedOperation", 403), ("AccessDenied", 403), ("AccessDeniedException", 400), ("AccessDeniedException", 403)}
            assert "is not authorized to perform: " in message and "with an explicit deny in a service control policy" in message, message
        code, _, message = refusal("iam", "create_role", RoleName="denied", AssumeRolePolicyDocument="{}")
        assert code == "AccessDenied"
        assert message == (
            "User: arn:aws:iam::123456789012:user/sandbox is not authorized to perform: iam:CreateRole on resource: "
            "arn:aws:iam::123456789012:role/denied with an explicit deny in a service control policy"
        )


def test_each_action_has_its_own_code_for_an_exceeded_quota() -> None:
    expected = {
        ("ec2", "create_vpc"): ("VpcLimitExceeded", 400),
        ("ec2", "allocate_address"): ("AddressLimitExceeded", 400),
        ("ec2", "create_nat_gateway"): ("NatGatewayLimitExceeded", 400),
        ("ec2", "run_instances"): ("VcpuLimitExceeded", 400),
        ("iam", "create_role"): ("LimitExceeded", 409),
        ("elbv2", "create_load_balancer"): ("TooManyLoadBalancers", 400),
        ("elbv2", "create_target_group"): ("TooManyTargetGroups", 400),
        ("route53", "create_hosted_zone"): ("TooManyHostedZones", 400),
        ("ssm", "put_parameter"): ("ParameterLimitExceeded", 400),
        ("secretsmanager", "create_secret"): ("LimitExceededException", 400),
    }
    with faults("quota *"):
        assert {call: refusal(*call)[:2] for call in expected} == expected
        assert refusal("s3", "create_bucket", Bucket="quota")[:2] == ("TooManyBuckets", 400)
        # An action that creates nothing can't exceed a quota.
        once("ec2").describe_vpcs()


def test_every_quotas_code_is_in_the_services_model() -> None:
    with faults("quota *"):
        for service in ("iam", "elbv2", "route53", "ssm", "secretsmanager"):
            client = once(service)
            for operation in client.meta.service_model.operation_names:
                if not operation.startswith(("Create", "Put", "Register")) or operation.startswith("CreateAccessKey"):
                    continue
                model = client.meta.service_model.operation_model(operation)
                known = {shape.metadata.get("error", {}).get("code", shape.name) for shape in model.error_shapes}
                try:
                    client._make_api_call(operation, {})
                except ClientError as error:
                    if last_call().get("fault") == "quota":
                        assert error.response["Error"]["Code"] in known, f"{service} {operation}: {error}"
                except Exception:  # noqa: BLE001 - a call that can't be built without arguments is never sent
                    pass


def test_insufficient_capacity_is_a_server_error() -> None:
    with faults("capacity *"):
        assert refusal("ec2", "run_instances")[:2] == ("InsufficientInstanceCapacity", 500)
        assert refusal("ec2", "allocate_address")[:2] == ("InsufficientAddressCapacity", 500)
        once("ec2").describe_vpcs()


def test_a_fault_affects_the_first_calls_of_each_matching_action() -> None:
    with faults("throttling ec2:Describe* 2"):
        for operation in ("describe_vpcs", "describe_subnets"):
            assert [refusal("ec2", operation)[0] for _ in range(2)] == ["RequestLimitExceeded"] * 2
            getattr(once("ec2"), operation)()
        once("iam").list_roles()


def test_the_first_matching_fault_counts_and_a_new_file_restarts_the_count() -> None:
    for _ in range(2):
        with faults("throttling ec2:DescribeVpcs  # once", "server-error ec2:* always"):
            assert [refusal("ec2", "describe_vpcs")[0] for _ in range(3)] == ["RequestLimitExceeded", "InternalError", "InternalError"]


def test_a_reset_call_has_no_effect() -> None:
    before = len(once("ec2").describe_vpcs()["Vpcs"])
    with faults("reset ec2:CreateVpc"):
        try:
            once("ec2").create_vpc(CidrBlock="10.9.0.0/16")
            raise AssertionError("the connection was not reset")
        except BROKEN:
            pass
        assert last_call()["status"] == 0 and last_call()["fault"] == "reset"
    assert len(once("ec2").describe_vpcs()["Vpcs"]) == before


def test_a_call_with_a_lost_answer_takes_effect() -> None:
    before = {vpc["VpcId"] for vpc in once("ec2").describe_vpcs()["Vpcs"]}
    with faults("lost-answer ec2:CreateVpc"):
        try:
            once("ec2").create_vpc(CidrBlock="10.9.0.0/16")
            raise AssertionError("the answer was not lost")
        except BROKEN:
            pass
    (made,) = {vpc["VpcId"] for vpc in once("ec2").describe_vpcs()["Vpcs"]} - before
    once("ec2").delete_vpc(VpcId=made)


def test_a_slow_call_is_answered_late_and_a_hanging_call_is_reset() -> None:
    with faults("slow=0.3 ec2:DescribeVpcs"):
        began = time.monotonic()
        once("ec2").describe_vpcs()
        assert time.monotonic() - began >= 0.3
    with faults("hang=3 ec2:DescribeVpcs"):
        try:
            once("ec2", read_timeout=1).describe_vpcs()
            raise AssertionError("the call did not hang")
        except ReadTimeoutError:
            pass


def test_a_new_resource_is_not_found_for_the_declared_number_of_calls(network: Network) -> None:
    ec2 = once("ec2")
    with faults("not-found * 2"):
        vpc = ec2.create_vpc(CidrBlock="10.8.0.0/16")["Vpc"]["VpcId"]
        assert [refusal("ec2", "describe_vpcs", VpcIds=[vpc])[:2] for _ in range(2)] == [("InvalidVpcID.NotFound", 400)] * 2
        assert ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["VpcId"] == vpc
        # A list by filter leaves the new VPC out. It contains the resources that existed before the faults were declared.
        by_filter = [{"Name": "vpc-id", "Values": [vpc]}]
        assert [len(ec2.describe_security_groups(Filters=by_filter)["SecurityGroups"]) for _ in range(3)] == [0, 0, 1]
        assert ec2.describe_subnets(SubnetIds=network.subnets[:1])["Subnets"]
        assert refusal("ec2", "create_subnet", VpcId=vpc, CidrBlock="10.8.0.0/24")[0] == "InvalidVpcID.NotFound"
    ec2.delete_vpc(VpcId=vpc)


def test_a_new_role_and_a_new_profile_are_not_known_everywhere(network: Network) -> None:
    iam, name = once("iam"), unique("new")
    policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    with faults("not-found *"):
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(policy))["Role"]["Arn"]
        assert refusal("iam", "get_role", RoleName=name)[:2] == ("NoSuchEntity", 404)
        assert refusal("sts", "assume_role", RoleArn=role, RoleSessionName="x")[:2] == ("AccessDenied", 403)
        iam.create_instance_profile(InstanceProfileName=name)
        assert refusal("iam", "add_role_to_instance_profile", InstanceProfileName=name, RoleName=name)[0] == "NoSuchEntity"
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
        machine = {"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1, "SubnetId": network.subnets[0], "IamInstanceProfile": {"Name": name}}
        code, _, message = refusal("ec2", "run_instances", **machine)
        assert code == "InvalidParameterValue" and "Invalid IAM Instance Profile name" in message, message


def test_new_load_balancers_targets_and_buckets_are_not_known_at_once(network: Network) -> None:
    elb, s3, name = once("elbv2"), once("s3"), unique("new")
    with faults("not-found *"):
        group = elb.create_target_group(Name=name, Protocol="TCP", Port=6443, VpcId=network.vpc)["TargetGroups"][0]["TargetGroupArn"]
        assert refusal("elbv2", "describe_target_groups", TargetGroupArns=[group])[:2] == ("TargetGroupNotFound", 400)
        machine = once("ec2").run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1, SubnetId=network.subnets[0])["Instances"][0]["InstanceId"]
        assert refusal("elbv2", "register_targets", TargetGroupArn=group, Targets=[{"Id": machine}])[0] in ("InvalidTarget", "TargetGroupNotFound")
        s3.create_bucket(Bucket=name)
        assert refusal("s3", "get_bucket_tagging", Bucket=name)[:2] == ("NoSuchBucket", 404)


def test_a_fault_can_affect_only_one_client() -> None:
    with faults("scp *@provider"):
        once("ec2").describe_vpcs()
    with faults("scp *@other"):
        assert refusal("ec2", "describe_vpcs")[0] == "UnauthorizedOperation"


def test_the_sandboxs_own_clients_get_no_faults() -> None:
    with faults("scp *"):
        once("ec2", user_agent_appid="okd-aws-sandbox").describe_vpcs()
        assert last_call()["client"] == "sandbox"
        assert refusal("ec2", "describe_vpcs")[0] == "UnauthorizedOperation"


def test_an_invalid_file_injects_no_faults() -> None:
    for line in ("nonsense ec2:CreateVpc", "scp", "scp=3 ec2:*", "throttling ec2:* many"):
        with faults(line):
            once("ec2").describe_vpcs()
