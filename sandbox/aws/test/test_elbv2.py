"""Load balancers: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/"""

from __future__ import annotations

from typing import Any

from support import Network, client_of, refused, unique

elb = client_of("elbv2")


def balancer(network: Network, scheme: str = "internal", name: str | None = None) -> dict[str, Any]:
    return elb.create_load_balancer(Name=name or unique("nlb"), Type="network", Scheme=scheme, Subnets=network.subnets)["LoadBalancers"][0]


def target_group(network: Network) -> str:
    made = elb.create_target_group(Name=unique("tg"), Protocol="TCP", Port=6443, VpcId=network.vpc, TargetType="ip", HealthCheckProtocol="HTTPS")
    return made["TargetGroups"][0]["TargetGroupArn"]


def listen(arn: str, group: str, port: int = 6443) -> str:
    action = {"Type": "forward", "TargetGroupArn": group}
    return elb.create_listener(LoadBalancerArn=arn, Protocol="TCP", Port=port, DefaultActions=[action])["Listeners"][0]["ListenerArn"]


def senders(group: str) -> list[str]:
    return elb.describe_target_groups(TargetGroupArns=[group])["TargetGroups"][0]["LoadBalancerArns"]


def test_an_equal_creation_succeeds_and_another_one_of_the_same_name_or_port_is_refused(network: Network) -> None:
    made, group = balancer(network, name=unique("nlb")), target_group(network)
    assert balancer(network, name=made["LoadBalancerName"])["LoadBalancerArn"] == made["LoadBalancerArn"]
    assert len(network.interfaces()) == len(network.subnets)
    network.make_gateway()
    with refused("DuplicateLoadBalancerName"):
        balancer(network, "internet-facing", made["LoadBalancerName"])
    listener = listen(made["LoadBalancerArn"], group)
    assert listen(made["LoadBalancerArn"], group) == listener
    with refused("DuplicateListener"):
        listen(made["LoadBalancerArn"], target_group(network))
    assert listen(made["LoadBalancerArn"], group, 22623) != listener


def test_an_equal_creation_returns_the_same_target_group(network: Network) -> None:
    asked = {"Name": unique("tg"), "Protocol": "TCP", "VpcId": network.vpc, "TargetType": "ip"}
    first, second = (elb.create_target_group(**asked, Port=6443)["TargetGroups"][0]["TargetGroupArn"] for _ in range(2))
    assert first == second
    with refused("DuplicateTargetGroupName"):
        elb.create_target_group(**asked, Port=443)


def test_a_new_target_group_has_its_health_attributes(network: Network) -> None:
    def health(protocol: str) -> dict[str, str]:
        made = elb.create_target_group(Name=unique("tg"), Protocol=protocol, Port=6443, VpcId=network.vpc, TargetType="ip")["TargetGroups"][0]
        attributes = elb.describe_target_group_attributes(TargetGroupArn=made["TargetGroupArn"])["Attributes"]
        return {each["Key"]: each["Value"] for each in attributes if "health" in each["Key"]}

    of_all = {
        "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
        "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
        "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
    }
    assert health("HTTPS") == of_all
    assert health("TCP") == {
        **of_all,
        "target_health_state.unhealthy.connection_termination.enabled": "true",
        "target_health_state.unhealthy.draining_interval_seconds": "0",
    }


def test_a_new_load_balancer_has_the_default_attributes_of_its_type(network: Network) -> None:
    def attributes(kind: str) -> dict[str, str]:
        made = elb.create_load_balancer(Name=unique("lb"), Type=kind, Scheme="internal", Subnets=network.subnets)["LoadBalancers"][0]
        found = elb.describe_load_balancer_attributes(LoadBalancerArn=made["LoadBalancerArn"])["Attributes"]
        elb.delete_load_balancer(LoadBalancerArn=made["LoadBalancerArn"])
        return {each["Key"]: each["Value"] for each in found}

    network_attributes, application_attributes = attributes("network"), attributes("application")
    assert network_attributes["dns_record.client_routing_policy"] == "any_availability_zone"
    assert network_attributes["load_balancing.cross_zone.enabled"] == "false"
    assert application_attributes["load_balancing.cross_zone.enabled"] == "true"
    assert "dns_record.client_routing_policy" not in application_attributes


def test_a_load_balancer_is_internet_facing_by_default(network: Network) -> None:
    network.make_gateway()
    made = elb.create_load_balancer(Name=unique("nlb"), Type="network", Subnets=network.subnets)["LoadBalancers"][0]
    assert made["Scheme"] == "internet-facing"
    found = elb.describe_load_balancers(LoadBalancerArns=[made["LoadBalancerArn"]])["LoadBalancers"][0]
    assert found["Scheme"] == "internet-facing"


def test_a_network_load_balancer_has_the_arn_and_dns_name_that_aws_forms(network: Network) -> None:
    # The form of the DNS name: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html#dns-name
    made = balancer(network)
    identifier = made["LoadBalancerArn"].rpartition("/")[2]
    assert made["LoadBalancerArn"].endswith(f":loadbalancer/net/{made['LoadBalancerName']}/{identifier}")
    assert made["DNSName"] == f"{made['LoadBalancerName']}-{identifier}.elb.us-east-1.amazonaws.com"
    assert made["CanonicalHostedZoneId"] == "Z26RNL4JYFTOTI"


def test_a_target_group_in_use_cannot_be_deleted(network: Network) -> None:
    made, group = balancer(network), target_group(network)
    listener = listen(made["LoadBalancerArn"], group)
    assert senders(group) == [made["LoadBalancerArn"]]
    with refused("ResourceInUse"):
        elb.delete_target_group(TargetGroupArn=group)
    elb.delete_listener(ListenerArn=listener)
    assert senders(group) == []
    elb.delete_target_group(TargetGroupArn=group)


def test_interfaces_are_created_and_deleted_with_the_load_balancer(network: Network) -> None:
    network.make_gateway()
    internal, external = balancer(network), balancer(network, "internet-facing")
    for made, public in ((internal, False), (external, True)):
        identifier = made["LoadBalancerArn"].rpartition("/")[2]
        found = network.interfaces(description=f"ELB net/{made['LoadBalancerName']}/{identifier}")
        assert {interface["SubnetId"] for interface in found} == set(network.subnets)
        for interface in found:
            assert (interface["InterfaceType"], interface["RequesterManaged"], interface["Status"]) == ("network_load_balancer", True, "in-use")
            assert ("Association" in interface) is public
            assert interface["PrivateIpAddress"].startswith("10.0.")
            with refused("InvalidParameterValue"):
                network.ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    with refused("DependencyViolation"):
        network.ec2.delete_subnet(SubnetId=network.subnets[0])
    group = target_group(network)
    listen(internal["LoadBalancerArn"], group)
    for made in (internal, external, external):  # A second deletion succeeds.
        elb.delete_load_balancer(LoadBalancerArn=made["LoadBalancerArn"])
    assert network.interfaces() == []
    elb.delete_target_group(TargetGroupArn=group)


def test_a_protected_load_balancer_cannot_be_deleted(network: Network) -> None:
    arn = balancer(network)["LoadBalancerArn"]

    def protect(value: str) -> None:
        elb.modify_load_balancer_attributes(LoadBalancerArn=arn, Attributes=[{"Key": "deletion_protection.enabled", "Value": value}])

    protect("true")
    with refused("OperationNotPermitted"):
        elb.delete_load_balancer(LoadBalancerArn=arn)
    protect("false")
    elb.delete_load_balancer(LoadBalancerArn=arn)


def test_the_deregistration_of_an_unknown_target_succeeds(network: Network) -> None:
    group = target_group(network)
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": "10.0.0.9"}])
    elb.deregister_targets(TargetGroupArn=group, Targets=[{"Id": "10.0.0.8"}, {"Id": "10.0.0.9"}])
    assert elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"] == []


def test_a_network_load_balancer_without_security_groups_never_gets_one(network: Network) -> None:
    one, other = (network.ec2.create_security_group(GroupName=unique("sg"), Description="-", VpcId=network.vpc)["GroupId"] for _ in range(2))
    with refused("InvalidConfigurationRequest"):
        elb.set_security_groups(LoadBalancerArn=balancer(network)["LoadBalancerArn"], SecurityGroups=[one])
    made = elb.create_load_balancer(Name=unique("nlb"), Type="network", Scheme="internal", Subnets=network.subnets, SecurityGroups=[one])
    arn = made["LoadBalancers"][0]["LoadBalancerArn"]
    elb.set_security_groups(LoadBalancerArn=arn, SecurityGroups=[other])
    assert elb.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0]["SecurityGroups"] == [other]
    with refused("DependencyViolation"):
        network.ec2.delete_security_group(GroupId=other)
    network.ec2.delete_security_group(GroupId=one)
