"""Target health as the simulator writes it to a file: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html"""

from __future__ import annotations

import json
import os
from pathlib import Path

from support import Network, client_of, unique

elb = client_of("elbv2")


def test_targets_have_the_health_in_the_simulators_file(network: Network) -> None:
    made = elb.create_target_group(Name=unique("tg"), Protocol="TCP", Port=6443, VpcId=network.vpc, TargetType="ip")
    group = made["TargetGroups"][0]["TargetGroupArn"]
    elb.register_targets(TargetGroupArn=group, Targets=[{"Id": "10.0.0.9"}, {"Id": "10.0.0.10"}])

    def states() -> dict[str, dict[str, str]]:
        found = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        return {target["Target"]["Id"]: target["TargetHealth"] for target in found}

    assert {health["State"] for health in states().values()} == {"healthy"}
    unhealthy = {"state": "unhealthy", "reason": "Target.Timeout", "description": "nothing listens"}
    file = Path(os.environ["AWS_CA_BUNDLE"]).parents[1] / "target-health.json"
    file.write_text(json.dumps({group: {"10.0.0.9:6443": unhealthy}}))
    try:
        assert states() == {
            "10.0.0.9": {key.capitalize(): value for key, value in unhealthy.items()},
            "10.0.0.10": {"State": "initial", "Reason": "Elb.InitialHealthChecking", "Description": "Initial health checks in progress"},
        }
    finally:
        file.unlink()
    assert {health["State"] for health in states().values()} == {"healthy"}
