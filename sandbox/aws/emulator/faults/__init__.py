"""Injected AWS faults: a file declares them, and calls of the programs under test get them.

See "Injected AWS faults" in docs/sandbox.md.
"""

from .declared import Fault, FaultSyntaxError, parse
from .injector import Injector, Outcome

__all__ = ["Fault", "FaultSyntaxError", "Injector", "Outcome", "parse"]
