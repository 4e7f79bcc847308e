"""The error of each kind of fault, by service and action.

Codes and statuses of EC2 come from https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, those of
every other service from its model in botocore (`botocore/data/<service>/<version>/service-2.json`, branch develop) and
its page of common errors. `sandbox/aws/test/test_faults.py` compares the codes with botocore's models. Texts are AWS's
own where a source is named. Elsewhere only the code is AWS's.
"""

from __future__ import annotations

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.request import Request

from ..actions import Call
from .wire import AwsError, protocol_of

# The owner of the sandbox's credentials.
_CALLER = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:user/sandbox"

# Throttling: `botocore/data/_retry.json` (develop) lists the codes and statuses of EC2, S3 and the query services.
_THROTTLING = {
    "ec2": AwsError("RequestLimitExceeded", 503, "Request limit exceeded."),
    "s3": AwsError("SlowDown", 503, "Please reduce your request rate."),
    "tagging": AwsError("ThrottledException", 400, "Rate exceeded"),
    "elasticfilesystem": AwsError("ThrottlingException", 429, "Rate exceeded"),
}
_THROTTLING_BY_PROTOCOL = {
    "query": AwsError("Throttling", 400, "Rate exceeded"),
    "rest-xml": AwsError("Throttling", 400, "Rate exceeded"),
    "json": AwsError("ThrottlingException", 400, "Rate exceeded"),
    "rest-json": AwsError("TooManyRequestsException", 429, "Rate exceeded"),
}

_SERVER_ERROR = {
    "ec2": AwsError("InternalError", 500, "An internal error has occurred"),
    "s3": AwsError("InternalError", 500, "We encountered an internal error. Please try again."),
    "iam": AwsError("ServiceFailure", 500, "The request processing has failed because of an unknown error, exception or failure."),
    "secretsmanager": AwsError("InternalServiceError", 500, "An error occurred on the server side."),
    "ssm": AwsError("InternalServerError", 500, "An error occurred on the server side."),
    "kms": AwsError("KMSInternalException", 500, "The request was rejected because an internal exception occurred."),
    "tagging": AwsError("InternalServiceException", 500, "The request processing failed because of an unknown error."),
}
# https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html, and the same page of the other services.
_ANY_SERVER_ERROR = AwsError("ServiceUnavailable", 503, "The request has failed due to a temporary failure of the server.")

# The codes for expired credentials. EC2: errors-overview.html. S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
# Other services: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
_EXPIRED_TOKEN = "The security token included in the request is expired"
_EXPIRED = {
    "ec2": AwsError("RequestExpired", 400, "Request has expired."),
    "s3": AwsError("ExpiredToken", 400, "The provided token has expired."),
    "query": AwsError("ExpiredToken", 403, _EXPIRED_TOKEN),
    "rest-xml": AwsError("ExpiredToken", 403, _EXPIRED_TOKEN),
    "json": AwsError("ExpiredTokenException", 400, _EXPIRED_TOKEN),
    "rest-json": AwsError("ExpiredTokenException", 403, _EXPIRED_TOKEN),
}

_DENIED = {
    "ec2": ("UnauthorizedOperation", 403),
    "s3": ("AccessDenied", 403),
    "query": ("AccessDenied", 403),
    "rest-xml": ("AccessDenied", 403),
    "json": ("AccessDeniedException", 400),
    "rest-json": ("AccessDeniedException", 403),
}


def _maximum(noun: str) -> str:
    return f"The maximum number of {noun} has been reached."


# Source of the message: https://github.com/aws/amazon-cloudwatch-agent-test/pull/256
_VCPU = AwsError(
    "VcpuLimitExceeded",
    400,
    "You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket that the specified instance type belongs "
    "to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.",
)

_QUOTA = {
    "ec2:CreateVpc": AwsError("VpcLimitExceeded", 400, _maximum("VPCs")),
    "ec2:CreateSubnet": AwsError("SubnetLimitExceeded", 400, _maximum("subnets")),
    "ec2:CreateInternetGateway": AwsError("InternetGatewayLimitExceeded", 400, _maximum("internet gateways")),
    "ec2:CreateNatGateway": AwsError("NatGatewayLimitExceeded", 400, _maximum("NAT gateways")),
    "ec2:CreateRouteTable": AwsError("RouteTableLimitExceeded", 400, _maximum("route tables")),
    "ec2:CreateRoute": AwsError("RouteLimitExceeded", 400, _maximum("routes")),
    "ec2:CreateSecurityGroup": AwsError("SecurityGroupLimitExceeded", 400, _maximum("security groups for VPC")),
    "ec2:AuthorizeSecurityGroupIngress": AwsError("RulesPerSecurityGroupLimitExceeded", 400, _maximum("rules per security group")),
    "ec2:AuthorizeSecurityGroupEgress": AwsError("RulesPerSecurityGroupLimitExceeded", 400, _maximum("rules per security group")),
    "ec2:CreateVpcEndpoint": AwsError("VpcEndpointLimitExceeded", 400, _maximum("VPC endpoints")),
    "ec2:AllocateAddress": AwsError("AddressLimitExceeded", 400, _maximum("addresses")),
    "ec2:CreateVolume": AwsError("VolumeLimitExceeded", 400, "You have exceeded your maximum gp3 storage limit in this region."),
    "ec2:CopyImage": AwsError("ResourceLimitExceeded", 400, "You have exceeded the number of in-progress copies per destination region."),
    "ec2:CreateTags": AwsError("TagLimitExceeded", 400, _maximum("tags")),
    "ec2:RunInstances": _VCPU,
    "ec2:StartInstances": _VCPU,
    "iam:CreateRole": AwsError("LimitExceeded", 409, "Cannot exceed quota for RolesPerAccount: 1000"),
    "iam:CreateInstanceProfile": AwsError("LimitExceeded", 409, "Cannot exceed quota for InstanceProfilesPerAccount: 1000"),
    "iam:CreatePolicy": AwsError("LimitExceeded", 409, "Cannot exceed quota for PoliciesPerAccount: 1500"),
    "iam:CreateUser": AwsError("LimitExceeded", 409, "Cannot exceed quota for UsersPerAccount: 5000"),
    "iam:CreateOpenIDConnectProvider": AwsError("LimitExceeded", 409, "Cannot exceed quota for OpenIdConnectProvidersPerAccount: 100"),
    "iam:PutRolePolicy": AwsError("LimitExceeded", 409, "Maximum policy size of 10240 bytes exceeded for role"),
    "iam:AttachRolePolicy": AwsError("LimitExceeded", 409, "Cannot exceed quota for PoliciesPerRole: 10"),
    "elasticloadbalancing:CreateLoadBalancer": AwsError("TooManyLoadBalancers", 400, _maximum("load balancers")),
    "elasticloadbalancing:CreateTargetGroup": AwsError("TooManyTargetGroups", 400, _maximum("target groups")),
    "elasticloadbalancing:CreateListener": AwsError("TooManyListeners", 400, _maximum("listeners")),
    "elasticloadbalancing:RegisterTargets": AwsError("TooManyTargets", 400, _maximum("targets")),
    "s3:CreateBucket": AwsError("TooManyBuckets", 400, "You have attempted to create more buckets than allowed"),
    "route53:CreateHostedZone": AwsError("TooManyHostedZones", 400, "Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER - Cannot create more hosted zones."),
    "ssm:PutParameter": AwsError("ParameterLimitExceeded", 400, "You have exceeded the number of parameters for this Amazon Web Services account."),
    "secretsmanager:CreateSecret": AwsError("LimitExceededException", 400, "The request failed because it would exceed one of the Secrets Manager quotas."),
    "kms:CreateKey": AwsError("LimitExceededException", 400, "The request was rejected because a length constraint or quota was exceeded."),
}

# Source of the message: https://repost.aws/knowledge-center/ec2-insufficient-capacity-errors
_INSTANCES = AwsError(
    "InsufficientInstanceCapacity",
    500,
    "We currently do not have sufficient capacity in the Availability Zone you requested. Our system will be working on provisioning additional capacity.",
)
_CAPACITY = {
    "ec2:RunInstances": _INSTANCES,
    "ec2:StartInstances": _INSTANCES,
    "ec2:AllocateAddress": AwsError("InsufficientAddressCapacity", 500, "Not enough available addresses to satisfy your minimum request."),
    "ec2:CreateVolume": AwsError("InsufficientVolumeCapacity", 500, "There is not enough capacity to fulfill your EBS volume provision request."),
}


def error_for(kind: str, call: Call, request: Request) -> AwsError | None:
    """The error that AWS would return; None if this fault can't happen to this action: an action that creates nothing can't exceed a quota."""
    if kind == "quota":
        return _QUOTA.get(call.action)
    if kind == "capacity":
        return _CAPACITY.get(call.action)
    protocol = protocol_of(request, call.service)
    if kind == "throttling":
        return _THROTTLING.get(call.service) or _THROTTLING_BY_PROTOCOL[protocol]
    if kind == "server-error":
        return _SERVER_ERROR.get(call.service, _ANY_SERVER_ERROR)
    if kind == "expired":
        return _EXPIRED[protocol]
    if kind == "scp":
        return _denial(call, protocol)
    return None


def _denial(call: Call, protocol: str) -> AwsError:
    return denial(call, protocol, _CALLER, "with an explicit deny in a service control policy")


def denial(call: Call, protocol: str, caller: str, reason: str) -> AwsError:
    """IAM's denial of a call. `caller` is an ARN; `reason` ends the sentence."""
    # The wording of a denial: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
    code, status = _DENIED[protocol]
    resource = call.resource if (call.resource or "").startswith("arn:") else "*"
    text = f"User: {caller} is not authorized to perform: {call.action} on resource: {resource} {reason}"
    if protocol != "ec2":
        return AwsError(code, status, text)
    # EC2 adds an encoded message: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/query-api-troubleshooting.html
    return AwsError(code, status, f"You are not authorized to perform this operation. {text}. Encoded authorization failure message: emulated")
