"""Runs every `test_…` function of this folder against the emulated AWS to which the environment points, and prints how many passed.

A test with a parameter `network` gets its own VPC. The runner is this simple so that it needs only boto3.
"""

from __future__ import annotations

import importlib
import inspect
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from support import Network


def tests(words: list[str]) -> Iterator[tuple[str, Any]]:
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        module = importlib.import_module(file.stem)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            label = f"{file.stem}.{name}"
            if name.startswith("test_") and (not words or any(word in label for word in words)):
                yield label, function


def main() -> int:
    passed = failed = 0
    for label, function in tests(sys.argv[1:]):
        try:
            function(**({"network": Network()} if "network" in inspect.signature(function).parameters else {}))
            passed += 1
        except Exception:
            failed += 1
            print(f"FAILED {label}\n{traceback.format_exc()}")
    print(f"{passed} passed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
