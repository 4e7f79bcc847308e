"""The regional services."""

from __future__ import annotations

from typing import Any

from .calls import Item, Lister, digest, listing, optional, pages
from .ec2 import EC2


def _elbv2_tags(elb: Any, arn: str) -> list[Item]:
    return elb.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"]


def _load_balancers(elb: Any) -> list[Item]:
    balancers = pages(elb, "describe_load_balancers", "LoadBalancers")
    for balancer in balancers:
        arn = balancer["LoadBalancerArn"]
        balancer["Tags"] = _elbv2_tags(elb, arn)
        balancer["Attributes"] = elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]
        balancer["Listeners"] = pages(elb, "describe_listeners", "Listeners", LoadBalancerArn=arn)
        for listener in balancer["Listeners"]:
            listener["Tags"] = _elbv2_tags(elb, listener["ListenerArn"])
    return balancers


def _target_groups(elb: Any) -> list[Item]:
    groups = pages(elb, "describe_target_groups", "TargetGroups")
    for group in groups:
        arn = group["TargetGroupArn"]
        group["Tags"] = _elbv2_tags(elb, arn)
        group["Attributes"] = elb.describe_target_group_attributes(TargetGroupArn=arn)["Attributes"]
        health = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        group["Targets"] = [description["Target"] for description in health]
    return groups


def _classic_load_balancers(elb: Any) -> list[Item]:
    balancers = pages(elb, "describe_load_balancers", "LoadBalancerDescriptions")
    for balancer in balancers:
        balancer["Tags"] = elb.describe_tags(LoadBalancerNames=[balancer["LoadBalancerName"]])["TagDescriptions"][0]["Tags"]
    return balancers


def _kms_keys(kms: Any) -> list[Item]:
    found = []
    for key in pages(kms, "list_keys", "Keys"):
        item = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        # AWS creates its own keys (aws/ebs) at their first use and never deletes them.
        if item["KeyManager"] == "AWS" or item["KeyState"] == "PendingDeletion":
            continue
        item["Tags"] = kms.list_resource_tags(KeyId=key["KeyId"]).get("Tags", [])
        item["Policy"] = kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]
        item["Rotation"] = kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]
        found.append(item)
    return found


def _parameters(ssm: Any) -> list[Item]:
    parameters = pages(ssm, "describe_parameters", "Parameters")
    for parameter in parameters:
        parameter["Value"] = digest(ssm.get_parameter(Name=parameter["Name"])["Parameter"]["Value"])
        parameter["Tags"] = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=parameter["Name"])["TagList"]
    return parameters


def _log_groups(logs: Any) -> list[Item]:
    groups = pages(logs, "describe_log_groups", "logGroups")
    for group in groups:
        group["tags"] = logs.list_tags_log_group(logGroupName=group["logGroupName"])["tags"]
    return groups


def _file_systems(efs: Any) -> list[Item]:
    systems = pages(efs, "describe_file_systems", "FileSystems")
    for system in systems:
        identity = {"FileSystemId": system["FileSystemId"]}
        system["MountTargets"] = efs.describe_mount_targets(**identity)["MountTargets"]
        system["Policy"] = optional(lambda identity=identity: efs.describe_file_system_policy(**identity), "PolicyNotFound")
        system["BackupPolicy"] = optional(lambda identity=identity: efs.describe_backup_policy(**identity), "PolicyNotFound")
        system["SizeInBytes"].pop("Timestamp", None)  # The time of the measurement.
    return systems


def _certificates(acm: Any) -> list[Item]:
    certificates = pages(acm, "list_certificates", "CertificateSummaryList")
    for certificate in certificates:
        certificate["Tags"] = acm.list_tags_for_certificate(CertificateArn=certificate["CertificateArn"])["Tags"]
    return certificates


def _web_acls(waf: Any) -> list[Item]:
    acls = []
    for summary in waf.list_web_acls(Scope="REGIONAL")["WebACLs"]:
        acl = waf.get_web_acl(Scope="REGIONAL", Id=summary["Id"], Name=summary["Name"])["WebACL"]
        acl["Tags"] = waf.list_tags_for_resource(ResourceARN=acl["ARN"])["TagInfoForResource"]["TagList"]
        acls.append(acl)
    return acls


def _ip_sets(waf: Any) -> list[Item]:
    sets = waf.list_ip_sets(Scope="REGIONAL")["IPSets"]
    return [waf.get_ip_set(Scope="REGIONAL", Id=each["Id"], Name=each["Name"])["IPSet"] for each in sets]


REGIONAL: dict[str, dict[str, Lister]] = {
    "ec2": EC2,
    "elbv2": {"load-balancers": _load_balancers, "target-groups": _target_groups},
    "elb": {"load-balancers": _classic_load_balancers},
    "kms": {"keys": _kms_keys, "aliases": listing("list_aliases", "Aliases", lambda item: not item["AliasName"].startswith("alias/aws/"))},
    "ssm": {"parameters": _parameters},
    "secretsmanager": {"secrets": listing("list_secrets", "SecretList", lambda item: "DeletedDate" not in item)},
    "logs": {"groups": _log_groups},
    "efs": {"file-systems": _file_systems, "access-points": listing("describe_access_points", "AccessPoints")},
    "acm": {"certificates": _certificates},
    "wafv2": {"web-acls": _web_acls, "ip-sets": _ip_sets},
}
