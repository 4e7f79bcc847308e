"""Replaces methods of moto by corrections, in this process only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

Correction = Callable[..., Any]


def corrects(owner: type, name: str) -> Callable[[Correction], Correction]:
    """Replaces a method by the decorated function. The function's first argument is the replaced method; the method's own
    arguments follow.

    If moto no longer has a method of this name, the start fails: a new version of moto must not silently drop a correction.
    """
    original = getattr(owner, name)

    def decorate(correction: Correction) -> Correction:
        @wraps(original)
        def method(self: Any, *arguments: Any, **options: Any) -> Any:
            return correction(original, self, *arguments, **options)

        setattr(owner, name, method)
        return correction

    return decorate


def adds(owner: type) -> Callable[[Correction], Correction]:
    """Adds a method that moto lacks. If a new version of moto has it, the start fails: the correction is no longer needed."""

    def decorate(method: Correction) -> Correction:
        if hasattr(owner, method.__name__):
            raise RuntimeError(f"moto now has {owner.__name__}.{method.__name__}: remove the correction")
        setattr(owner, method.__name__, method)
        return method

    return decorate
