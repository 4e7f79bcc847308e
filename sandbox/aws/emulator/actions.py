"""The IAM action of a request to AWS, and its resource: the names that a least-privilege policy would contain.

Service and region come from the signature's scope; the action from the form (`Action=`), the target header, or method and path.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.request import Request
from moto.core.routing import get_service_router

from .s3_actions import identify_s3

_SCOPE = re.compile(r"Credential=[^/]+/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")

# The signing name is the IAM prefix, with these exceptions (https://docs.aws.amazon.com/service-authorization/latest/reference/).
_PREFIXES = {"monitoring": "cloudwatch", "email": "ses"}
# Services whose actions follow from method and path: botocore's name by signing name.
_REST_SERVICES = {"lambda": "lambda", "route53": "route53", "elasticfilesystem": "efs"}

_IAM_KINDS = {"RoleName": "role", "InstanceProfileName": "instance-profile", "UserName": "user", "GroupName": "group", "PolicyName": "policy"}
# The parameters that name a call's resource, best first. If a call has none of these parameters, any parameter that ends
# in Arn, Id or Name is used.
_JSON_PARAMETERS = (
    "SecretId",
    "KeyId",
    "TargetKeyId",
    "AliasName",
    "Name",
    "ResourceId",
    "ResourceARN",
    "logGroupName",
    "resourceArn",
    "CertificateArn",
)
_RESOURCE_PARAMETER = re.compile(r"^(?P<stem>\w*?(?:Arn|Id|Name))s?(?:\.member)?(?:\.1)?$")


@dataclass(frozen=True)
class Call:
    service: str
    action: str
    region: str
    resource: str | None
    # The encryption context of a KMS call; None for other services. It is recorded because policies can depend on it; it is not secret.
    encryption_context: dict[str, str] | None = None


def identify(request: Request) -> Call:
    signing_name, region = _scope(request)
    if signing_name == "s3" and ".s3-control." not in request.host:
        action, resource = identify_s3(request)
    else:
        action = _action(request, signing_name)
        resource = _resource(request, signing_name, action)
    prefix = _PREFIXES.get(signing_name, signing_name)
    return Call(prefix, f"{prefix}:{action}", region, resource, _encryption_context(request) if prefix == "kms" else None)


def _scope(request: Request) -> tuple[str, str]:
    match = _SCOPE.search(request.headers.get("Authorization", ""))
    if match is None and "X-Amz-Credential" in request.args:
        match = _SCOPE.search(f"Credential={request.args['X-Amz-Credential']}")
    if match is not None:
        return match["service"], match["region"]
    # Unsigned: a request for a public object, or an action that needs no credentials (sts:AssumeRoleWithWebIdentity).
    labels = request.host.split(".")
    return ("s3" if "s3" in labels else labels[0]), "us-east-1"


def _action(request: Request, signing_name: str) -> str:
    if "Action" in request.values:
        return request.values["Action"]
    target = request.headers.get("X-Amz-Target")
    if target:
        return target.rpartition(".")[2]
    name = "s3control" if signing_name == "s3" else _REST_SERVICES.get(signing_name, signing_name)
    try:
        operation, _ = _router(name).match(request)
        return str(operation.name)
    except Exception:  # noqa: BLE001 - an unknown service is still recorded
        return f"{request.method} {request.path}"


@lru_cache(maxsize=None)
def _router(service: str) -> Any:
    return get_service_router(service)


def _resource(request: Request, service: str, action: str) -> str | None:
    if service == "route53":
        match = re.match(r"/2013-04-01/(?:tags/)?(hostedzone|change|healthcheck)s?/(?:hostedzone/)?([^/]+)", request.path)
        return f"arn:aws:route53:::{match[1]}/{match[2]}" if match else None
    if service == "s3":
        return unquote(request.path.rpartition("/")[2]) or None
    if request.headers.get("X-Amz-Target"):
        return _json_resource(request)
    return _form_resource(request, service, action)


def _json_resource(request: Request) -> str | None:
    body = _json_body(request)
    value = next((body[name] for name in _JSON_PARAMETERS if name in body), None)
    return value if isinstance(value, str) else None


def _encryption_context(request: Request) -> dict[str, str] | None:
    context = _json_body(request).get("EncryptionContext")
    return context if isinstance(context, dict) else None


def _json_body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(request.data or b"{}")
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _form_resource(request: Request, service: str, action: str) -> str | None:
    found: dict[str, str] = {}
    for key, value in request.values.items():
        match = _RESOURCE_PARAMETER.match(key)
        if match and match["stem"] not in found:
            found[match["stem"]] = value
    if service == "iam":
        return _iam_resource(found, action)
    noun = re.sub(r"^[A-Z][a-z]+", "", action).removesuffix("s")
    ranked = sorted(found, key=lambda stem: (noun not in stem, not stem.endswith("Arn"), not stem.endswith("Id"), stem))
    return found[ranked[0]] if ranked else None


def _iam_resource(found: dict[str, str], action: str) -> str | None:
    # AddRoleToInstanceProfile and RemoveRoleFromInstanceProfile act on the profile; all other actions that name a role act on the role.
    order = ["InstanceProfileName", *_IAM_KINDS] if "InstanceProfile" in action else list(_IAM_KINDS)
    name = next((stem for stem in order if stem in found), None)
    if name is None:
        return found.get("PolicyArn") or found.get("OpenIDConnectProviderArn")
    return f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:{_IAM_KINDS[name]}/{found[name]}"
