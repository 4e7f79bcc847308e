"""EBS: keys as ARNs, AWS's default performance, snapshots by owner, and attachments only within a zone."""

from __future__ import annotations

from typing import Any

from moto.ec2.models.elastic_block_store import EBSBackend, Snapshot, VolumeAttachment
from moto.ec2.responses.elastic_block_store import ElasticBlockStore
from moto.kms.models import kms_backends

from ..patching import corrects
from .errors import refusal

# The default throughput of a gp3 volume in MiB/s: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html
_GP3_THROUGHPUT = 125


def key_arn(backend: Any, key: str | None) -> str:
    """The ARN that AWS shows for a key in any notation; without a key, the ARN of AWS's own key for EBS."""
    if not key:
        return backend.default_kms_key_id or backend._create_default_encryption_key()
    return kms_backends[backend.account_id][backend.region_name].describe_key(key).arn


def root_snapshot(snapshot: Snapshot, size: int, encrypted: bool, key: str | None) -> None:
    snapshot.volume.size = size
    snapshot.encrypted = encrypted
    snapshot.kms_key_id = key


@corrects(EBSBackend, "create_volume")
def create_volume(original: Any, backend: Any, size: int, zone_name: str, **options: Any) -> Any:
    # A volume from an encrypted snapshot is encrypted, with the snapshot's key by default:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html
    snapshot = backend.get_snapshot(options["snapshot_id"]) if options.get("snapshot_id") else None
    if snapshot is not None and snapshot.encrypted:
        options["encrypted"] = True
        options["kms_key_id"] = options.get("kms_key_id") or snapshot.kms_key_id
    if options.get("encrypted"):
        options["kms_key_id"] = key_arn(backend, options.get("kms_key_id"))
    volume = original(backend, size, zone_name, **options)
    if volume.volume_type == "gp3":
        volume.throughput = volume.throughput or _GP3_THROUGHPUT
    elif volume.volume_type == "gp2":
        # A gp2 volume has three IOPS per GiB: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html#EBSVolumeTypes_gp2
        volume.iops = min(max(100, 3 * volume.size), 16000)
    return volume


@corrects(EBSBackend, "create_snapshot")
def create_snapshot(original: Any, backend: Any, volume_id: str, *arguments: Any, **options: Any) -> Any:
    snapshot = original(backend, volume_id, *arguments, **options)
    snapshot.kms_key_id = backend.get_volume(volume_id).kms_key_id
    return snapshot


@corrects(ElasticBlockStore, "describe_snapshots")
def describe_snapshots(original: Any, self: Any) -> Any:
    # moto ignores OwnerIds: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html
    result = original(self)
    owners = {self.current_account if owner == "self" else owner for owner in self._get_param("OwnerIds", [])}
    if owners:
        result._result["Snapshots"] = [snapshot for snapshot in result._result["Snapshots"] if snapshot.owner_id in owners]
    return result


@corrects(EBSBackend, "attach_volume")
def attach_volume(original: Any, backend: Any, volume_id: str, instance_id: str, *arguments: Any, **options: Any) -> Any:
    # The volume must be free and in the instance's zone: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AttachVolume.html
    volume, instance = backend.get_volume(volume_id), backend.get_instance(instance_id)
    if volume.attachment:
        raise refusal("VolumeInUse", f"{volume_id} is already attached to an instance")
    if volume.zone and volume.zone.name != instance.placement.zone:
        raise refusal("InvalidVolume.ZoneMismatch", f"The volume '{volume_id}' is not in the same availability zone as instance '{instance_id}'")
    return original(backend, volume_id, instance_id, *arguments, **options)


@corrects(EBSBackend, "detach_volume")
def detach_volume(original: Any, backend: Any, volume_id: str, *arguments: Any, **options: Any) -> Any:
    # The error for a volume that is not attached. The provider treats this error as success
    # (hashicorp/terraform-provider-aws, internal/service/ec2/ebs_volume_attachment.go, main). EC2's whole answer is
    # quoted in https://github.com/kubernetes-sigs/aws-ebs-csi-driver/issues/1801.
    if not backend.get_volume(volume_id).attachment:
        raise refusal("IncorrectState", f"Volume '{volume_id}' is in the 'available' state.")
    return original(backend, volume_id, *arguments, **options)


def _delete_on_termination(attachment: VolumeAttachment) -> bool:
    device = attachment.instance.block_device_mapping.get(attachment.device)
    return device is not None and device.delete_on_termination


# AWS shows DeleteOnTermination for the volume as well as for the instance: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VolumeAttachment.html
VolumeAttachment.delete_on_termination = property(_delete_on_termination)  # type: ignore[attr-defined]
