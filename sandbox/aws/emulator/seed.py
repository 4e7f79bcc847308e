"""The initial content of the emulated AWS: the release's AMIs and the user's public hosted zones."""

from __future__ import annotations

from typing import Any, TypedDict

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2.models import ec2_backends
from moto.ec2.models.amis import Ami
from moto.route53.models import route53_backends

from .corrections.ec2.images import set_root_device

# Size of the root volume of the CoreOS AMIs, in GiB.
_ROOT_GIBIBYTES = 16


class SeedImage(TypedDict):
    id: str
    name: str
    architecture: str
    owner: str


class Seed(TypedDict):
    images: dict[str, list[SeedImage]]
    zones: list[str]


def create(seed: Seed) -> None:
    for region, images in seed["images"].items():
        for image in images:
            _create_image(ec2_backends[DEFAULT_ACCOUNT_ID][region], image)
    for name in seed["zones"]:
        _create_zone(name)


def _create_image(backend: Any, image: SeedImage) -> None:
    ami = backend.amis[image["id"]] = Ami(
        backend,
        image["id"],
        name=image["name"],
        description=image["name"],
        architecture=image["architecture"],
        owner_id=image["owner"],
        public=True,
        virtualization_type="hvm",
        hypervisor="xen",
        root_device_type="ebs",
        root_device_name="/dev/xvda",
        boot_mode="uefi-preferred" if image["architecture"] == "x86_64" else "uefi",
        image_location=f"{image['owner']}/{image['name']}",
    )
    set_root_device(ami, _ROOT_GIBIBYTES)


def _create_zone(name: str) -> None:
    route53_backends[DEFAULT_ACCOUNT_ID]["aws"].create_hosted_zone(
        name.rstrip(".") + ".", private_zone=False, comment="public zone of the base domain", caller_reference=f"seed-{name}"
    )
