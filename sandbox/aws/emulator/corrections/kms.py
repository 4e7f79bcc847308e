"""KMS: the default key of EBS belongs to AWS."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.elastic_block_store import EBSBackend
from moto.kms.models import kms_backends

from .patching import corrects


@corrects(EBSBackend, "_create_default_encryption_key")
def create_default_encryption_key(original: Any, backend: Any) -> str:
    # AWS's default key for EBS is an AWS managed key, so its KeyManager is AWS:
    # https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html
    arn: str = original(backend)
    kms_backends[backend.account_id][backend.region_name].describe_key(arn).key_manager = "AWS"
    return arn
