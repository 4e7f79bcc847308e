"""Classic load balancers, as the cluster's cloud controller creates them: network interfaces in their subnets, and a regional DNS name."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

from moto.ec2.models import ec2_backends
from moto.elb.models import ELBBackend, LoadBalancer

from .ec2.interfaces import sync_interfaces
from .patching import corrects


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
