"""Which faults are in force, and the control endpoint that changes them: ``/sandbox/faults`` on either port.

GET answers ``{"faults": [SPEC…]}``; POST takes the same and replaces all of them; what cannot be read is answered with
400 and ``{"error": …}`` and changes nothing.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from services.sandbox.fault_spec import Fault, FaultError, parse_fault

PATH = "/sandbox/faults"


@dataclass(frozen=True, slots=True)
class _State:
    faults: tuple[Fault, ...]
    replaced: threading.Event = field(default_factory=threading.Event)
    """Set when these faults are no longer in force: lets go what hangs."""


class FaultControl:
    """Thread-safe. ``mine`` tells which faults strike this server; others are kept out."""

    def __init__(self, faults: Iterable[Fault], seed: int, mine: Callable[[Fault], bool]) -> None:
        self._mine = mine
        self._lock = threading.Lock()
        self._random = random.Random(seed)  # noqa: S311 - the same seed strikes the same calls
        self._state = _State(tuple(filter(mine, faults)))

    def struck(self, service: str | None = None, region: str | None = None) -> tuple[Fault, ...]:
        """The faults that strike a call to ``service`` in ``region`` now."""
        matching = [
            fault for fault in self._state.faults if fault.service in (None, service) and fault.region in (None, region)
        ]
        with self._lock:
            return tuple(fault for fault in matching if self._random.random() < fault.probability)

    @property
    def replaced(self) -> threading.Event:
        return self._state.replaced

    def handle(self, method: str, body: bytes) -> tuple[int, bytes]:
        """Status and JSON body of a call to the control endpoint."""
        if method == "POST":
            try:
                self._replace(body)
            except ValueError as error:  # FaultError and JSONDecodeError are
                return 400, json.dumps({"error": str(error)}).encode()
        elif method != "GET":
            return 405, json.dumps({"error": "GET or POST"}).encode()
        return 200, json.dumps({"faults": [str(fault) for fault in self._state.faults]}).encode()

    def _replace(self, body: bytes) -> None:
        value = json.loads(body)
        specs = value.get("faults") if isinstance(value, dict) else None
        if not isinstance(specs, list) or not all(isinstance(spec, str) for spec in specs):
            raise FaultError('the body must be {"faults": [SPEC, ...]}')
        faults = tuple(parse_fault(spec) for spec in specs)
        strange = [str(fault) for fault in faults if not self._mine(fault)]
        if strange:
            raise FaultError(f"{', '.join(strange)}: strikes the other server; its control is on the other port")
        before, self._state = self._state, _State(faults)
        before.replaced.set()
