"""The record of every AWS call: its IAM action, its resource and its result. Bodies are never recorded."""

from __future__ import annotations

import json
import os
import re
import threading
from datetime import datetime, timezone
from pathlib import Path

from moto.core.request import Request

from .actions import Call
from .faults.injector import client_of
from .instance_roles import role_of

_ERROR_CODE = re.compile(rb"<Code>([^<]+)</Code>|\"__type\"\s*:\s*\"([^\"]+)\"")


def _error_code(content: bytes) -> str | None:
    match = _ERROR_CODE.search(content[:4096])
    if match is None:
        return None
    return (match.group(1) or match.group(2)).decode().rpartition("#")[2]


class Recorder:
    """Appends one JSON line per call to `calls.jsonl`."""

    def __init__(self, file: Path) -> None:
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._file = os.fdopen(descriptor, "a", buffering=1, encoding="utf-8")
        self._lock = threading.Lock()

    def record(self, call: Call, request: Request, status: int, content: bytes, fault: str | None = None) -> None:
        """Records a call. `status` is 0 if the connection ended without an answer; `fault` names the injected fault."""
        role = role_of(call, request)
        line = {
            "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "service": call.service,
            "action": call.action,
            "region": call.region,
            "status": status,
            "client": client_of(request),
        }
        if role is not None:
            line["role"] = role.name
        if call.resource:
            line["resource"] = call.resource
        if call.encryption_context is not None:
            line["encryptionContext"] = call.encryption_context
        if fault:
            line["fault"] = fault
        if status >= 400:
            line["error"] = _error_code(content) or f"HTTP {status}"
        with self._lock:
            self._file.write(json.dumps(line) + "\n")
