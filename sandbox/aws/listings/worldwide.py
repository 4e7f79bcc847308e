"""The services without a region: IAM and Route 53; and S3, which lists the buckets of all regions."""

from __future__ import annotations

from typing import Any

from .calls import Item, Lister, optional, pages


def _zones(route53: Any) -> list[Item]:
    zones = pages(route53, "list_hosted_zones", "HostedZones")
    for zone in zones:
        identifier = zone["Id"].rpartition("/")[2]
        zone["VPCs"] = route53.get_hosted_zone(Id=identifier).get("VPCs", [])
        zone["Tags"] = route53.list_tags_for_resource(ResourceType="hostedzone", ResourceId=identifier)["ResourceTagSet"]["Tags"]
        zone["Records"] = pages(route53, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=identifier)
    return zones


def _roles(iam: Any) -> list[Item]:
    roles = pages(iam, "list_roles", "Roles")
    for role in roles:
        name = {"RoleName": role["RoleName"]}
        # Lists leave out the permissions boundary: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
        role.update(iam.get_role(**name)["Role"])
        inline = pages(iam, "list_role_policies", "PolicyNames", **name)
        role["InlinePolicies"] = {policy: iam.get_role_policy(**name, PolicyName=policy)["PolicyDocument"] for policy in inline}
        role["AttachedPolicies"] = pages(iam, "list_attached_role_policies", "AttachedPolicies", **name)
        role["Tags"] = iam.list_role_tags(**name)["Tags"]
    return roles


def _users(iam: Any) -> list[Item]:
    users = pages(iam, "list_users", "Users")
    for user in users:
        name = {"UserName": user["UserName"]}
        inline = pages(iam, "list_user_policies", "PolicyNames", **name)
        user["InlinePolicies"] = {policy: iam.get_user_policy(**name, PolicyName=policy)["PolicyDocument"] for policy in inline}
        user["AttachedPolicies"] = pages(iam, "list_attached_user_policies", "AttachedPolicies", **name)
        user["AccessKeys"] = pages(iam, "list_access_keys", "AccessKeyMetadata", **name)
        user["Tags"] = iam.list_user_tags(**name)["Tags"]
    return users


def _policies(iam: Any) -> list[Item]:
    policies = pages(iam, "list_policies", "Policies", Scope="Local")
    for policy in policies:
        version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
        policy["Document"] = version["PolicyVersion"]["Document"]
        policy["Tags"] = iam.list_policy_tags(PolicyArn=policy["Arn"])["Tags"]
    return policies


def _profiles(iam: Any) -> list[Item]:
    profiles = pages(iam, "list_instance_profiles", "InstanceProfiles")
    for profile in profiles:
        profile["Roles"] = [role["RoleName"] for role in profile["Roles"]]
        profile["Tags"] = iam.list_instance_profile_tags(InstanceProfileName=profile["InstanceProfileName"])["Tags"]
    return profiles


def _oidc_providers(iam: Any) -> list[Item]:
    arns = [provider["Arn"] for provider in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]]
    return [{"Arn": arn, **(optional(lambda: iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)) or {})} for arn in arns]


_ABSENT_CONFIGURATIONS = (
    "NoSuchBucketPolicy",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "NoSuchTagSet",
    "OwnershipControlsNotFoundError",
    "ServerSideEncryptionConfigurationNotFoundError",
)


def _buckets(s3: Any) -> list[Item]:
    buckets = s3.list_buckets()["Buckets"]
    for bucket in buckets:
        name = {"Bucket": bucket["Name"]}
        configurations = {
            "Encryption": s3.get_bucket_encryption,
            "Lifecycle": s3.get_bucket_lifecycle_configuration,
            "Location": s3.get_bucket_location,
            "Ownership": s3.get_bucket_ownership_controls,
            "Policy": s3.get_bucket_policy,
            "PublicAccessBlock": s3.get_public_access_block,
            "Tagging": s3.get_bucket_tagging,
            "Versioning": s3.get_bucket_versioning,
        }
        for kind, get in configurations.items():
            bucket[kind] = optional(lambda get=get: get(**name), *_ABSENT_CONFIGURATIONS)
        objects = pages(s3, "list_objects_v2", "Contents", **name)
        bucket["Objects"] = [{"Key": item["Key"], "ETag": item["ETag"], "Size": item["Size"]} for item in objects]
    return buckets


WORLDWIDE: dict[str, dict[str, Lister]] = {
    "iam": {"roles": _roles, "users": _users, "policies": _policies, "profiles": _profiles, "oidc-providers": _oidc_providers},
    "route53": {"zones": _zones},
    "s3": {"buckets": _buckets},
}
