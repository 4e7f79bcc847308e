"""Classic load balancers, as the cluster's cloud controller creates them: network interfaces in their subnets, a regional DNS name, a health check."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

from moto.ec2.models import ec2_backends
from moto.elb.models import ELBBackend, FakeHealthCheck, LoadBalancer

from .ec2.interfaces import sync_interfaces
from .patching import corrects

# https://docs.aws.amazon.com/general/latest/gr/elb.html#elb_region: the hosted zone that an alias to a Classic Load Balancer names.
_ZONES = {
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-1": "Z368ELLRRE2KJ0",
    "us-west-2": "Z1H1FL5HABSF5",
    "ca-central-1": "ZQSVJUPU6J1EY",
    "sa-east-1": "Z2P70J7HTTTPLU",
    "eu-central-1": "Z215JYRZR1TBD5",
    "eu-west-1": "Z32O12XQLNTSW2",
    "eu-west-2": "ZHURV8PSTC4K8",
    "ap-south-1": "ZP97RAFLXTNZK",
    "ap-northeast-1": "Z14GRHDCWA56QT",
    "ap-southeast-1": "Z1LMS91P8CMLE5",
    "ap-southeast-2": "Z1GM3OXH4ZPM65",
    "us-gov-west-1": "Z33AYJ8TM3BH4J",
    "us-gov-east-1": "Z166TLBEWOO7G0",
}


def _sync_interfaces(backend: Any, balancer: LoadBalancer) -> None:
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    public = balancer.scheme == "internet-facing"
    sync_interfaces(ec2, balancer.subnets, "interface", "amazon-elb", f"ELB {balancer.name}", balancer.security_groups, public)


@corrects(ELBBackend, "create_load_balancer")
def create_load_balancer(original: Any, backend: Any, name: str, *arguments: Any, **options: Any) -> LoadBalancer:
    # The DNS name is regional and says whether the load balancer is internal:
    # https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_CreateLoadBalancer.html
    balancer: LoadBalancer = original(backend, name, *arguments, **options)
    prefix = "internal-" if balancer.scheme == "internal" else ""
    balancer.dns_name = f"{prefix}{name}-{zlib.crc32(name.encode())}.{backend.region_name}.elb.amazonaws.com"
    balancer.canonical_hosted_zone_name_id = _ZONES.get(backend.region_name, _ZONES["us-east-1"])
    # Every load balancer has a health check from the beginning, and the cloud controller relies on it. The numbers are the documented defaults; that the
    # check connects to the port of the first listener is a guess: https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-healthchecks.html
    target = f"TCP:{balancer.listeners[0].instance_port}"
    balancer.health_check = FakeHealthCheck(timeout="5", healthy_threshold="10", unhealthy_threshold="2", interval="30", target=target)
    _sync_interfaces(backend, balancer)
    return balancer


@corrects(ELBBackend, "delete_load_balancer")
def delete_load_balancer(original: Any, backend: Any, load_balancer_name: str) -> None:
    # "If the load balancer does not exist or has already been deleted, the call to DeleteLoadBalancer still succeeds":
    # https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_DeleteLoadBalancer.html
    balancer = backend.load_balancers.get(load_balancer_name)
    if balancer is not None:
        balancer.subnets = []
        _sync_interfaces(backend, balancer)
    original(backend, load_balancer_name)


def _call_and_sync(original: Any, backend: Any, load_balancer_name: str, *arguments: Any, **options: Any) -> Any:
    answer = original(backend, load_balancer_name, *arguments, **options)
    _sync_interfaces(backend, backend.get_load_balancer(load_balancer_name))
    return answer


for _change in ("apply_security_groups_to_load_balancer", "attach_load_balancer_to_subnets", "detach_load_balancer_from_subnets"):
    corrects(ELBBackend, _change)(_call_and_sync)


@corrects(ELBBackend, "register_instances")
def register_instances(original: Any, backend: Any, load_balancer_name: str, instance_ids: Iterable[str], *arguments: Any, **options: Any) -> Any:
    # The API has no error for an instance that is already registered. The guess here is that the instance stays listed once:
    # https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_RegisterInstancesWithLoadBalancer.html
    known = backend.get_load_balancer(load_balancer_name).instance_sparse_ids
    missing = [instance for instance in instance_ids if instance not in known]
    return original(backend, load_balancer_name, missing, *arguments, **options)
