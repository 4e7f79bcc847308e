"""`aws s3api <operation> --option value…`: see README.md."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any

import botocore.session
import jmespath
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

_ACRONYMS = {"sha256": "SHA256", "md5": "MD5", "id": "Id"}


def _parameter(option: str) -> str:
    return "".join(_ACRONYMS.get(word, word.capitalize()) for word in option.split("-"))


def _value(option: str, text: str) -> Any:
    if option == "body":
        return open(text, "rb")
    if option == "metadata":
        return dict(pair.split("=", 1) for pair in text.split(","))
    return text


def _text(value: Any) -> str:
    """Formats a single value as the real command line does: times in ISO 8601 (aws/aws-cli v2, `awscli/customizations/timestampformat.py`)."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def main(arguments: list[str]) -> int:
    service, operation, *rest = arguments
    if service != "s3api":
        print(f"this stand-in for the AWS command line has only s3api, not {service}", file=sys.stderr)
        return 252
    options: dict[str, str] = {}
    files: list[str] = []
    while rest:
        word = rest.pop(0)
        if word == "--no-paginate":
            continue
        if word.startswith("--"):
            options[word[2:]] = rest.pop(0)
        else:
            files.append(word)
    query, output = options.pop("query", None), options.pop("output", "json")
    client = botocore.session.Session().create_client("s3")
    try:
        answer = getattr(client, operation.replace("-", "_"))(**{_parameter(name): _value(name, text) for name, text in options.items()})
    except ClientError as error:
        print(f"\n{error}", file=sys.stderr)
        return 254
    except ParamValidationError as error:
        print(error, file=sys.stderr)
        return 252
    except BotoCoreError as error:
        print(f"\n{error}", file=sys.stderr)
        return 255
    if files:
        with open(files[0], "wb") as file:
            for chunk in answer.pop("Body").iter_chunks():
                file.write(chunk)
    answer.pop("ResponseMetadata", None)
    shown = answer if query is None else jmespath.search(query, answer)
    print(_text(shown) if output == "text" else json.dumps(shown, default=str))
    return 0


sys.exit(main(sys.argv[1:]))
