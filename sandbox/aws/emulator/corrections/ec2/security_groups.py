"""Security group rules: compared as AWS compares them, and shown with their descriptions and tags."""

from __future__ import annotations

from typing import Any

from moto.ec2.exceptions import InvalidPermissionNotFoundError, InvalidSecurityGroupRuleIdNotFoundError
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule

from ..patching import corrects

_PORTLESS = ("tcp", "udp", "icmp", "icmpv6", "58", "-1")


@corrects(SecurityGroupRule, "__init__")
def initialise(
    original: Any, self: SecurityGroupRule, backend: Any, ip_protocol: Any, group_id: str, from_port: Any, to_port: Any, *rest: Any, **options: Any
) -> None:
    # A rule for a protocol without ports, such as 50 (ESP), has the ports -1 to -1, which means all:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
    if str(ip_protocol).lower() not in _PORTLESS and str(ip_protocol) not in ("6", "17", "1"):
        from_port = to_port = -1
    original(self, backend, ip_protocol, group_id, from_port, to_port, *rest, **options)
    prefix_list = rest[2] if len(rest) > 2 else options.get("prefix_list_id")
    self.prefix_description = (prefix_list or {}).get("Description")  # type: ignore[attr-defined]


def _peer(rule: SecurityGroupRule) -> tuple[Any, ...]:
    return rule.cidr_ipv4, rule.cidr_ipv6, rule.source_group.get("GroupId"), rule.prefix_list_id


def _equals(rule: SecurityGroupRule, other: object) -> bool:
    """Whether two rules are for the same traffic, ignoring descriptions. InvalidPermission.Duplicate depends on this."""
    if not isinstance(other, SecurityGroupRule):
        return False
    return (rule.ip_protocol, rule.from_port, rule.to_port, _peer(rule)) == (other.ip_protocol, other.from_port, other.to_port, _peer(other))


def _description(rule: SecurityGroupRule) -> str | None:
    return rule.ip_range.get("Description") or rule.source_group.get("Description") or rule.prefix_description  # type: ignore[attr-defined]


SecurityGroupRule.__eq__ = _equals  # type: ignore[method-assign]
SecurityGroupRule.description = property(_description)  # type: ignore[assignment,method-assign]


@corrects(SecurityGroupBackend, "modify_security_group_rules")
def modify_security_group_rules(original: Any, backend: Any, group_id: str, rules: dict[str, dict[str, Any]]) -> None:
    # moto changes only ports, the IPv4 range and the description, and requires ports for every protocol:
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySecurityGroupRules.html
    original(backend, group_id, {rule: {"FromPort": -1, "ToPort": -1, **wanted} for rule, wanted in rules.items()})
    group = backend.get_security_group_by_name_or_id(group_id)
    for rule_id, wanted in rules.items():
        rule = group.get_rule(rule_id)
        if rule is None:
            raise InvalidSecurityGroupRuleIdNotFoundError(rule_id)
        if "ReferencedGroupId" in wanted:
            rule.source_group = {**rule.source_group, "GroupId": wanted["ReferencedGroupId"], "Description": wanted.get("Description", "")}
        if "CidrIpv6" in wanted:
            rule.ip_range["CidrIpv6"] = wanted["CidrIpv6"]
        if "PrefixListId" in wanted:
            rule.prefix_list_id = wanted["PrefixListId"]
        if rule.ip_protocol == "-1":
            rule.from_port = rule.to_port = None


def _revoke(original: Any, backend: Any, *arguments: Any, **options: Any) -> None:
    # A request that names a missing rule by the rule's id gets a different error code, which the provider understands as
    # "already deleted": https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
    # (InvalidSecurityGroupRuleId.NotFound)
    named = options.get("security_rule_ids") or (arguments[7] if len(arguments) > 7 else None)
    try:
        original(backend, *arguments, **options)
    except InvalidPermissionNotFoundError as error:
        if named:
            raise InvalidSecurityGroupRuleIdNotFoundError(named[0]) from error
        raise


for _name in ("revoke_security_group_ingress", "revoke_security_group_egress"):
    corrects(SecurityGroupBackend, _name)(_revoke)
