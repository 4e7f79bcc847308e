"""Zones: a local zone and a wavelength zone, which moto lacks. The account is opted in to both.

https://docs.aws.amazon.com/local-zones/latest/ug/available-local-zones.html
https://docs.aws.amazon.com/wavelength/latest/developerguide/available-wavelength-zones.html
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend, Zone

from ..patching import corrects

_REGULAR = "availability-zone"

RegionsAndZonesBackend.zones["us-east-1"] += [
    Zone(name="us-east-1-nyc-1a", region_name="us-east-1", zone_id="use1-nyc1-az1", zone_type="local-zone"),
    Zone(name="us-east-1-wl1-bos-wlz-1", region_name="us-east-1", zone_id="use1-wl1-bos-wlz1", zone_type="wavelength-zone"),
]


@corrects(RegionsAndZonesBackend, "describe_availability_zones")
def describe_availability_zones(original: Any, backend: Any, *arguments: Any, **options: Any) -> list[Zone]:
    # moto itself calls this method without arguments to place default subnets and endpoints, which belong only in regular zones.
    zones: list[Zone] = original(backend, *arguments, **options)
    return zones if arguments or options else [zone for zone in zones if zone.zone_type == _REGULAR]
