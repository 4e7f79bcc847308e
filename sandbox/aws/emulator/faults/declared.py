"""The file of faults: one a line, `<kind>[=<seconds>] <service>:<action>[@<client>] [<calls>|always]`.

The action may contain `*`. `<calls>` counts for each action that matches, so `throttling *` is the first call of every action.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

# How often a fault happens to an action unless the line says so. A denial, a quota and the like last until they are lifted.
_CALLS: dict[str, int | None] = {
    "throttling": 1,
    "server-error": 1,
    "reset": 1,
    "lost-answer": 1,
    "slow": 1,
    "hang": 1,
    "not-found": 1,
    "scp": None,
    "quota": None,
    "capacity": None,
    "expired": None,
}
# Seconds for which the connection is held, unless the line says so.
_SECONDS = {"slow": 5.0, "hang": 5.0}


class FaultSyntaxError(ValueError):
    """A line that is no fault; the message says why."""


@dataclass(frozen=True)
class Fault:
    kind: str
    pattern: str
    # None: until it is lifted.
    calls: int | None
    seconds: float = 0.0
    # Empty: any.
    client: str = ""

    def matches(self, action: str, client: str) -> bool:
        return fnmatchcase(action, self.pattern) and self.client in ("", client)


def parse(text: str) -> list[Fault]:
    lines = [line.partition("#")[0].split() for line in text.splitlines()]
    return [_fault(words) for words in lines if words]


def _fault(words: list[str]) -> Fault:
    line = " ".join(words)
    if not 2 <= len(words) <= 3:
        raise FaultSyntaxError(f'"{line}" is not <kind>[=<seconds>] <service>:<action>[@<client>] [<calls>|always]')
    kind, _, seconds = words[0].partition("=")
    if kind not in _CALLS:
        raise FaultSyntaxError(f'"{kind}" is not a fault; the faults are {", ".join(_CALLS)}')
    if seconds and kind not in _SECONDS:
        raise FaultSyntaxError(f'"{words[0]}": only {" and ".join(_SECONDS)} take seconds')
    pattern, _, client = words[1].partition("@")
    try:
        return Fault(kind, pattern, _calls(kind, words[2:]), float(seconds) if seconds else _SECONDS.get(kind, 0.0), client)
    except ValueError as error:
        raise FaultSyntaxError(f'"{line}": {error}') from error


def _calls(kind: str, words: list[str]) -> int | None:
    if not words:
        return _CALLS[kind]
    return None if words[0] == "always" else int(words[0])
