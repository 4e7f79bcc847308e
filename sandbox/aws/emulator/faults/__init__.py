"""Faults that AWS's answers get on a bad day: declared in a file, met by the calls of the programs under test.

See "Injected AWS faults" in docs/sandbox.md.
"""

from .declared import Fault, FaultSyntaxError, parse
from .injector import Injector, Outcome

__all__ = ["Fault", "FaultSyntaxError", "Injector", "Outcome", "parse"]
