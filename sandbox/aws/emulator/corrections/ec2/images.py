"""AMIs: their root device, and encrypted copies from another region.

moto's AMIs have a fixed root volume, and its copies support neither encryption nor tags.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import InvalidAMIIdError
from moto.ec2.models.amis import Ami, AmiBackend
from moto.ec2.responses.amis import AmisResponse

from ..patching import corrects
from .errors import refusal
from .volumes import key_arn, root_snapshot


def require_image(backend: Any, image_id: str) -> Ami:
    """The AMI, or InvalidAMIID.NotFound: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    found: list[Ami] = backend.describe_images(ami_ids=[image_id])
    if not found:
        raise InvalidAMIIdError([image_id])
    return found[0]


def set_root_device(image: Ami, size: int, encrypted: bool = False, key: str | None = None) -> None:
    """Gives an AMI its root device: one snapshot of the given size, whose volume is deleted with the instance."""
    image.root_device_type = "ebs"
    image.ena_support = True  # type: ignore[attr-defined]
    root_snapshot(image.ebs_snapshot, size, encrypted, key)


def _block_device_mappings(image: Ami) -> list[dict[str, Any]]:
    snapshot = image.ebs_snapshot
    volume = {
        "SnapshotId": snapshot.id,
        "VolumeSize": snapshot.volume.size,
        "VolumeType": "gp2",
        "DeleteOnTermination": True,
        "Encrypted": snapshot.encrypted,
    }
    return [{"DeviceName": image.root_device_name, "Ebs": volume}]


Ami.block_device_mappings = property(_block_device_mappings)  # type: ignore[assignment,method-assign]


@corrects(Ami, "__init__")
def initialise(original: Any, self: Ami, backend: Any, *arguments: Any, **options: Any) -> None:
    # The snapshot's volume must be in the AMI's own region.
    if not options.get("region_name", "").startswith(backend.region_name):
        options["region_name"] = f"{backend.region_name}a"
    original(self, backend, *arguments, **options)


@corrects(AmisResponse, "copy_image")
def copy_image(original: Any, self: Any) -> ActionResult:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html: launch permissions and tags are not copied; the copy of an
    # encrypted AMI is encrypted; without a key, AWS's own key for EBS is used.
    from moto.ec2.models import ec2_backends

    backend = self.ec2_backend
    source_region = self._get_param("SourceRegion")
    source = require_image(ec2_backends[backend.account_id][source_region], self._get_param("SourceImageId"))
    self.error_on_dryrun()
    encrypted = bool(self._get_param("Encrypted", False)) or source.ebs_snapshot.encrypted
    key = self._get_param("KmsKeyId")
    if key and not encrypted:
        raise refusal("InvalidParameterDependency", "The parameter KmsKeyId requires the parameter Encrypted to be set.")
    copy = backend.copy_image(source.id, source_region, self._get_param("Name"), self._get_param("Description"))
    copy.description = self._get_param("Description", "")
    for attribute in ("root_device_name", "root_device_type", "boot_mode", "hypervisor", "sriov"):
        setattr(copy, attribute, getattr(source, attribute))
    copy.image_location = f"{backend.account_id}/{copy.name}"
    set_root_device(copy, source.ebs_snapshot.volume.size, encrypted, key_arn(backend, key) if encrypted else None)
    copy.ebs_snapshot.description = f"Copied for DestinationAmi {copy.id} from SourceAmi {source.id} for SourceSnapshot {source.ebs_snapshot.id}"
    for specification in self._get_param("TagSpecifications", []):
        target = copy if specification["ResourceType"] == "image" else copy.ebs_snapshot
        target.add_tags({tag["Key"]: tag["Value"] for tag in specification["Tags"]})
    return ActionResult({"ImageId": copy.id})


@corrects(AmiBackend, "deregister_image")
def deregister_image(original: Any, backend: Any, ami_id: str) -> None:
    image = backend.amis.get(ami_id)
    if image is not None and image.owner_id != backend.account_id:
        raise refusal("AuthFailure", f"Not authorized for image:{ami_id}")
    original(backend, ami_id)
