"""Elastic Load Balancing: names and ports already in use, DNS names in AWS's format, network interfaces in the subnets, and deletions that AWS refuses."""

from __future__ import annotations

import inspect
import json
from typing import Any

from moto.elbv2.exceptions import DuplicateListenerError, DuplicateLoadBalancerName, ELBClientError
from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer, FakeTargetGroup

from .ec2.interfaces import sync_interfaces
from .patching import corrects

# https://docs.aws.amazon.com/general/latest/gr/elb.html#elb_region: the hosted zone that an alias to a Network Load Balancer names.
_NETWORK_ZONES = {
    "ap-northeast-1": "Z31USIVHYNEOWT",
    "ap-south-1": "ZVDDRBQ08TROA",
    "ap-southeast-1": "ZKVM4W9LS7TM",
    "ap-southeast-2": "ZCT6FZBF4DROD",
    "ca-central-1": "Z2EPGBW3API2WT",
    "eu-central-1": "Z3F0SRJ5LGBH90",
    "eu-north-1": "Z1UDT6IFJ4EJM",
    "eu-west-1": "Z2IFOLAFXWLO4F",
    "eu-west-2": "ZD4D7Y8KGAS4G",
    "sa-east-1": "ZTK26PT1VY4CU",
    "us-east-1": "Z26RNL4JYFTOTI",
    "us-east-2": "ZLMOA37VPKANP",
    "us-gov-west-1": "ZMG1MZ2THAWF1",
    "us-west-1": "Z24FKFUX50B4VW",
    "us-west-2": "Z18D5FSROUN65G",
}
_KINDS = {"network": ("net", "network_load_balancer"), "application": ("app", "interface"), "gateway": ("gwy", "gateway_load_balancer")}


def _rename(backend: Any, balancer: FakeLoadBalancer) -> None:
    """Corrects the ARN: moto gives every load balancer the ARN of an application load balancer."""
    wrong = balancer.arn
    balancer.arn = wrong.replace(":loadbalancer/app/", f":loadbalancer/{_KINDS[balancer.type][0]}/")
    tags = backend.tagging_service.list_tags_for_resource(wrong)["Tags"]
    backend.tagging_service.delete_all_tags_for_resource(wrong)
    backend.tagging_service.tag_resource(balancer.arn, tags)
    backend.load_balancers[balancer.arn] = backend.load_balancers.pop(wrong)


def _description(balancer: FakeLoadBalancer) -> str:
    # The part of the ARN after `loadbalancer/`: net/<name>/<id>.
    return f"ELB {balancer.arn.partition(':loadbalancer/')[2]}"


def _sync_interfaces(ec2: Any, balancer: FakeLoadBalancer) -> None:
    subnets = [subnet.id for subnet in balancer.subnets]
    public = balancer.scheme == "internet-facing"
    sync_interfaces(ec2, subnets, _KINDS[balancer.type][1], "amazon-elb", _description(balancer), balancer.security_groups or [], public)


def _settings(method: Any, *arguments: Any, **options: Any) -> str:
    """The settings of a create request in a comparable form, without tags.

    "This operation is idempotent […] If you attempt to create multiple load balancers with the same settings, each call succeeds"; the same is
    documented for listeners and target groups: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    """
    asked = inspect.signature(method).bind(None, *arguments, **options).arguments
    asked = {**asked, **asked.pop("kwargs", {})}
    return json.dumps({key: sorted(value) if key == "subnet_ids" else value for key, value in asked.items() if key != "tags"}, default=str)


def _require_balancer_zones(backend: Any, kind: Any, subnet_ids: Any) -> None:
    """Network Load Balancers exist only in availability zones: https://docs.aws.amazon.com/local-zones/latest/ug/how-local-zones-work.html

    The error's code is a guess.
    """
    for subnet_id in subnet_ids or [] if kind == "network" else []:
        zone = backend.ec2_backend.get_subnet(subnet_id)._availability_zone
        if zone.zone_type != "availability-zone":
            raise ELBClientError("InvalidConfigurationRequest", f"Load balancers of type network are not supported in {zone.name}")


# Defaults that moto does not list, by type: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
_BALANCER_ATTRIBUTES = {
    "network": {"dns_record.client_routing_policy": "any_availability_zone"},
    "application": {"load_balancing.cross_zone.enabled": "true"},
}


@corrects(ELBv2Backend, "create_load_balancer")
def create_load_balancer(original: Any, backend: Any, name: str, *arguments: Any, **options: Any) -> FakeLoadBalancer:
    settings = _settings(original, name, *arguments, **options)
    for existing in backend.load_balancers.values():
        if existing.name == name and existing.settings != settings:
            raise DuplicateLoadBalancerName()
        if existing.name == name:
            return existing
    _require_balancer_zones(backend, options.get("loadbalancer_type"), options.get("subnet_ids"))
    balancer: FakeLoadBalancer = original(backend, name, *arguments, **options)
    balancer.settings = settings  # type: ignore[attr-defined]
    balancer.attrs.update(_BALANCER_ATTRIBUTES.get(balancer.type, {}))
    balancer.security_groups = balancer.security_groups or []
    # "The default is an Internet-facing load balancer": https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
    balancer.scheme = balancer.scheme or "internet-facing"
    _rename(backend, balancer)
    identifier = balancer.arn.rpartition("/")[2]
    zones = [subnet.availability_zone for subnet in balancer.subnets]
    if len(set(zones)) < len(zones):
        del backend.load_balancers[balancer.arn]
        raise ELBClientError("InvalidConfigurationRequest", "A load balancer cannot be attached to multiple subnets in the same Availability Zone")
    if balancer.type == "network":
        balancer.dns_name = f"{name}-{identifier}.elb.{backend.region_name}.amazonaws.com"
        balancer.canonical_hosted_zone_id = _NETWORK_ZONES.get(backend.region_name, balancer.canonical_hosted_zone_id)
    else:
        prefix = "internal-" if balancer.scheme == "internal" else ""
        balancer.dns_name = f"{prefix}{name}-{int(identifier, 16) % 10**10}.{backend.region_name}.elb.amazonaws.com"
    _sync_interfaces(backend.ec2_backend, balancer)
    return balancer


@corrects(ELBv2Backend, "set_subnets")
def set_subnets(original: Any, backend: Any, arn: str, *arguments: Any, **options: Any) -> Any:
    answer = original(backend, arn, *arguments, **options)
    _sync_interfaces(backend.ec2_backend, backend.load_balancers[arn])
    return answer


@corrects(ELBv2Backend, "set_security_groups")
def set_security_groups(original: Any, backend: Any, arn: str, sec_groups: list[str]) -> None:
    # "You can't perform this operation on a Network Load Balancer unless you specified a security group for the load balancer when you created
    # it": https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_SetSecurityGroups.html
    balancer = backend.load_balancers.get(arn)
    if balancer is not None and balancer.type == "network" and not balancer.security_groups:
        raise ELBClientError("InvalidConfigurationRequest", "Security groups can't be set on a Network Load Balancer that was created without")
    original(backend, arn, sec_groups)
    _sync_interfaces(backend.ec2_backend, backend.load_balancers[arn])


@corrects(ELBv2Backend, "delete_target_group")
def delete_target_group(original: Any, backend: Any, arn: str) -> Any:
    # ResourceInUse is the only documented error of the action, and the only one that the provider handles:
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html
    return original(backend, arn) if arn in backend.target_groups else None


@corrects(ELBv2Backend, "delete_load_balancer")
def delete_load_balancer(original: Any, backend: Any, arn: str) -> None:
    # "You can't delete a load balancer if deletion protection is enabled. If the load balancer does not exist or has already been deleted, the
    # call succeeds": https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html
    balancer = backend.load_balancers.get(arn)
    if balancer is None:
        return
    if str(balancer.attrs.get("deletion_protection.enabled")).lower() == "true":
        raise ELBClientError("OperationNotPermitted", f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled")
    for listener in list(balancer.listeners):
        backend.delete_listener(listener)
    balancer.subnets = []
    _sync_interfaces(backend.ec2_backend, balancer)
    original(backend, arn)


@corrects(ELBv2Backend, "create_listener")
def create_listener(original: Any, backend: Any, load_balancer_arn: str, protocol: str, port: str, *arguments: Any, **options: Any) -> Any:
    # moto compares the port with the listeners' ARNs, so it never finds a listener with the same port:
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
    settings = _settings(original, load_balancer_arn, protocol, port, *arguments, **options)
    balancer = backend.load_balancers.get(load_balancer_arn)
    for existing in balancer.listeners.values() if balancer is not None else []:
        if str(existing.port) == str(port) and existing.settings != settings:
            raise DuplicateListenerError()
        if str(existing.port) == str(port):
            return existing
    listener = original(backend, load_balancer_arn, protocol, port, *arguments, **options)
    listener.settings = settings
    _update_target_groups(backend)
    return listener


# Defaults of every target group of an Application or Network Load Balancer:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
_HEALTH_ATTRIBUTES = {
    f"target_group_health.{action}.minimum_healthy_targets.{unit}": value
    for action in ("dns_failover", "unhealthy_state_routing")
    for unit, value in (("count", "1"), ("percentage", "off"))
}

# Defaults of a target group for TCP or TLS: the load balancer can end the connections to an unhealthy target. UDP has no connections.
_CONNECTION_ATTRIBUTES = {
    "target_health_state.unhealthy.connection_termination.enabled": "true",
    "target_health_state.unhealthy.draining_interval_seconds": "0",
}


@corrects(ELBv2Backend, "create_target_group")
def create_target_group(original: Any, backend: Any, name: str, **options: Any) -> FakeTargetGroup:
    settings = _settings(original, name, **options)
    for existing in backend.target_groups.values():
        if existing.name == name and existing.settings == settings:
            return existing
    target_group: FakeTargetGroup = original(backend, name, **options)
    target_group.settings = settings  # type: ignore[attr-defined]
    target_group.attributes.update(_HEALTH_ATTRIBUTES)
    if target_group.protocol in ("TCP", "TLS"):
        target_group.attributes.update(_CONNECTION_ATTRIBUTES)
    return target_group


@corrects(ELBv2Backend, "modify_listener")
def modify_listener(original: Any, backend: Any, *arguments: Any, **options: Any) -> Any:
    listener = original(backend, *arguments, **options)
    _update_target_groups(backend)
    return listener


@corrects(ELBv2Backend, "delete_listener")
def delete_listener(original: Any, backend: Any, listener_arn: str) -> Any:
    listener = original(backend, listener_arn)
    _update_target_groups(backend)
    return listener


def _update_target_groups(backend: Any) -> None:
    """Derives from the listeners which load balancers forward to a target group: moto only ever adds load balancers."""
    senders: dict[str, list[str]] = {arn: [] for arn in backend.target_groups}
    for balancer in backend.load_balancers.values():
        actions = [action for listener in balancer.listeners.values() for rule in listener.rules.values() for action in rule.actions]
        for target_group in {arn for action in actions for arn in backend._get_target_group_arns_from(action_data=action.data)}:
            senders.setdefault(target_group, []).append(balancer.arn)
    for arn, target_group in backend.target_groups.items():
        target_group.load_balancer_arns = senders[arn]


@corrects(FakeTargetGroup, "deregister")
def deregister(original: Any, self: FakeTargetGroup, targets: list[dict[str, Any]]) -> None:
    # "If the specified target does not exist, the action returns successfully":
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html
    original(self, [target for target in targets if target["Id"] in self.targets])
