"""S3: https://docs.aws.amazon.com/AmazonS3/latest/API/"""

from __future__ import annotations

import base64
import hashlib
import json

from support import client_of, refused, unique

s3 = client_of("s3")


def own_account() -> str:
    return str(client_of("sts").get_caller_identity()["Account"])


def test_a_bucket_has_the_tags_it_was_created_with() -> None:
    name, tags = unique("tagged"), [{"Key": "one", "Value": "1"}, {"Key": "two", "Value": "2"}]
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"Tags": tags})
    assert sorted(s3.get_bucket_tagging(Bucket=name)["TagSet"], key=lambda tag: tag["Key"]) == tags


def test_a_request_for_a_bucket_of_another_owner_than_expected_is_denied() -> None:
    name, other = unique("owned"), "999999999999"
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="key", Body=b"-")
    s3.head_bucket(Bucket=name, ExpectedBucketOwner=own_account())
    with refused("403"):
        s3.head_bucket(Bucket=name, ExpectedBucketOwner=other)
    with refused("AccessDenied"):
        s3.list_objects_v2(Bucket=name, ExpectedBucketOwner=other)
    with refused("AccessDenied"):
        s3.get_object(Bucket=name, Key="key", ExpectedBucketOwner=other)
    with refused("404"):
        s3.head_bucket(Bucket=unique("missing"), ExpectedBucketOwner=other)


def test_a_bucket_is_always_encrypted() -> None:
    name = unique("encrypted")
    s3.create_bucket(Bucket=name)

    def algorithm() -> str:
        rules = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
        return rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]

    assert algorithm() == "AES256"
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    assert algorithm() == "aws:kms"
    s3.delete_bucket_encryption(Bucket=name)
    assert algorithm() == "AES256"


def test_a_new_bucket_blocks_public_access() -> None:
    # The defaults of a new bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
    name = unique("closed")
    s3.create_bucket(Bucket=name)
    assert all(s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"].values())
    assert s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    s3.delete_public_access_block(Bucket=name)
    with refused("NoSuchPublicAccessBlockConfiguration"):
        s3.get_public_access_block(Bucket=name)


def test_a_denial_has_an_effect_only_if_its_condition_is_met() -> None:
    name = unique("policy")
    s3.create_bucket(Bucket=name)
    resources = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]

    def deny(condition: dict[str, dict[str, str]]) -> None:
        statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": resources, "Condition": condition}
        s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    deny({"Bool": {"aws:SecureTransport": "false"}})
    s3.put_object(Bucket=name, Key="key", Body=b"content")
    deny({"Bool": {"aws:SecureTransport": "true"}})
    with refused("403"):
        s3.head_object(Bucket=name, Key="key")
    deny({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}})
    with refused("403"):
        s3.head_object(Bucket=name, Key="key")


def test_only_the_first_of_several_conditional_writes_is_stored() -> None:
    # The header If-None-Match: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
    name = unique("conditional")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="slot", Body=b"first", IfNoneMatch="*")
    with refused("PreconditionFailed"):
        s3.put_object(Bucket=name, Key="slot", Body=b"second", IfNoneMatch="*")
    assert s3.get_object(Bucket=name, Key="slot")["Body"].read() == b"first"


def test_an_object_that_does_not_match_its_checksum_is_not_stored() -> None:
    name, checksum = unique("whole"), base64.b64encode(hashlib.sha256(b"whole").digest()).decode()
    s3.create_bucket(Bucket=name)
    with refused("BadDigest"):
        s3.put_object(Bucket=name, Key="object", Body=b"broken", ChecksumSHA256=checksum)
    assert "Contents" not in s3.list_objects_v2(Bucket=name)
    s3.put_object(Bucket=name, Key="object", Body=b"whole", ChecksumSHA256=checksum)
    assert s3.head_object(Bucket=name, Key="object", ChecksumMode="ENABLED")["ChecksumSHA256"] == checksum
