"""Route 53: private zones, and changes that are checked against the existing records.

moto makes a zone private only if `HostedZoneConfig.PrivateZone` is set, and checks changes against a journal of past changes instead of the
zone's records.
"""

from __future__ import annotations

import copy
from typing import Any

from moto.ec2.models import ec2_backends
from moto.route53.exceptions import InvalidActionValue, InvalidVPCId, NoSuchHostedZone, Route53ClientError
from moto.route53.models import FakeZone, HostedZoneIdentifier, RecordSet, Route53Backend
from moto.route53.responses import Route53
from moto.route53.utils import validate_domain_name

from .patching import corrects

Change = dict[str, Any]


class InvalidChangeBatch(Route53ClientError):
    """The error for a change that contradicts the zone's records:
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html#API_ChangeResourceRecordSets_Errors
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("InvalidChangeBatch", "[" + ", ".join(problems) + "]")


class ConflictingDomainExists(Route53ClientError):
    """The error for a VPC that already has a different zone with this name: https://docs.aws.amazon.com/Route53/latest/APIReference/API_AssociateVPCWithHostedZone.html"""

    def __init__(self, name: str, vpc: str) -> None:
        super().__init__("ConflictingDomainExists", f"The VPC {vpc} is already associated with another hosted zone with the name {name}")


class HostedZoneAlreadyExists(Route53ClientError):
    """The error for a caller reference that has already created a zone:
    https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html#API_CreateHostedZone_Errors
    """

    def __init__(self, reference: str) -> None:
        super().__init__("HostedZoneAlreadyExists", f"A hosted zone has already been created with the specified caller reference: {reference}")


class VPCAssociationNotFound(Route53ClientError):
    """The error for a VPC that is not associated with the zone: https://docs.aws.amazon.com/Route53/latest/APIReference/API_DisassociateVPCFromHostedZone.html"""

    def __init__(self, vpc: str, zone: str) -> None:
        super().__init__("VPCAssociationNotFound", f"The VPC {vpc} and hosted zone {zone} that you specified are not currently associated.")


def _canonical(name: str) -> str:
    """Names are compared without regard to case. A wildcard may be written as `*` or as its escape."""
    return name.rstrip(".").lower().replace("\\052", "*") + "."


def _written(name: str) -> str:
    """The form in which Route 53 returns a name: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html"""
    return _canonical(name).replace("*", "\\052")


def _require_vpc(backend: Route53Backend, zone_name: str, vpc_id: str, region: str) -> None:
    if vpc_id not in ec2_backends[backend.account_id][region].vpcs:
        raise InvalidVPCId()
    for zone in backend.zones.values():
        if zone.name == zone_name and any(vpc["vpc_id"] == vpc_id for vpc in zone.vpcs):
            raise ConflictingDomainExists(zone_name, vpc_id)


@corrects(HostedZoneIdentifier, "generate")
def generate_zone_id(original: Any, identifier: HostedZoneIdentifier, *arguments: Any, **options: Any) -> str:
    # Zone ids begin with Z, as in every example of https://docs.aws.amazon.com/Route53/latest/APIReference/API_GetHostedZone.html
    return "Z" + str(original(identifier, *arguments, **options))[1:]


@corrects(Route53, "create_hosted_zone")
def create_hosted_zone_response(original: Any, self: Any) -> Any:
    # A zone is private if the request names a VPC ("Private hosted zones only"); the flag PrivateZone does not decide this:
    # https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html
    if self._get_param("VPC.VPCId"):
        self.params.setdefault("HostedZoneConfig", {})["PrivateZone"] = True
    return original(self)


@corrects(Route53Backend, "create_hosted_zone")
def create_hosted_zone(original: Any, backend: Route53Backend, name: str, private_zone: bool, **options: Any) -> FakeZone:
    reference = options.get("caller_reference")
    if reference and any(zone.caller_reference == reference for zone in backend.zones.values()):
        raise HostedZoneAlreadyExists(reference)
    if private_zone and options.get("vpcid"):
        _require_vpc(backend, _canonical(name), options["vpcid"], options["vpcregion"])
    zone: FakeZone = original(backend, _canonical(name), private_zone, **options)
    if private_zone:
        # The name servers of a private zone are reserved names of the resolver, not a delegation set:
        # https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
        for record in zone.rrsets:
            if record.type == "NS":
                record.records = ["ns-1536.awsdns-00.co.uk.", "ns-0.awsdns-00.com.", "ns-1024.awsdns-00.org.", "ns-512.awsdns-00.net."]
    return zone


@corrects(Route53Backend, "associate_vpc_with_hosted_zone")
def associate_vpc_with_hosted_zone(original: Any, backend: Route53Backend, zone_id: str, vpcid: str, vpcregion: str) -> FakeZone:
    zone = backend.get_hosted_zone(zone_id)
    if zone.private_zone:
        if any(vpc["vpc_id"] == vpcid for vpc in zone.vpcs):
            return zone
        _require_vpc(backend, zone.name, vpcid, vpcregion)
    return original(backend, zone_id, vpcid, vpcregion)


@corrects(Route53Backend, "disassociate_vpc_from_hosted_zone")
def disassociate_vpc_from_hosted_zone(original: Any, backend: Route53Backend, zone_id: str, vpcid: str) -> FakeZone:
    zone = backend.get_hosted_zone(zone_id)
    if not any(vpc["vpc_id"] == vpcid for vpc in zone.vpcs):
        raise VPCAssociationNotFound(vpcid, zone_id)
    return original(backend, zone_id, vpcid)


def _key(name: str, kind: str | None, identifier: str | None) -> tuple[str, str | None, str | None]:
    return _canonical(name), kind, identifier


def _values(record: dict[str, Any]) -> list[str]:
    return sorted(value["Value"] if isinstance(value, dict) else value for value in record.get("ResourceRecords") or [])


def _target(alias: dict[str, Any] | None) -> tuple[str, str, bool] | None:
    if not alias:
        return None
    return alias.get("HostedZoneId", ""), _canonical(alias.get("DNSName", "")), bool(alias.get("EvaluateTargetHealth"))


def _matches(existing: RecordSet, wanted: dict[str, Any]) -> bool:
    """Whether a DELETE matches a record. The values must be equal as well, not only name and type."""
    if wanted.get("AliasTarget") or existing.alias_target:
        return _target(existing.alias_target) == _target(wanted.get("AliasTarget"))
    return sorted(existing.records) == _values(wanted) and str(existing.ttl) == str(wanted.get("TTL"))


@corrects(Route53Backend, "change_resource_record_sets")
def change_resource_record_sets(original: Any, self: Route53Backend, zoneid: str, change_list: list[Change]) -> None:
    """Applies all changes or none. Each change is checked against the records that the changes before it leave.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
    """
    zone = self.get_hosted_zone(zoneid)
    records = {_key(record.name, record.type, record.set_identifier): record for record in zone.rrsets}
    problems: list[str] = []
    for change in change_list:
        problem = _change(zone, records, change)
        if problem:
            problems.append(problem)
    if problems:
        raise InvalidChangeBatch(problems)
    zone.rrsets = list(records.values())


def _change(zone: FakeZone, records: dict[tuple[str, str | None, str | None], RecordSet], change: Change) -> str | None:
    action, wanted = change["Action"], copy.deepcopy(dict(change["ResourceRecordSet"]))
    if action not in ("CREATE", "UPSERT", "DELETE"):
        raise InvalidActionValue(action)
    validate_domain_name(wanted["Name"], code="InvalidChangeBatch")
    name, kind = _canonical(wanted["Name"]), wanted["Type"]
    key = _key(name, kind, wanted.get("SetIdentifier"))
    existing = records.get(key)
    described = f"[name='{name}', type='{kind}']"
    if name != zone.name and not name.endswith(f".{zone.name}"):
        return f"RRSet with DNS name {name} is not permitted in zone {zone.name}"
    if action == "DELETE":
        if existing is None:
            return f"Tried to delete resource record set {described} but it was not found"
        if not _matches(existing, wanted):
            return f"Tried to delete resource record set {described} but the values provided do not match the current values"
        if name == zone.name and kind in ("NS", "SOA"):
            return f"A HostedZone must contain at least one {kind} record for the zone itself."
        del records[key]
        return None
    if action == "CREATE" and existing is not None:
        return f"Tried to create resource record set {described} but it already exists"
    siblings = {other for host, other, _ in records if host == name and other != kind}
    if (kind == "CNAME" and siblings) or "CNAME" in siblings:
        return f"RRSet of type {kind} with DNS name {name} is not permitted as it conflicts with other records with the same DNS name in zone {zone.name}"
    wanted["Name"] = _written(name)
    wanted["ResourceRecords"] = [value["Value"] for value in wanted.get("ResourceRecords") or []]
    records[key] = RecordSet(wanted)  # type: ignore[abstract]
    return None


@corrects(Route53Backend, "list_resource_record_sets")
def list_resource_record_sets(original: Any, backend: Route53Backend, zone_id: str, start_type: str, start_name: str, max_items: int) -> Any:
    return original(backend, zone_id, start_type, _written(start_name) if start_name else start_name, max_items)


@corrects(Route53Backend, "delete_hosted_zone")
def delete_hosted_zone(original: Any, backend: Route53Backend, id_: str) -> FakeZone | None:
    # moto itself refuses with HostedZoneNotEmpty, but keeps the tags of a deleted zone.
    zone = original(backend, id_)
    backend.resource_tags.pop(id_.replace("/hostedzone/", ""), None)
    return zone


@corrects(Route53Backend, "list_tags_for_resource")
def list_tags_for_resource(original: Any, backend: Route53Backend, resource_id: str) -> dict[str, str]:
    # An unknown id is an error: https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListTagsForResource.html
    if resource_id not in backend.zones and resource_id not in backend.health_checks:
        raise NoSuchHostedZone(resource_id)
    return backend.resource_tags.get(resource_id, {})


class TooManyTags(Route53ClientError):
    """The error for more tags than the API allows. The error code is a guess: InvalidInput is a documented error of every Route 53 operation."""

    def __init__(self, count: int) -> None:
        super().__init__("InvalidInput", f"1 validation error detected: addTags has {count} members, and may have 10 at most")


@corrects(Route53Backend, "change_tags_for_resource")
def change_tags_for_resource(
    original: Any, backend: Route53Backend, resource_type: str, resource_id: str, add_tags: list[dict[str, str]], remove_tag_keys: list[str]
) -> None:
    # "A maximum of 10 tags": https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeTagsForResource.html
    kept = {key for key in backend.resource_tags.get(resource_id, {}) if key not in (remove_tag_keys or [])}
    count = len(kept | {tag["Key"] for tag in add_tags or []})
    if count > 10:
        raise TooManyTags(count)
    original(backend, resource_type, resource_id, add_tags, remove_tag_keys)
