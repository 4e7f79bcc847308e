"""S3: tags at creation, defaults of new buckets, bucket policies with conditions, and complete uploads.

moto ignores the tags of CreateBucket, has no default encryption, treats a statement whose condition is not met as a denial, and stores an
incomplete object if the connection breaks.
"""

from __future__ import annotations

import base64
import fnmatch
import hashlib
import json
from typing import Any

import xmltodict
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.exceptions import S3AccessDeniedError, S3ClientError
from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend
from moto.s3.responses import S3Response

from .patching import corrects

# The encryption of a bucket without a configuration: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
_DEFAULT_ENCRYPTION = {"Rule": {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": "false"}}

# The condition keys and their values: there is one calling account, and it always uses TLS. All other keys, such as
# aws:SourceVpc, have no value: the caller is outside a VPC.
_CONTEXT = {"aws:securetransport": "true", "aws:principalaccount": DEFAULT_ACCOUNT_ID}


@corrects(FakeBucket, "__init__")
def initialise(original: Any, self: FakeBucket, *arguments: Any, **options: Any) -> None:
    original(self, *arguments, **options)
    self.encryption = json.loads(json.dumps(_DEFAULT_ENCRYPTION))
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html: public access is blocked, and ACLs are disabled
    self.public_access_block = PublicAccessBlock(True, True, True, True)
    self.ownership_rule = "BucketOwnerEnforced"  # type: ignore[assignment]


@corrects(S3Backend, "delete_bucket_encryption")
def delete_bucket_encryption(original: Any, backend: S3Backend, bucket_name: str) -> None:
    # After the deletion AWS's default encryption applies, so a bucket is never unencrypted: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketEncryption.html
    backend.get_bucket(bucket_name).encryption = json.loads(json.dumps(_DEFAULT_ENCRYPTION))


@corrects(S3Response, "_bucket_response_put")
def put_bucket(original: Any, self: Any, request: Any, bucket_name: str, querystring: dict[str, Any]) -> Any:
    answer = original(self, request, bucket_name, querystring)
    status = answer[0] if isinstance(answer, tuple) else 200
    if not querystring and status < 300 and self.body:
        # The tags in the request's body, which moto ignores: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucketConfiguration.html
        configuration = xmltodict.parse(self.body, force_list=("Tag",)).get("CreateBucketConfiguration") or {}
        tags = (configuration.get("Tags") or {}).get("Tag", [])
        if tags:
            self.backend.put_bucket_tagging(bucket_name, {tag["Key"]: tag.get("Value") or "" for tag in tags})
    return answer


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _holds(operator: str, key: str, values: list[str]) -> bool:
    """Whether a condition holds: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""
    actual = _CONTEXT.get(key.lower())
    base = operator.removesuffix("IfExists").rpartition(":")[2]
    if base == "Null":
        return (actual is None) == (values[0].lower() == "true")
    negated = "Not" in base
    if actual is None:
        return negated or operator.endswith("IfExists")
    if base == "Bool":
        return actual == values[0].lower()
    return any(fnmatch.fnmatchcase(actual, value) for value in values) != negated


def _applies(statement: dict[str, Any]) -> bool:
    conditions = statement.get("Condition") or {}
    return all(_holds(operator, key, _listed(value)) for operator, keys in conditions.items() for key, value in keys.items())


@corrects(FakeBucket, "get_permission")
def get_permission(original: Any, self: FakeBucket, action: str, resource: str) -> Any:
    # A statement whose condition is not met neither allows nor denies.
    stored = self.policy
    if stored is None:
        return original(self, action, resource)
    document = json.loads(stored)
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    document["Statement"] = [{**statement, "Condition": {}} for statement in statements if _applies(statement)]
    self.policy = json.dumps(document).encode()
    try:
        return original(self, action, resource)
    finally:
        self.policy = stored


@corrects(S3Response, "_bucket_response")
@corrects(S3Response, "_key_response")
def require_expected_owner(original: Any, self: Any, request: Any, full_url: str) -> Any:
    if _is_expected_owner(self, request, full_url):
        return original(self, request, full_url)
    if request.method == "HEAD":
        return 403, {}, ""  # An answer to HEAD has no body.
    raise S3AccessDeniedError


def _is_expected_owner(response: Any, request: Any, full_url: str) -> bool:
    """Whether the bucket of a request belongs to the expected owner that the request names. True if the request names no
    owner or no bucket.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html
    """
    owner = request.headers.get("x-amz-expected-bucket-owner")
    name = response.parse_bucket_name_from_url(request, full_url)
    if not owner or not name:
        return True
    try:
        return bool(response.backend.get_bucket(name).account_id == owner)
    except S3ClientError:
        return True  # For a bucket that does not exist, S3 returns another error.


@corrects(S3Response, "put_object")
def put_object(original: Any, self: Any) -> Any:
    # An incomplete object is not stored: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (IncompleteBody, BadDigest)
    body = self.body if isinstance(self.body, bytes) else (self.body or "").encode()
    length = self.headers.get("x-amz-decoded-content-length") or self.headers.get("Content-Length")
    if length is not None and len(body) != int(length):
        raise S3ClientError("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header.")
    checksum = self.headers.get("x-amz-checksum-sha256")
    if checksum is not None and checksum != base64.b64encode(hashlib.sha256(body).digest()).decode():
        raise S3ClientError("BadDigest", "The SHA256 you specified did not match what we received.")
    answer = original(self)
    if checksum is not None:
        # AWS keeps a checksum even if the caller names no algorithm: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
        stored = self.backend.get_object(self.bucket_name, self.parse_key_name())
        stored.checksum_algorithm, stored.checksum_value = "SHA256", checksum
    return answer
