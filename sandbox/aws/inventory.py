"""Everything that exists in an AWS account: `python inventory.py REGION…` prints it as JSON.

It uses only AWS's API and the environment's credentials, so it also works with a real account. Deleted and terminated resources are
left out, even if AWS still shows them. All lists and keys are sorted: the same state gives the same bytes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import botocore.session
from botocore.config import Config
from listings.calls import Item, Lister
from listings.regional import REGIONAL
from listings.worldwide import WORLDWIDE

# Fields of AWS's answers that do not belong to a resource's state, for example the time of its last use or the token of a list's next page.
_VOLATILE = frozenset({"ResponseMetadata", "RoleLastUsed", "PasswordLastUsed", "LastAccessedDate", "UsageOperationUpdateTime"})


def _stable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _stable(value[key]) for key in sorted(value) if key not in _VOLATILE}
    if isinstance(value, list):
        return sorted((_stable(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _tasks(regions: list[str]) -> Iterable[tuple[str, str, str, Lister]]:
    for scope, services in [("global", WORLDWIDE), *((region, REGIONAL) for region in regions)]:
        for service, kinds in services.items():
            for kind, lister in kinds.items():
                yield scope, service, kind, lister


def collect(regions: list[str]) -> dict[str, dict[str, list[Item]]]:
    session = botocore.session.get_session()
    # The application ID exempts the sandbox itself from injected faults (emulator/faults/injector.py).
    options = Config(retries={"max_attempts": 4, "mode": "standard"}, max_pool_connections=16, user_agent_appid="okd-aws-sandbox")
    clients: dict[tuple[str, str], Any] = {}
    tasks = list(_tasks(regions))
    for scope, service, _, _ in tasks:
        # Threads may share clients, but creating clients is not thread-safe.
        if (scope, service) not in clients:
            clients[scope, service] = session.create_client(service, region_name=regions[0] if scope == "global" else scope, config=options)

    with ThreadPoolExecutor(max_workers=12) as pool:
        results = pool.map(lambda task: task[3](clients[task[0], task[1]]), tasks)
        inventory: dict[str, dict[str, list[Item]]] = {}
        for (scope, service, kind, _), items in zip(tasks, results):
            inventory.setdefault(scope, {})[f"{service}/{kind}"] = _stable(items)
    return inventory


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print(json.dumps(collect(sys.argv[1:]), indent=1, sort_keys=True))
