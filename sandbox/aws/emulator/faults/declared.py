"""The file of faults: one per line, `<kind>[=<seconds>] <service>:<action>[@<client>] [<calls>|always]`.

The action may contain `*`. `<calls>` is counted for each matching action, so `throttling *` affects the first call of every action.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

# Default number of calls that get a fault, for each action. Faults with None, such as a denial or a quota, last until they are removed.
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
# Default time for which the connection is held, in seconds.
_SECONDS = {"slow": 5.0, "hang": 5.0}


class FaultSyntaxError(ValueError):
    """The error for a line that declares no valid fault. The message says why."""


@dataclass(frozen=True)
class Fault:
    kind: str
    pattern: str
    # None: the fault lasts until it is removed.
    calls: int | None
    seconds: float = 0.0
    # Empty: calls of any client get the fault.
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
        raise FaultSyntaxError(f'"{words[0]}": only {" and ".join(_SECONDS)} can have seconds')
    pattern, _, client = words[1].partition("@")
    try:
        return Fault(kind, pattern, _calls(kind, words[2:]), float(seconds) if seconds else _SECONDS.get(kind, 0.0), client)
    except ValueError as error:
        raise FaultSyntaxError(f'"{line}": {error}') from error


def _calls(kind: str, words: list[str]) -> int | None:
    if not words:
        return _CALLS[kind]
    return None if words[0] == "always" else int(words[0])
