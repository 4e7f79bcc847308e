"""The HTTP proxy in front of moto's services: TLS for AWS's host names, persistent connections, and a record of every call.

moto's own proxy handler closes the connection after each answer, searches all patterns for the service of each request, and lets requests
see each other's incomplete changes. This module replaces only that handler; moto's services are used unchanged.
"""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.sax.saxutils import escape

from moto.backend_index import backend_url_patterns
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID, responses
from moto.core.base_backend import BackendDict
from moto.core.request import Request
from moto.core.utils import get_equivalent_url_in_aws_domain
from werkzeug.exceptions import HTTPException

from .actions import Call, identify
from .certificates import CertificateAuthority
from .faults import Injector, Outcome
from .idempotency import Tokens
from .instance_roles import denial_of, role_of
from .recorder import Recorder

log = logging.getLogger("emulator")

# moto lists the hundreds of methods of a service's class again for each call, which takes a third of the call's time.
responses.method_names_from_class = lru_cache(maxsize=None)(responses.method_names_from_class)

Handler = Callable[[Request, str, Any], Any]
Answer = tuple[int, dict[str, str], bytes]

_BODILESS = (204, 304)


@lru_cache(maxsize=4096)
def _url_handlers(origin: str) -> tuple[tuple[re.Pattern[str], Handler], ...]:
    """The path patterns of the service that answers at an origin (`https://host`)."""
    parsed, _ = get_equivalent_url_in_aws_domain(origin)
    clean = f"{parsed.scheme}://{parsed.netloc}{parsed.path}"
    name = next((name for name, pattern in backend_url_patterns if pattern.match(clean)), None)
    if name is None:
        return ()
    backends = get_backend(name)  # type: ignore[call-overload]
    if not isinstance(backends, BackendDict):
        backend = backends["global"]
    else:
        account = backends[DEFAULT_ACCOUNT_ID]
        backend = account["us-east-1"] if "us-east-1" in account else account["aws"]
    return tuple((re.compile(path), handler) for path, handler in backend.url_paths.items())


def _handler_for(origin: str, path: str) -> Handler | None:
    bare = path.split("?")[0]
    return next((handler for pattern, handler in _url_handlers(origin) if pattern.match(bare)), None)


class EmulatorServer(ThreadingHTTPServer):
    """Shared by all connections: the CA, the recorder, the faults, and the lock that makes each AWS call atomic."""

    daemon_threads = True
    # Number of connections that may wait to be accepted. With Python's default of 5, connections are refused when the Pulumi engine creates a few dozen
    # resources at once.
    request_queue_size = 1024

    def __init__(self, address: tuple[str, int], authority: CertificateAuthority, recorder: Recorder, faults: Injector) -> None:
        super().__init__(address, ProxyHandler)
        self.authority = authority
        self.recorder = recorder
        self.faults = faults
        self.tokens = Tokens()
        # moto's services are plain dictionaries without locks. Serialising the calls costs nothing: the interpreter runs one thread at a time.
        self.services = threading.Lock()

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that disconnects in the middle (a killed Pulumi engine) is not an error of the emulator.
        log.debug("connection from %s ended", client_address, exc_info=True)


class ProxyHandler(BaseHTTPRequestHandler):
    """One client connection."""

    server: EmulatorServer
    protocol_version = "HTTP/1.1"
    # Longer than any client keeps an idle connection. The client must close it; otherwise its next request would find a closed socket.
    timeout = 600
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_CONNECT(self) -> None:
        host = self.path.rpartition(":")[0]
        self.wfile.write(b"HTTP/1.1 200 Connection Established\r\n\r\n")
        self.wfile.flush()
        self.connection: socket.socket = self.server.authority.context_for(host).wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb", self.rbufsize)  # type: ignore[assignment]
        self.wfile = self.connection.makefile("wb", self.wbufsize)  # type: ignore[assignment]
        self.close_connection = False

    def do_GET(self) -> None:
        origin, path = self._origin_and_path()
        if origin == f"http://127.0.0.1:{self.server.server_port}":
            self._answer(200, {"Content-Type": "application/json"}, json.dumps({"status": "ready"}).encode())
            return
        body = self._read_body()
        request = Request.from_primitives(self.command, origin + path, self.headers, body)
        call = identify(request)
        # Calls of instances get no injected faults: instances are a part of the sandbox, not programs under test.
        outcome = None if role_of(call, request) else self.server.faults.outcome_for(call, request)
        if outcome is None:
            self._answer(*self._served(origin, path, call, request))
        else:
            self._apply_fault(outcome, origin, path, call, request)

    def _served(self, origin: str, path: str, call: Call, request: Request, fault: str | None = None) -> Answer:
        answer = denial_of(call, request) or self.server.tokens.answered(call, request) or self._serve(origin, path, request)
        self.server.tokens.remember(call, request, answer)
        status, headers, content = answer
        self.server.faults.observe(call, request, status, content)
        self.server.recorder.record(call, request, status, content, fault)
        return answer

    def _apply_fault(self, outcome: Outcome, origin: str, path: str, call: Call, request: Request) -> None:
        """Applies an injected fault to the call."""
        if outcome.answer is not None:
            self.server.recorder.record(call, request, outcome.answer[0], outcome.answer[2], outcome.kind)
            self._answer(*outcome.answer)
            return
        if outcome.kind == "slow":
            time.sleep(outcome.seconds)
            self._answer(*self._served(origin, path, call, request, outcome.kind))
            return
        if outcome.kind == "lost-answer":
            self._served(origin, path, call, request, outcome.kind)
        else:
            self.server.recorder.record(call, request, 0, b"", outcome.kind)
            time.sleep(outcome.seconds)
        self._reset()

    def _reset(self) -> None:
        """Closes the connection with a TCP reset: the peer reads ECONNRESET instead of an end of file."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        # Neither TLS's close notification nor buffered data may be sent before the reset.
        self.rfile.close()
        os.close(self.connection.detach())

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET

    def _serve(self, origin: str, path: str, request: Request) -> Answer:
        handler = _handler_for(origin, path)
        if handler is None:
            return 404, {}, f"The emulated AWS has no service at {origin}".encode()
        try:
            with self.server.services:
                result = handler(request, request.raw_url, request.headers)
        except HTTPException as error:
            body = error.get_body()
            return error.code or 500, dict(error.get_headers()), body.encode() if isinstance(body, str) else body
        except Exception as error:  # noqa: BLE001 - a defect in one service must not end the connection
            log.exception("%s %s%s", self.command, origin, path)
            return _defect(request, error)
        status, headers, content = result if isinstance(result, tuple) else (200, {}, result)
        return status, {str(key): _text(value) for key, value in headers.items()}, _bytes(content)

    def _answer(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response_only(status)
        kept = {key: value for key, value in headers.items() if key.lower() not in ("content-length", "transfer-encoding", "connection")}
        for key, value in kept.items():
            self.send_header(key, value)
        if self.command == "HEAD":
            # A HEAD request gets the object's Content-Length, but not the object.
            self.send_header("Content-Length", next((value for key, value in headers.items() if key.lower() == "content-length"), "0"))
            content = b""
        elif status in _BODILESS:
            content = b""
        else:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def _origin_and_path(self) -> tuple[str, str]:
        scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        origin = f"{scheme}://{self.headers['Host']}"
        return origin, self.path[len(origin) :] if self.path.startswith(origin) else self.path

    def _read_body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            return b"".join(self._read_chunks())
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _read_chunks(self) -> Iterable[bytes]:
        while True:
            length = int(self.rfile.readline().split(b";")[0].strip() or b"0", 16)
            if length == 0:
                break
            yield self.rfile.read(length)
            self.rfile.readline()
        # Trailers, up to the empty line that ends the message.
        while self.rfile.readline().strip():
            pass

    def handle_expect_100(self) -> bool:
        # The client waits up to a second for this line, so the line must not stay in the buffer.
        proceed = super().handle_expect_100()
        self.wfile.flush()
        return proceed

    def log_message(self, format: str, *args: Any) -> None:
        log.info(format, *args)


def _defect(request: Request, error: Exception) -> Answer:
    """The answer if the emulator itself fails. It has the service's format, so that clients show it, and a status that
    clients don't retry for long.
    """
    code, message = "EmulatedAwsDefect", f"{type(error).__name__}: {error}"
    if "json" in request.headers.get("Content-Type", ""):
        return 501, {"Content-Type": "application/json"}, json.dumps({"__type": code, "message": message}).encode()
    inner = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    body = inner if ".s3" in request.host else f"<Response><Errors>{inner}</Errors><RequestID>none</RequestID></Response>"
    if request.form.get("Version", "2016-11-15") != "2016-11-15" or ".route53." in f".{request.host}":
        body = f"<ErrorResponse>{inner}</ErrorResponse>"
    return 501, {"Content-Type": "text/xml"}, body.encode()


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _bytes(content: Any) -> bytes:
    if isinstance(content, bytes):
        return content
    if isinstance(content, str):
        return content.encode()
    return b"".join(_bytes(part) for part in content) if content is not None else b""
