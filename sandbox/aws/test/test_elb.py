"""Classic load balancers: https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/"""

from __future__ import annotations

from support import Network, client_of, refused, unique

elb = client_of("elb")


def test_subnets_and_groups_of_a_classic_load_balancer_cannot_be_deleted(network: Network) -> None:
    name = unique("classic")
    listeners = [{"Protocol": "TCP", "LoadBalancerPort": 443, "InstancePort": 30443}]
    made = elb.create_load_balancer(LoadBalancerName=name, Listeners=listeners, Subnets=network.subnets[:1], SecurityGroups=[network.group])
    assert made["DNSName"].startswith(f"{name}-") and made["DNSName"].endswith(".us-east-1.elb.amazonaws.com")
    (interface,) = network.interfaces(description=f"ELB {name}")
    assert (interface["RequesterId"], interface["SubnetId"]) == ("amazon-elb", network.subnets[0])
    assert "Association" in interface
    with refused("DependencyViolation"):
        network.ec2.delete_security_group(GroupId=network.group)
    with refused("DependencyViolation"):
        network.ec2.delete_subnet(SubnetId=network.subnets[0])
    with refused("DuplicateLoadBalancerName"):
        elb.create_load_balancer(LoadBalancerName=name, Listeners=listeners, Subnets=network.subnets)
    elb.attach_load_balancer_to_subnets(LoadBalancerName=name, Subnets=network.subnets[1:])
    assert len(network.interfaces(description=f"ELB {name}")) == 2
    for _ in range(2):
        elb.delete_load_balancer(LoadBalancerName=name)
    assert network.interfaces() == []
    network.ec2.delete_security_group(GroupId=network.group)


def test_an_instance_that_is_registered_again_is_listed_once(network: Network) -> None:
    name = unique("classic")
    listeners = [{"Protocol": "TCP", "LoadBalancerPort": 443, "InstancePort": 30443}]
    elb.create_load_balancer(LoadBalancerName=name, Listeners=listeners, Subnets=network.subnets[:1], SecurityGroups=[network.group])
    for instances in (["i-0a1"], ["i-0a1", "i-0a2"]):
        elb.register_instances_with_load_balancer(LoadBalancerName=name, Instances=[{"InstanceId": each} for each in instances])
    (balancer,) = elb.describe_load_balancers(LoadBalancerNames=[name])["LoadBalancerDescriptions"]
    assert [each["InstanceId"] for each in balancer["Instances"]] == ["i-0a1", "i-0a2"]
    elb.delete_load_balancer(LoadBalancerName=name)


def test_a_new_classic_load_balancer_has_a_hosted_zone_and_a_health_check(network: Network) -> None:
    name = unique("classic")
    listeners = [{"Protocol": "TCP", "LoadBalancerPort": 443, "InstancePort": 30443}]
    elb.create_load_balancer(LoadBalancerName=name, Listeners=listeners, Subnets=network.subnets[:1], SecurityGroups=[network.group])
    (balancer,) = elb.describe_load_balancers(LoadBalancerNames=[name])["LoadBalancerDescriptions"]
    assert balancer["CanonicalHostedZoneNameID"] == "Z35SXDOTRQ7X7K"
    check = {"Target": "TCP:30443", "Interval": 30, "Timeout": 5, "UnhealthyThreshold": 2, "HealthyThreshold": 10}
    assert balancer["HealthCheck"] == check
    elb.delete_load_balancer(LoadBalancerName=name)
