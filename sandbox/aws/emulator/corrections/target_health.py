"""The health of targets, as the simulator writes it to a file; until the file exists, moto's own answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from moto.elbv2.models import ELBv2Backend, FakeHealthStatus

from .patching import corrects

_file: Path | None = None


def answer_from(file: Path) -> None:
    """Answers from this file from now on. A file that an earlier run has left there is deleted.

    The simulator writes the file: `{"<target group's ARN>": {"<target's id>:<port>": {"state": …, "reason": …, "description": …}}}`.
    """
    global _file
    file.unlink(missing_ok=True)
    _file = file


def _written() -> dict[str, dict[str, dict[str, str]]] | None:
    try:
        return json.loads(_file.read_text()) if _file else None
    except FileNotFoundError:
        return None


@corrects(ELBv2Backend, "describe_target_health")
def describe_target_health(original: Any, backend: Any, target_group_arn: str, targets: list[dict[str, Any]]) -> list[FakeHealthStatus]:
    statuses: list[FakeHealthStatus] = original(backend, target_group_arn, targets)
    written = _written()
    if written is None:
        return statuses
    registered = backend.target_groups[target_group_arn].targets
    for status in statuses:
        if status.instance_id not in registered:
            continue
        found = written.get(target_group_arn, {}).get(f"{status.instance_id}:{status.port}")
        if found is None:
            # The health of a target that was not checked yet: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
            found = {"state": "initial", "reason": "Elb.InitialHealthChecking", "description": "Initial health checks in progress"}
        status.status, status.reason, status.description = found["state"], found.get("reason"), found.get("description")
    return statuses
