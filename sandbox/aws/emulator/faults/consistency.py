"""Eventual consistency: a resource that was just created is not known everywhere yet.

EC2 documents it in https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html, IAM in
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html#troubleshoot_general_eventual-consistency. Its duration is not documented.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_plus

from botocore.session import get_session
from moto.core.request import Request

from ..actions import Call
from .wire import Answer, AwsError, answer

# Seconds for which a resource is treated as new (a guess: AWS names no time).
_NEW_SECONDS = 10.0

_CREATES = re.compile(r":(Create|Run|Allocate|Copy|Put|Import|Register|Authorize)")
_NAMES = re.compile(
    r"\b(?:vpc|subnet|sg|igw|nat|rtb|eipalloc|i|vol|vpce|ami|sgr)-[0-9a-f]{8,17}\b"
    r"|arn:aws[\w-]*:(?:elasticloadbalancing|secretsmanager|iam):[^<\"\s]+"
    r"|(?<=/hostedzone/)Z\w+"
)

# EC2's error by the prefix of the id (errors-overview.html).
_EC2 = {
    "vpc": ("InvalidVpcID.NotFound", "The vpc ID '{}' does not exist"),
    "subnet": ("InvalidSubnetID.NotFound", "The subnet ID '{}' does not exist"),
    "sg": ("InvalidGroup.NotFound", "The security group '{}' does not exist"),
    "igw": ("InvalidInternetGatewayID.NotFound", "The internetGateway ID '{}' does not exist"),
    "nat": ("NatGatewayNotFound", "The Nat Gateway {} was not found"),
    "rtb": ("InvalidRouteTableID.NotFound", "The routeTable ID '{}' does not exist"),
    "eipalloc": ("InvalidAllocationID.NotFound", "The allocation ID '{}' does not exist"),
    "i": ("InvalidInstanceID.NotFound", "The instance ID '{}' does not exist"),
    "vol": ("InvalidVolume.NotFound", "The volume '{}' does not exist."),
    "vpce": ("InvalidVpcEndpointId.NotFound", "The Vpc Endpoint Id '{}' does not exist"),
    "ami": ("InvalidAMIID.NotFound", "The image id '[{}]' does not exist"),
    "sgr": ("InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '{}' does not exist"),
}
# ELB's error by the kind of the unknown resource (botocore's model of elbv2).
_BALANCING = {
    "loadbalancer": AwsError("LoadBalancerNotFound", 400, "One or more load balancers not found"),
    "targetgroup": AwsError("TargetGroupNotFound", 400, "One or more target groups not found"),
    "listener": AwsError("ListenerNotFound", 400, "One or more listeners not found"),
    "subnet": AwsError("SubnetNotFound", 400, "The subnet ID '{}' does not exist"),
    "sg": AwsError("InvalidSecurityGroup", 400, "One or more security groups are invalid"),
    "vpc": AwsError("ValidationError", 400, "The VPC ID '{}' is not found"),
    "i": AwsError("InvalidTarget", 400, "The following targets are not in a running state and cannot be registered: '{}'"),
}


@dataclass(frozen=True)
class _Resource:
    name: str
    made_at: float
    made_by: str


class NewResources:
    """The new resources: created after the faults were declared, and less than `_NEW_SECONDS` ago.

    The names come from the answers of the creating calls, or from the call if its answer does not contain the name.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._known: set[str] = set()
        self._new: list[_Resource] = []
        self._lock = threading.Lock()

    def observe(self, call: Call, request: Request, status: int, content: bytes) -> None:
        """Reads the answer of a creating call: a name that is neither in the request nor in an earlier answer belongs to a new resource."""
        if status >= 300 or not _CREATES.search(call.action):
            return
        if call.action in ("s3:CreateBucket", "ssm:PutParameter"):
            # The answers of these calls don't contain the name.
            names = {call.resource} if call.resource else set()
        else:
            asked = _text_of(request)
            names = {name for name in _NAMES.findall(content.decode("utf-8", "replace")) if name not in asked}
        with self._lock:
            self._new += [_Resource(name, self._now(), call.action) for name in names - self._known]
            self._known |= names

    def forget(self) -> None:
        """From now on every existing resource is known everywhere."""
        with self._lock:
            self._new = []

    def answer_without(self, call: Call, request: Request) -> Answer | None:
        """AWS's answer while AWS does not know a new resource that the request names; None if the request names no new resource."""
        text = _text_of(request)
        for resource in self._still_new():
            named = resource.name in text or resource.name == call.resource or _is_named(resource.name, request)
            if resource.made_by == call.action or not named:
                continue
            found = _empty_list(resource.name, call, request) or _refusal(resource.name, call, request)
            if found is not None:
                return found
        return None

    def _still_new(self) -> Iterable[_Resource]:
        with self._lock:
            self._new = [resource for resource in self._new if self._now() - resource.made_at < _NEW_SECONDS]
            return list(self._new)


def _text_of(request: Request) -> str:
    """All parts of a request that can name a resource."""
    body = " ".join(request.values.values()) or request.data[:100_000].decode("utf-8", "replace")
    return unquote_plus(f"{request.path} {body}")


def _is_named(arn: str, request: Request) -> bool:
    """Whether a request names an IAM resource without its ARN."""
    kind, _, name = arn.partition("/")
    return any(request.values.get(parameter) == name for parameter in _IAM_PARAMETERS.get(kind.rpartition(":")[2], ()))


_IAM_PARAMETERS = {
    "role": ("RoleName",),
    "user": ("UserName",),
    "instance-profile": ("InstanceProfileName", "IamInstanceProfile.Name"),
}


def _empty_list(name: str, call: Call, request: Request) -> Answer | None:
    """A describe call with filters returns no error, but an empty list."""
    if call.service != "ec2" or not call.action.startswith("ec2:Describe"):
        return None
    if any(name in value for key, value in request.values.items() if not key.startswith("Filter.")):
        return None
    operation = call.action.partition(":")[2]
    empty = "".join(f"<{element}/>" for element in _lists_of(operation))
    body = f'<{operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>emulated</requestId>{empty}</{operation}Response>'
    return 200, {"Content-Type": "text/xml"}, body.encode()


@lru_cache(maxsize=None)
def _lists_of(operation: str) -> tuple[str, ...]:
    """The list elements of an operation's answer, named as in botocore's model."""
    members = get_session().get_service_model("ec2").operation_model(operation).output_shape.members
    return tuple(str(shape.serialization.get("name", name)) for name, shape in members.items() if shape.type_name == "list")


def _refusal(name: str, call: Call, request: Request) -> Answer | None:
    error = _error(name, call)
    return answer(error, request, call.service) if error else None


def _error(name: str, call: Call) -> AwsError | None:
    short = name.rpartition("/")[2]
    prefix = name.partition("-")[0]
    if call.action == "sts:AssumeRole":
        return AwsError("AccessDenied", 403, f"User: sandbox is not authorized to perform: sts:AssumeRole on resource: {name}")
    if call.action == "s3:PutBucketPolicy" and ":iam:" in name:
        # An unknown principal makes the policy invalid: https://repost.aws/knowledge-center/s3-invalid-principal-in-policy-error
        return AwsError("MalformedPolicy", 400, "Invalid principal in policy")
    if call.service == "ec2":
        if ":instance-profile/" in name:
            text = f"Value ({short}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name"
            return AwsError("InvalidParameterValue", 400, text)
        code, text = _EC2.get(prefix, ("", ""))
        return AwsError(code, 400, text.format(name)) if code else None
    if call.service == "elasticloadbalancing":
        kind = re.match(r"arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:(\w+)", name)
        error = _BALANCING.get(kind[1] if kind else prefix)
        return error and AwsError(error.code, error.status, error.message.format(name))
    return _ERRORS[call.service](short) if call.service in _ERRORS else None


_ERRORS: dict[str, Callable[[str], AwsError]] = {
    "iam": lambda name: AwsError("NoSuchEntity", 404, f"The entity with name {name} cannot be found."),
    "s3": lambda name: AwsError("NoSuchBucket", 404, "The specified bucket does not exist"),
    "route53": lambda name: AwsError("NoSuchHostedZone", 404, f"No hosted zone found with ID: {name}"),
    "secretsmanager": lambda name: AwsError("ResourceNotFoundException", 400, "Secrets Manager can't find the specified secret."),
    "ssm": lambda name: AwsError("ParameterNotFound", 400, f"Parameter {name} not found."),
}
