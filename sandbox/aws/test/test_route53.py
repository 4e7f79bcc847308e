"""Route 53: private zones, and changes that are all applied or none. https://docs.aws.amazon.com/Route53/latest/APIReference/"""

from __future__ import annotations

from typing import Any

from support import REGION, Network, client_of, refused, unique

route53 = client_of("route53")


def private_zone(network: Network, name: str | None = None) -> str:
    made = route53.create_hosted_zone(
        Name=name or f"{unique('zone')}.example.com", CallerReference=unique("ref"), VPC={"VPCRegion": REGION, "VPCId": network.vpc}
    )
    return made["HostedZone"]["Id"]


def change(zone: str, action: str, name: str, kind: str = "A", **content: Any) -> Any:
    content = content or {"TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    return route53.change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": {"Name": name, "Type": kind, **content}}]}
    )


def test_a_zone_with_a_vpc_is_private_in_every_answer(network: Network) -> None:
    zone = private_zone(network)
    got = route53.get_hosted_zone(Id=zone)
    assert got["HostedZone"]["Config"]["PrivateZone"] is True
    assert got["VPCs"] == [{"VPCRegion": REGION, "VPCId": network.vpc}]
    assert "DelegationSet" not in got
    listed = {item["Id"]: item for item in route53.list_hosted_zones()["HostedZones"]}
    assert listed[zone]["Config"]["PrivateZone"] is True
    by_vpc = route53.list_hosted_zones_by_vpc(VPCId=network.vpc, VPCRegion=REGION)["HostedZoneSummaries"]
    assert [summary["HostedZoneId"] for summary in by_vpc] == [zone.rpartition("/")[2]]


def test_a_zone_without_a_vpc_is_public() -> None:
    made = route53.create_hosted_zone(Name=f"{unique('public')}.example.com", CallerReference=unique("ref"))
    assert made["HostedZone"]["Config"]["PrivateZone"] is False
    assert made["HostedZone"]["Id"].startswith("/hostedzone/Z")
    assert len(made["DelegationSet"]["NameServers"]) == 4


def test_the_vpc_must_exist_and_can_have_only_one_zone_of_a_name(network: Network) -> None:
    name = f"{unique('once')}.example.com"
    private_zone(network, name)
    with refused("ConflictingDomainExists"):
        private_zone(network, name)
    with refused("InvalidVPCId"):
        route53.create_hosted_zone(Name="a.example.com", CallerReference=unique("ref"), VPC={"VPCRegion": REGION, "VPCId": "vpc-0000"})


def test_a_caller_reference_can_be_used_only_once() -> None:
    reference = unique("ref")
    route53.create_hosted_zone(Name="one.example.org", CallerReference=reference)
    with refused("HostedZoneAlreadyExists"):
        route53.create_hosted_zone(Name="two.example.org", CallerReference=reference)


def test_all_vpcs_but_the_last_can_be_disassociated(network: Network) -> None:
    zone, other = private_zone(network), Network()
    vpc = {"VPCRegion": REGION, "VPCId": other.vpc}
    route53.associate_vpc_with_hosted_zone(HostedZoneId=zone, VPC=vpc)
    assert len(route53.get_hosted_zone(Id=zone)["VPCs"]) == 2
    route53.disassociate_vpc_from_hosted_zone(HostedZoneId=zone, VPC=vpc)
    with refused("VPCAssociationNotFound"):
        route53.disassociate_vpc_from_hosted_zone(HostedZoneId=zone, VPC=vpc)
    with refused("LastVPCAssociation"):
        route53.disassociate_vpc_from_hosted_zone(HostedZoneId=zone, VPC={"VPCRegion": REGION, "VPCId": network.vpc})
    public = route53.create_hosted_zone(Name="public.example.org", CallerReference=unique("ref"))["HostedZone"]["Id"]
    with refused("PublicZoneVPCAssociation"):
        route53.associate_vpc_with_hosted_zone(HostedZoneId=public, VPC=vpc)


def test_a_zone_with_records_cannot_be_deleted(network: Network) -> None:
    zone = private_zone(network, "stays.example.com")
    change(zone, "CREATE", "api.stays.example.com")
    with refused("HostedZoneNotEmpty"):
        route53.delete_hosted_zone(Id=zone)
    change(zone, "DELETE", "api.stays.example.com")
    route53.delete_hosted_zone(Id=zone)
    with refused("NoSuchHostedZone"):
        route53.get_hosted_zone(Id=zone)
    with refused("NoSuchHostedZone"):
        route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone.rpartition("/")[2])


def test_a_record_can_be_created_only_once_and_deleted_only_with_its_values(network: Network) -> None:
    zone = private_zone(network, "values.example.com")
    name = "api.values.example.com"
    change(zone, "CREATE", name)
    with refused("InvalidChangeBatch"):
        change(zone, "CREATE", name, TTL=300, ResourceRecords=[{"Value": "192.0.2.9"}])
    with refused("InvalidChangeBatch"):
        change(zone, "DELETE", name, TTL=60, ResourceRecords=[{"Value": "192.0.2.9"}])
    with refused("InvalidChangeBatch"):
        change(zone, "DELETE", "other.values.example.com")
    with refused("InvalidChangeBatch"):
        change(zone, "CREATE", name, "CNAME", TTL=60, ResourceRecords=[{"Value": "elsewhere.example.com"}])
    with refused("InvalidChangeBatch"):
        change(zone, "CREATE", "api.elsewhere.org")
    change(zone, "UPSERT", name, TTL=300, ResourceRecords=[{"Value": "192.0.2.2"}])
    records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert [record["ResourceRecords"][0]["Value"] for record in records if record["Type"] == "A"] == ["192.0.2.2"]


def test_all_changes_of_a_batch_are_applied_or_none(network: Network) -> None:
    zone = private_zone(network, "batch.example.com")
    record = {"Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    names = ["a.batch.example.com", "a.batch.example.com"]
    changes = [{"Action": "CREATE", "ResourceRecordSet": {"Name": name, **record}} for name in names]
    with refused("InvalidChangeBatch"):
        route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    assert {item["Type"] for item in route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]} == {"NS", "SOA"}


def test_an_alias_keeps_its_target_and_its_change_is_in_sync(network: Network) -> None:
    zone = private_zone(network, "alias.example.com")
    target = {"HostedZoneId": "Z26RNL4JYFTOTI", "DNSName": "x-1.elb.us-east-1.amazonaws.com.", "EvaluateTargetHealth": False}
    answer = change(zone, "CREATE", "api.alias.example.com", AliasTarget=target)
    assert route53.get_change(Id=answer["ChangeInfo"]["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    assert [record["AliasTarget"] for record in records if record["Type"] == "A"] == [target]
    change(zone, "DELETE", "api.alias.example.com", AliasTarget=target)


def test_a_wildcard_is_listed_as_its_escape(network: Network) -> None:
    # The form in which Route 53 returns a wildcard: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
    zone = private_zone(network, "wild.example.com")
    change(zone, "CREATE", "*.apps.wild.example.com")
    listed = route53.list_resource_record_sets(HostedZoneId=zone, StartRecordName="*.apps.wild.example.com", StartRecordType="A")
    assert listed["ResourceRecordSets"][0]["Name"] == "\\052.apps.wild.example.com."
    with refused("InvalidChangeBatch"):
        change(zone, "CREATE", "\\052.apps.wild.example.com")
    change(zone, "DELETE", "*.apps.wild.example.com")


def test_a_zone_has_at_most_ten_tags(network: Network) -> None:
    zone = private_zone(network).rpartition("/")[2]

    def tag(*numbers: int, remove: tuple[int, ...] = ()) -> None:
        removed = {"RemoveTagKeys": [f"key-{number}" for number in remove]} if remove else {}
        tags = [{"Key": f"key-{number}", "Value": "x"} for number in numbers]
        route53.change_tags_for_resource(ResourceType="hostedzone", ResourceId=zone, AddTags=tags, **removed)

    with refused("InvalidInput"):
        tag(*range(11))
    tag(*range(10))
    with refused("InvalidInput"):
        tag(10)
    tag(10, remove=(0,))
    assert len(route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=zone)["ResourceTagSet"]["Tags"]) == 10
