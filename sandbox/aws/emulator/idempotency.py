"""Client tokens: a call that is repeated with the same token is executed once and gets the same answer again.

EC2: https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html. Secrets Manager: `ClientRequestToken` of
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html. moto ignores both.
"""

from __future__ import annotations

import json
import threading

from moto.core.request import Request

from .actions import Call

Answer = tuple[int, dict[str, str], bytes]


class Tokens:
    """The answers to calls that had a token."""

    def __init__(self) -> None:
        self._answers: dict[tuple[str, str, str], Answer] = {}
        self._lock = threading.Lock()

    def answered(self, call: Call, request: Request) -> Answer | None:
        key = _key(call, request)
        with self._lock:
            return self._answers.get(key) if key else None

    def remember(self, call: Call, request: Request, answer: Answer) -> None:
        """Keeps the answer to a successful call. A refused call may be repeated and is then executed again."""
        key = _key(call, request)
        if key and answer[0] < 300:
            with self._lock:
                self._answers[key] = answer


def _key(call: Call, request: Request) -> tuple[str, str, str] | None:
    token = None
    if call.service == "ec2":
        token = request.values.get("ClientToken")
    elif call.action == "secretsmanager:CreateSecret":
        token = json.loads(request.data or b"{}").get("ClientRequestToken")
    return (call.action, call.region, token) if token else None
