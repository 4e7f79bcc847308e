"""The IAM action of a request to S3. Neither a form nor a header names it; it follows from method, bucket, key and sub-resource.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
"""

from __future__ import annotations

import re

from moto.core.request import Request

_VIRTUAL_HOST = re.compile(r"^(?P<bucket>.+)\.s3[.-]")

# Sub-resource of a bucket → the part of the action after Get or Put. Deleting a configuration needs the permission to put it.
_BUCKET_CONFIGURATIONS = {
    "accelerate": "AccelerateConfiguration",
    "acl": "BucketAcl",
    "analytics": "AnalyticsConfiguration",
    "cors": "BucketCORS",
    "encryption": "EncryptionConfiguration",
    "intelligent-tiering": "IntelligentTieringConfiguration",
    "inventory": "InventoryConfiguration",
    "lifecycle": "LifecycleConfiguration",
    "location": "BucketLocation",
    "logging": "BucketLogging",
    "metrics": "MetricsConfiguration",
    "notification": "BucketNotification",
    "object-lock": "BucketObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "policyStatus": "BucketPolicyStatus",
    "publicAccessBlock": "BucketPublicAccessBlock",
    "replication": "ReplicationConfiguration",
    "requestPayment": "BucketRequestPayment",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
}
# Sub-resources of a bucket whose deletion is a separate action.
_BUCKET_DELETABLE = {"policy": "BucketPolicy", "website": "BucketWebsite"}
_BUCKET_LISTINGS = {"versions": "ListBucketVersions", "uploads": "ListBucketMultipartUploads", "delete": "DeleteObject"}
_OBJECT_CONFIGURATIONS = {"acl": "ObjectAcl", "tagging": "ObjectTagging", "retention": "ObjectRetention", "legal-hold": "ObjectLegalHold"}

_VERBS = {"GET": "Get", "HEAD": "Get", "PUT": "Put", "POST": "Put", "DELETE": "Delete"}
_BUCKET_ACTIONS = {"GET": "ListBucket", "HEAD": "ListBucket", "PUT": "CreateBucket", "DELETE": "DeleteBucket", "POST": "PutObject"}
_OBJECT_ACTIONS = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject", "POST": "PutObject"}
_MULTIPART_ACTIONS = {"GET": "ListMultipartUploadParts", "DELETE": "AbortMultipartUpload", "PUT": "PutObject", "POST": "PutObject"}


def identify_s3(request: Request) -> tuple[str, str | None]:
    bucket, key = _bucket_and_key(request)
    if not bucket:
        return "ListAllMyBuckets", None
    if not key:
        return _bucket_action(request), f"arn:aws:s3:::{bucket}"
    return _object_action(request), f"arn:aws:s3:::{bucket}/{key}"


def _bucket_and_key(request: Request) -> tuple[str, str]:
    path = request.path.lstrip("/")
    host = _VIRTUAL_HOST.match(request.host)
    if host:
        return host["bucket"], path
    bucket, _, key = path.partition("/")
    return bucket, key


def _bucket_action(request: Request) -> str:
    for name, action in _BUCKET_LISTINGS.items():
        if name in request.args:
            return action
    for name, noun in _BUCKET_DELETABLE.items():
        if name in request.args:
            return _VERBS[request.method] + noun
    for name, noun in _BUCKET_CONFIGURATIONS.items():
        if name in request.args:
            return ("Get" if request.method in ("GET", "HEAD") else "Put") + noun
    return _BUCKET_ACTIONS.get(request.method, request.method)


def _object_action(request: Request) -> str:
    if "uploadId" in request.args:
        return _MULTIPART_ACTIONS.get(request.method, request.method)
    for name, noun in _OBJECT_CONFIGURATIONS.items():
        if name in request.args:
            return _VERBS[request.method] + noun
    action = _OBJECT_ACTIONS.get(request.method, request.method)
    return f"{action}Version" if "versionId" in request.args and action in ("GetObject", "DeleteObject") else action
