"""Reads lists of resources page by page. The error for an absent configuration is treated as an empty configuration."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

Item = dict[str, Any]
Lister = Callable[[Any], list[Item]]


def digest(value: str | bytes) -> str:
    """A digest that replaces a value that may be secret or large. Equal values have equal digests."""
    return "sha256:" + hashlib.sha256(value.encode() if isinstance(value, str) else value).hexdigest()


def pages(client: Any, operation: str, key: str, **arguments: Any) -> list[Item]:
    if not client.can_paginate(operation):
        return getattr(client, operation)(**arguments)[key]
    return [item for page in client.get_paginator(operation).paginate(**arguments) for item in page.get(key, [])]


def optional(call: Callable[[], Item], *absent: str) -> Item | None:
    """The answer of a call; None if AWS answers with one of the error codes for an absent configuration."""
    try:
        answer = call()
    except ClientError as error:
        if error.response["Error"]["Code"] in absent:
            return None
        raise
    answer.pop("ResponseMetadata", None)
    return answer


def listing(operation: str, key: str, keep: Callable[[Item], bool] = lambda item: True, **arguments: Any) -> Lister:
    return lambda client: [item for item in pages(client, operation, key, **arguments) if keep(item)]


def state_is_not(field: str, *gone: str) -> Callable[[Item], bool]:
    return lambda item: item.get(field) not in gone
