"""Calls with the credentials of an instance's role. IAM allows such a call only if both the role's policies and its
permissions boundary allow it.

Every other call is allowed, because the sandbox's own credentials stand for the account's administrator. An instance gets its credentials from the metadata
service, which names the session after the instance (Amazon EC2 user guide, "Retrieve security credentials from instance metadata").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.request import Request
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.models import IAMBackend, iam_backends
from moto.sts.models import AssumedRole, sts_backends
from moto.utilities.utils import get_partition

from .actions import Call
from .faults.errors import denial
from .faults.wire import Answer, answer, protocol_of

_KEY = re.compile(r"Credential=([^/]+)/")
_INSTANCE = re.compile(r"^i-[0-9a-f]+$")
# A call that needs no permission (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
_ALWAYS_ALLOWED = ("sts:GetCallerIdentity",)


@dataclass(frozen=True)
class InstanceRole:
    name: str
    session: str
    partition: str

    @property
    def arn(self) -> str:
        return f"arn:{self.partition}:sts::{DEFAULT_ACCOUNT_ID}:assumed-role/{self.name}/{self.session}"


def role_of(call: Call, request: Request) -> InstanceRole | None:
    """The instance's role whose credentials signed a call; None for all other callers."""
    match = _KEY.search(request.headers.get("Authorization", ""))
    if match is None or "X-Amz-Security-Token" not in request.headers:
        return None
    partition = get_partition(call.region)
    assumed: AssumedRole | None = sts_backends[DEFAULT_ACCOUNT_ID][partition].get_assumed_role_from_access_key(match[1])
    if assumed is None or not _INSTANCE.match(assumed.session_name):
        return None
    return InstanceRole(assumed.role_arn.rpartition("/")[2], assumed.session_name, partition)


def denial_of(call: Call, request: Request) -> Answer | None:
    """IAM's denial of an instance's call; None if the call is allowed."""
    role = role_of(call, request)
    if role is None or _is_allowed(role, call):
        return None
    reason = f"because no identity-based policy allows the {call.action} action"
    return answer(denial(call, protocol_of(request, call.service), role.arn, reason), request, call.service)


def _is_allowed(role: InstanceRole, call: Call) -> bool:
    backend = iam_backends[DEFAULT_ACCOUNT_ID][role.partition]
    found = next((known for known in backend.roles.values() if known.name == role.name), None)
    if found is None:
        return False
    if call.action in _ALWAYS_ALLOWED:
        return True
    inline = [{"policy_document": document} for document in found.policies.values()]
    own = [_decide(policy, call) for policy in (*inline, *found.managed_policies.values())]
    if PermissionResult.DENIED in own or PermissionResult.PERMITTED not in own:
        return False
    boundary = _boundary(backend, found)
    return boundary is None or _decide(boundary, call) is PermissionResult.PERMITTED


def _decide(policy: Any, call: Call) -> PermissionResult:
    resource = call.resource if (call.resource or "").startswith("arn:") else "*"
    return IAMPolicy(policy).is_action_permitted(call.action, resource or "*")


def _boundary(backend: IAMBackend, role: Any) -> Any:
    arn = role.permissions_boundary_arn
    return None if arn is None else backend.get_policy(arn)
