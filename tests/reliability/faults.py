"""The faults that there are, and whom each strikes, as the checks are declared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from services.checks import CHECKS
from services.checks.base import collectors_of
from services.model import Outcome, Source
from services.sandbox.fault_spec import Fault, Kind, parse_fault

HOME = "us-east-1"
"""The region whose STS gives out the roles' keys, and tells who asks."""
SERVICES = tuple(dict.fromkeys((*(it.service for it in collectors_of(CHECKS)), "sts")))
"""All that are asked."""
OF_AWS = tuple(kind for kind in Kind if not kind.of_api)
OF_API = tuple(kind for kind in Kind if kind.of_api)
TIMES = 3
"""How often each fault by chance is tried: it strikes other calls each time."""
HARMLESS = frozenset({Kind.SLOW, Kind.API_SLOW})
"""Late, and answered all the same."""
OUTCOMES = {
    Kind.DOWN: Outcome.FAILED,
    Kind.THROTTLE: Outcome.THROTTLED,
    Kind.DENIED: Outcome.DENIED,
    Kind.EXPIRED: Outcome.DENIED,
    Kind.HANG: Outcome.FAILED,
}
"""How a call of AWS ends that is struck."""


@dataclass(frozen=True, slots=True)
class Case:
    """A fault of the matrix."""

    fault: Fault

    def __str__(self) -> str:
        return str(self.fault)

    @property
    def kind(self) -> Kind:
        return self.fault.kind

    @property
    def by_chance(self) -> bool:
        return self.fault.probability < 1

    @property
    def of_roles(self) -> bool:
        """Whether it keeps the roles' keys from being given out, and so all of AWS from whoever has none yet."""
        return self.fault.service in (None, "sts") and self.fault.region in (None, HOME) and not self.kind.of_api

    @property
    def ends_keys(self) -> bool:
        """Whether STS says that the operator's own keys have ended: from then on nobody is asked with them."""
        return self.kind is Kind.EXPIRED and self.of_roles

    @property
    def sure(self) -> bool:
        """Whether each call that it may strike fails; a look may have asked some before it is known of the keys."""
        return not self.by_chance and not self.ends_keys and not self.kind.of_api

    def strikes(self, source: Source, *, first: bool) -> bool:
        """Whether a call may fail by it; ``first``: whoever asks has no keys of the roles yet."""
        fault = self.fault
        if self.kind in HARMLESS:
            return False
        if self.kind.of_api or source.service == "internal":
            return self.kind.of_api and source.service == "internal"
        if self.of_roles and (first or self.ends_keys):
            return True
        region = HOME if source.service == "sts" else source.region
        return fault.service in (None, source.service) and fault.region in (None, region)


def every(regions: Iterable[str]) -> Iterator[Case]:
    """Each kind, on all of AWS, on each service, on each service in each region; and by chance, several times."""
    for kind in OF_AWS:
        yield _case(kind)
        for service in SERVICES:
            yield _case(kind, service)
            yield from (_case(kind, service, region) for region in regions)
    yield from map(_case, OF_API)
    for _ in range(TIMES):
        for kind in OF_AWS:
            if kind not in HARMLESS:
                yield _case(kind, chance="@0.3")
                yield from (_case(kind, service, chance="@0.5") for service in SERVICES)
        yield from (_case(kind, chance="@0.5") for kind in OF_API if kind not in HARMLESS)


def spread(regions: Iterable[str]) -> Iterator[Case]:
    """A part of them in which each kind, each service and each region occurs; for ``make test``."""
    kinds = [kind for kind in OF_AWS if kind not in HARMLESS and kind is not Kind.HANG]
    regions = tuple(regions)
    for index, service in enumerate(SERVICES):
        yield _case(kinds[index % len(kinds)], service, regions[index % len(regions)])
    yield from (_case(Kind.API_DOWN), _case(Kind.API_SHORT), _case(Kind.API_GARBAGE))
    yield from (_case(Kind.HANG, "rds", regions[1]), _case(Kind.THROTTLE, chance="@0.3"))


def _case(kind: Kind, *where: str, chance: str = "") -> Case:
    return Case(parse_fault(":".join((kind.value, *where)) + chance))
