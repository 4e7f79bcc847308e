"""Errors in the format of the service's protocol.

Formats: botocore, `botocore/parsers.py` (EC2QueryParser, QueryParser, RestXMLParser, JSONParser, RestJSONParser), branch develop, and for S3
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import uuid4
from xml.sax.saxutils import escape

from moto.core.request import Request

Answer = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class AwsError:
    code: str
    status: int
    message: str


def protocol_of(request: Request, service: str) -> str:
    """The protocol of a request: `ec2`, `query`, `json`, `s3`, `rest-xml` or `rest-json`."""
    if request.headers.get("X-Amz-Target"):
        return "json"
    if "Action" in request.values:
        return "ec2" if service == "ec2" else "query"
    if service == "s3":
        return "rest-xml" if ".s3-control." in request.host else "s3"
    return "rest-xml" if service in ("route53", "cloudfront") else "rest-json"


def answer(error: AwsError, request: Request, service: str) -> Answer:
    protocol = protocol_of(request, service)
    identity = str(uuid4())
    if protocol in ("json", "rest-json"):
        headers = {"x-amzn-RequestId": identity, "x-amzn-ErrorType": error.code, "Content-Type": "application/x-amz-json-1.1"}
        return error.status, headers, json.dumps({"__type": error.code, "message": error.message}).encode()
    headers = {"x-amz-request-id" if protocol == "s3" else "x-amzn-RequestId": identity, "Content-Type": "text/xml"}
    return error.status, headers, _xml(error, protocol, identity).encode()


def _xml(error: AwsError, protocol: str, identity: str) -> str:
    inner = f"<Code>{error.code}</Code><Message>{escape(error.message)}</Message>"
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    if protocol == "ec2":
        return f"{head}<Response><Errors><Error>{inner}</Error></Errors><RequestID>{identity}</RequestID></Response>"
    if protocol == "s3":
        return f"{head}<Error>{inner}<RequestId>{identity}</RequestId><HostId>emulated</HostId></Error>"
    side = "Receiver" if error.status >= 500 else "Sender"
    return f"{head}<ErrorResponse><Error><Type>{side}</Type>{inner}</Error><RequestId>{identity}</RequestId></ErrorResponse>"
