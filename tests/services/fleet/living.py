"""A registry and an AWS whose clock is the test's: what they say is of the moment at which they are asked."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from services.aws.collect.base import Place
from services.fleet.asked import Due, Focus
from services.fleet.refresh import Fleet
from services.fleet.registry import SOURCES
from services.fleet.schedule import USUAL, Tempo
from services.fleet.snapshot import FleetSnapshot
from services.internal.answer import RegistryAnswer
from services.model import AuditEntry, Observation, Order, Outcome, Slot, Source, Tenant, TestKind
from services.wire.registry import WhoAmI
from tests.services.estate.things import HERE, NOW, OTHER, THERE
from tests.services.fleet.fakes import LISTED, POLICY, FakeAws, FakeRegistry, raw_instance, registry, restored, tenant
from tests.services.fleet.nouns import slot

NEVER = threading.Event()
ASKED_BY_NAME = tuple(LISTED)
"""The calls to a place."""


class Clock:
    """Stands until it is told to go on."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


@dataclass
class LivingRegistry(FakeRegistry):
    """Answers with the time at which it is asked; ``broken`` are the paths that do not answer."""

    clock: Clock = field(default_factory=Clock)
    broken: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)
    kept: dict[str, Observation[tuple[str, ...]]] = field(default_factory=dict)

    def _seen(self, operation: str, value: Any) -> Observation[Any]:
        self.calls.append(operation)
        if operation in self.broken:
            return Observation(Source("internal", operation), self.clock(), Outcome.FAILED, error="answered 503")
        return Observation(Source("internal", operation), self.clock(), Outcome.SEEN, value)

    def whoami(self, cancel: threading.Event | None = None) -> Observation[WhoAmI]:
        return self._seen("GET /whoami", WhoAmI(user="olga", role="viewer"))

    def audit(
        self, cancel: threading.Event, tenant: str | None = None, limit: int = 500
    ) -> Observation[tuple[AuditEntry, ...]]:
        return self._seen("GET /audit", ())

    def orders(self, cancel: threading.Event) -> Observation[tuple[Order, ...]]:
        return self._seen("GET /orders", ())

    def registry(
        self,
        cancel: threading.Event,
        publish: Callable[[RegistryAnswer], None] | None = None,
        *,
        only: Container[str] | None = None,
        anew: bool = True,
    ) -> RegistryAnswer:
        for name in SOURCES:
            if only is None or name in only:
                self.kept[name] = self._seen(f"GET /{name}", ())
        return replace(self.answer, observations=tuple(self.kept.values()))


@dataclass
class LivingAws(FakeAws):
    """Databases whose restore points are three minutes old whenever somebody looks, ``breaks`` of them twenty;
    ``broken`` are the (operation, region) that fail."""

    clock: Clock = field(default_factory=Clock)
    broken: set[tuple[str, str]] = field(default_factory=set)
    slots: tuple[Slot, ...] = ()

    def identity(self) -> Any:
        self.asked.append(("get_caller_identity", "", ""))
        return super().identity()

    def answer(self, operation: str, account: str, region: str) -> list[dict[str, Any]]:
        if (operation, region) in self.broken or ("*", region) in self.broken:
            raise ConnectionError("no route to host")
        place = next(it for it in (HERE, THERE, OTHER) if (it.account, it.region) == (account, region))
        owner = OWNERS[account, region]
        if operation == "describe_db_instances":
            return [self._instance("db", owner), *([self._instance("slow", owner)] if place == OTHER else [])]
        if operation == "describe_maintenance_windows":
            return [_window(it) for it in self.slots]
        if operation == "describe_pending_maintenance_actions":
            applies_at = NOW + timedelta(days=20)
            details = {"Action": "system-update", "Description": "a new OS", "CurrentApplyDate": applies_at}
            arn = f"arn:aws:rds:{region}:{account}:db:db"
            return [{"ResourceIdentifier": arn, "PendingMaintenanceActionDetails": [details]}]
        return []

    def _instance(self, name: str, owner: Tenant) -> dict[str, Any]:
        made = raw_instance(name, Place(owner.account, owner.region), tags={"tenant": owner.id})
        age = timedelta(minutes=20 if name == "slow" else 3)
        more = {"MultiAZ": True, "SecondaryAvailabilityZone": "z", "LatestRestorableTime": self.clock() - age}
        return {**made, **more}


def _window(it: Slot) -> dict[str, Any]:
    return {
        "WindowId": f"mw-{it.id}",
        "Name": f"tenure-{it.id}",
        "Enabled": True,
        "Duration": 2,
        "NextExecutionTime": it.starts_at.isoformat(),
    }


PUBLIC = tenant("acme", HERE)
DEDICATED = tenant("bellows", THERE, tier="dedicated")
BEHIND = tenant("contoso", OTHER, tier="dedicated")
"""One of its two databases is twenty minutes behind, where five are promised."""
OWNERS = {(it.account, it.region): it for it in (PUBLIC, DEDICATED, BEHIND)}
SLOTS = (
    slot("tonight", starts_at=NOW + timedelta(hours=9)),
    slot("later", tier="dedicated", region=THERE.region, starts_at=NOW + timedelta(hours=9)),
)


def _tests() -> tuple[Any, ...]:
    failover = {
        "kind": TestKind.FAILOVER,
        "started_at": NOW - timedelta(days=1),
        "ended_at": NOW - timedelta(days=1) + timedelta(seconds=40),
    }
    made = [replace(restored("db", HERE), id="here")]
    made += [
        replace(restored("db", place, **failover), id=f"db-{place.account}-{place.region}") for place in (THERE, OTHER)
    ]
    return (*made, replace(restored("slow", OTHER, **failover), id="slow"))


class Life:
    """A fleet of three tenants in three places, whose time a test lets pass."""

    def __init__(self, *, tempo: Tempo = USUAL, seed: int = 7, focus: Focus = Focus()) -> None:  # noqa: B008
        self.clock = Clock()
        answer = registry(PUBLIC, DEDICATED, BEHIND, recovery_tests=_tests(), slots=SLOTS)
        self.registry = LivingRegistry(answer, clock=self.clock)
        self.aws = LivingAws(lambda *_: [], clock=self.clock, slots=SLOTS)
        self.aws.pages = self.aws.answer
        self.focus = focus
        self.rounds = 0
        self.fleet = Fleet(self.registry, self.aws, POLICY, self.clock, tempo=tempo, seed=seed)

    def ask_all(self) -> FleetSnapshot:
        return self.fleet.refresh(lambda _: None, NEVER)

    def pass_second(self) -> FleetSnapshot:
        """A second goes by: who is due is asked, as the console does it, and the picture is judged anew."""
        self.clock.at += timedelta(seconds=1)
        if self.fleet.due(self.clock(), self.focus):
            self.rounds += 1
            self.fleet.refresh(lambda _: None, NEVER, Due(self.focus))
        return self.fleet.rejudge(self.clock())

    def pass_seconds(self, number: int) -> FleetSnapshot:
        """So many seconds go by; the picture at their end."""
        for _ in range(number - 1):
            self.pass_second()
        return self.pass_second()

    def forget(self) -> None:
        """Count the questions from here on."""
        self.aws.asked.clear()
        self.registry.calls.clear()
        self.rounds = 0

    @property
    def counted(self) -> Counter[str]:
        """How often each operation was asked, all places together."""
        return Counter([operation for operation, _, _ in self.aws.asked] + self.registry.calls)
