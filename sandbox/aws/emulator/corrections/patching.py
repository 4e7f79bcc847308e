"""How a correction takes the place of one of moto's methods, in this process only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

Correction = Callable[..., Any]


def corrects(owner: type, name: str) -> Callable[[Correction], Correction]:
    """Puts the function in place of a method; it is called with the method it replaces, then with the method's own arguments.

    A name that moto no longer has is an error at start: a correction must not be lost silently with a new version.
    """
    original = getattr(owner, name)

    def decorate(correction: Correction) -> Correction:
        @wraps(original)
        def method(self: Any, *arguments: Any, **options: Any) -> Any:
            return correction(original, self, *arguments, **options)

        setattr(owner, name, method)
        return correction

    return decorate


def supplies(owner: type) -> Callable[[Correction], Correction]:
    """Adds a method that moto lacks; where a new version has it, the correction has outlived itself."""

    def decorate(method: Correction) -> Correction:
        if hasattr(owner, method.__name__):
            raise RuntimeError(f"moto has {owner.__name__}.{method.__name__} now: drop the correction")
        setattr(owner, method.__name__, method)
        return method

    return decorate
