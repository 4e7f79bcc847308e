"""Decides which call gets which fault, and applies the fault to the call's connection."""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from moto.core.request import Request

from ..actions import Call
from .consistency import NewResources
from .declared import Fault, FaultSyntaxError, parse
from .errors import error_for
from .wire import Answer, answer

log = logging.getLogger("emulator")

# Clients with this application id (AWS SDKs reference guide, "Application ID") belong to the sandbox itself and get no faults.
SANDBOX_APPLICATION = "okd-aws-sandbox"

_CLIENTS = (
    ("sandbox", re.compile(rf"\bapp/{SANDBOX_APPLICATION}\b")),
    ("provider", re.compile(r"HashiCorp/|terraform-provider-aws|Terraform/")),
    ("installer", re.compile(r"OpenShift/4\.x Installer")),
    ("program", re.compile(r"aws-sdk-js/")),
)


def client_of(request: Request) -> str:
    """The calling program, by its user agent: `provider`, `installer`, `program` (this project's own), `sandbox`, or `other`."""
    agent = request.headers.get("User-Agent", "") + " " + request.headers.get("X-Amz-User-Agent", "")
    return next((name for name, pattern in _CLIENTS if pattern.search(agent)), "other")


@dataclass(frozen=True)
class Outcome:
    """The effect of a fault: an answer that replaces the service's answer, or a change of the connection."""

    kind: str
    seconds: float = 0.0
    answer: Answer | None = None


class Injector:
    """The faults that a file declares; none if the file does not exist. When the file is written again, counting starts from zero."""

    def __init__(self, file: Path) -> None:
        file.unlink(missing_ok=True)
        self._file = file
        self._read: tuple[int, int] | None = None
        self._faults: list[Fault] = []
        self._hits: Counter[tuple[int, str]] = Counter()
        # Clients whose credentials have expired; empty text: all clients.
        self._expired: set[str] = set()
        self._new = NewResources()
        self._lock = threading.Lock()

    def outcome_for(self, call: Call, request: Request) -> Outcome | None:
        client = client_of(request)
        if client == "sandbox":
            return None
        with self._lock:
            self._refresh()
            if self._expired & {"", client}:
                return self._outcome("expired", 0, call, request)
            for index, fault in enumerate(self._faults):
                outcome = self._try(index, fault, call, request) if fault.matches(call.action, client) else None
                if outcome is not None:
                    return outcome
        return None

    def observe(self, call: Call, request: Request, status: int, content: bytes) -> None:
        """Reads a service's answer, to find new resources."""
        if any(fault.kind == "not-found" for fault in self._faults):
            self._new.observe(call, request, status, content)

    def _try(self, index: int, fault: Fault, call: Call, request: Request) -> Outcome | None:
        if fault.calls is not None and self._hits[index, call.action] >= fault.calls:
            return None
        outcome = self._outcome(fault.kind, fault.seconds, call, request)
        if outcome is not None:
            self._hits[index, call.action] += 1
            # Once the credentials have expired, all later calls with them fail as well.
            if fault.kind == "expired" and fault.calls is None:
                self._expired.add(fault.client)
        return outcome

    def _outcome(self, kind: str, seconds: float, call: Call, request: Request) -> Outcome | None:
        if kind in ("reset", "lost-answer", "slow", "hang"):
            return Outcome(kind, seconds)
        if kind == "not-found":
            found = self._new.answer_without(call, request)
            return found and Outcome(kind, answer=found)
        error = error_for(kind, call, request)
        return error and Outcome(kind, answer=answer(error, request, call.service))

    def _refresh(self) -> None:
        try:
            status = self._file.stat()
        except FileNotFoundError:
            stamp = None
        else:
            stamp = (status.st_ino, status.st_mtime_ns)
        if stamp == self._read:
            return
        self._read, self._expired = stamp, set()
        self._hits.clear()
        self._new.forget()
        try:
            self._faults = parse(self._file.read_text()) if stamp else []
        except FaultSyntaxError:
            self._faults = []
            log.exception("%s has a syntax error, so no faults are injected", self._file)
