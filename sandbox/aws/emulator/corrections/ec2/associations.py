"""The current and the past associations of Elastic IP addresses."""

from __future__ import annotations

from typing import Any

# DisassociateAddress "is an idempotent operation. If you perform the operation more than once, Amazon EC2 doesn't return an error":
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateAddress.html
_past: set[str] = set()


def end(elastic: Any) -> None:
    """Ends an address's association because the associated resource is gone."""
    if elastic.association_id:
        _past.add(elastic.association_id)
    elastic.eni = elastic.instance = elastic.association_id = None


def has_ended(association_id: str | None) -> bool:
    return association_id in _past


def remember(elastic: Any) -> None:
    if elastic.association_id:
        _past.add(elastic.association_id)
