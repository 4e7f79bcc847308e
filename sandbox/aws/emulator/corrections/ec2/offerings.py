"""Offerings of instance types. moto has no list for GovCloud; there the types of us-east-1 are offered, a **guess**.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPE_OFFERINGS, InstanceTypeOfferingBackend

from ..patching import corrects

_MODEL = "us-east-1"


def zones(backend: Any) -> set[str]:
    """The availability zones of the backend's region."""
    return {zone.name for zone in backend.describe_availability_zones([]) if zone.zone_type == "availability-zone"}


def of(backend: Any, location_type: str) -> list[dict[str, Any]]:
    lists = INSTANCE_TYPE_OFFERINGS[location_type]
    if backend.region_name in lists:
        return lists[backend.region_name]
    types = sorted({offer["InstanceType"] for offer in INSTANCE_TYPE_OFFERINGS["region"][_MODEL]})
    locations = sorted(zones(backend)) if location_type == "availability-zone" else [backend.region_name]
    return [{"InstanceType": name, "LocationType": location_type, "Location": location} for name in types for location in locations]


@corrects(InstanceTypeOfferingBackend, "describe_instance_type_offerings")
def describe_instance_type_offerings(original: Any, backend: Any, location_type: str | None = None, filters: dict[str, Any] | None = None) -> list[Any]:
    kind = location_type or "region"
    return [offer for offer in of(backend, kind) if backend.matches_filters(offer, filters or {}, kind)]
