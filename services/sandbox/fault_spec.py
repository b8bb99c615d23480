"""What a fault is: ``KIND[:SERVICE[:REGION]][@P]``.

``KIND`` is one of those below, ``SERVICE`` as boto3 names it, ``P`` a probability, 1 where absent. The kinds that begin
with ``api-`` strike the internal API and take neither service nor region.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

SLOW_S = 2.0
"""How long a slow answer takes, in seconds."""


class Kind(StrEnum):
    DOWN = "down"
    """Every call is answered with 503."""
    THROTTLE = "throttle"
    DENIED = "denied"
    HANG = "hang"
    """The connection is taken and never answered."""
    SLOW = "slow"
    EXPIRED = "expired"
    """The credentials have expired."""
    API_DOWN = "api-down"
    API_SLOW = "api-slow"
    API_GARBAGE = "api-garbage"
    """The answer is 200 and no JSON."""
    API_SHORT = "api-short"
    """A page holds half of its records and says that it is the last."""

    @property
    def of_api(self) -> bool:
        return self.value.startswith("api-")


class FaultError(ValueError):
    """A specification that cannot be read: what, and where in it."""


@dataclass(frozen=True, slots=True)
class Fault:
    kind: Kind
    service: str | None = None
    region: str | None = None
    probability: float = 1.0

    def __str__(self) -> str:
        spec = ":".join(part for part in (self.kind.value, self.service, self.region) if part)
        return spec if self.probability == 1 else f"{spec}@{self.probability:g}"


def parse_fault(spec: str) -> Fault:
    """Read one specification. Raises ``FaultError``."""
    body, at, chance = spec.partition("@")
    kind_text, *rest = body.split(":")
    try:
        kind = Kind(kind_text)
    except ValueError:
        raise _wrong(spec, 0, f"{kind_text!r} is no fault; there are {', '.join(Kind)}") from None
    where = len(kind_text) + 1
    if rest and kind.of_api:
        raise _wrong(spec, where, f"{kind} strikes the internal API and takes no service")
    if len(rest) > 2:
        raise _wrong(spec, where + len(rest[0]) + len(rest[1]) + 2, "nothing follows the region but @P")
    service = _service(spec, where, rest[0]) if rest else None
    region = _region(spec, where + len(rest[0]) + 1, rest[1]) if len(rest) == 2 else None
    probability = _probability(spec, len(body) + 1, chance) if at else 1.0
    return Fault(kind, service, region, probability)


def _service(spec: str, where: int, name: str) -> str:
    found = find_spec("botocore")  # finds it without importing it
    roots = found.submodule_search_locations if found else None
    known = roots is None or any(Path(root, "data", name).is_dir() for root in roots)
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name) or not known:
        raise _wrong(spec, where, f"boto3 knows no service {name!r}")
    return name


def _region(spec: str, where: int, name: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-[0-9]", name):
        raise _wrong(spec, where, f"{name!r} is no region")
    return name


def _probability(spec: str, where: int, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= 1:
        raise _wrong(spec, where, f"{text!r} is no probability between 0 and 1")
    return value


def _wrong(spec: str, where: int, what: str) -> FaultError:
    return FaultError(f"fault {spec!r}, character {where + 1}: {what}")
