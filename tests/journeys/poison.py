"""A fleet in which every text that comes from outside is hostile, and the console on it.

Run as a program, it opens the console on that fleet with a clock that stands still.
"""

from __future__ import annotations

import threading
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from services.fleet.asked import EVERYTHING, Asked, Focus
from services.fleet.reader import Publish
from services.fleet.snapshot import FleetSnapshot, TenantView
from services.model import Acknowledgement, Observation, Outcome, Prompts, Scope, Source
from services.orders.desk import OrderDesk, Refusing
from services.sandbox.stories import HOSTILE
from services.wire.history import HistoryRecord
from tests.support.fleet import AT
from tests.support.operations import ACKNOWLEDGED, busy_fleet

AnyT = TypeVar("AnyT")

OURS = frozenset({"id", "tier", "region", "account", "zone", "kind", "figure", "clause", "collection", "service"})
"""Texts that are ours or that the wire's schema holds to plain letters: they name rows, and are compared."""


def poison(thing: AnyT, text: str) -> AnyT:
    """``thing`` with each text from outside, however deep in it, made to begin with ``text``."""
    if isinstance(thing, Enum):
        return thing
    if isinstance(thing, str):
        return text + thing  # type: ignore[return-value]  # a text for a text
    if isinstance(thing, tuple):
        return tuple(poison(part, text) for part in thing)  # type: ignore[return-value]  # as above
    if not is_dataclass(thing) or isinstance(thing, type):
        return thing
    changed: dict[str, Any] = {
        field.name: poison(getattr(thing, field.name), text)
        for field in fields(thing)
        if field.init and field.name not in OURS
    }
    return replace(thing, **changed)


def tenant_id(number: int) -> str:
    """The id of the tenant whose texts are those of ``HOSTILE[number]``."""
    return f"poisoned-{number:02}"


def poisoned_fleet() -> FleetSnapshot:
    """A tenant for each hostile string with all that one may have, and the same strings in all that stands beside."""
    picture = busy_fleet()
    template = replace(
        picture.tenants["litware"],
        cases=picture.tenants["lumen-spa"].cases,
        holds=picture.tenants["oakwood"].holds,
    )
    tenants: dict[str, TenantView] = {}
    for number, text in enumerate(HOSTILE):
        view = poison(template, text)
        name = tenant_id(number)
        stores = tuple(replace(store, tenant=name) for store in view.stores)
        tenants[name] = replace(view, tenant=replace(view.tenant, id=name), stores=stores)
    return replace(
        picture,
        tenants=tenants,
        orphans=tuple(poison(orphan, text) for text in HOSTILE for orphan in picture.orphans[:1]),
        sources=tuple(poison(source, text) for text in HOSTILE for source in picture.failed),
        bad_records=tuple(poison(bad, text) for text in HOSTILE for bad in picture.bad_records[:1]),
        identity=replace(poison(picture.identity, HOSTILE[0]), role="operator"),
        slots=tuple(poison(slot, text) for text in HOSTILE for slot in picture.slots[:1]),
        pending_maintenance=tuple(poison(one, text) for text in HOSTILE for one in picture.pending_maintenance),
        audit=tuple(replace(poison(picture.audit[0], text), id=str(n)) for n, text in enumerate(HOSTILE)),
        acknowledgements={
            (tenant_id(number), "grace"): poison(ACKNOWLEDGED, text) for number, text in enumerate(HOSTILE)
        },
    )


class PoisonedReader:
    """Reads the poisoned fleet."""

    def refresh(self, publish: Publish, cancel: threading.Event, asked: Asked = EVERYTHING) -> FleetSnapshot:
        picture = poisoned_fleet()
        publish(picture)
        return picture

    def due(self, now: datetime, focus: Focus) -> bool:
        return False

    def narrow(self, scope: Scope) -> None:
        """Nothing is left out."""

    def sign_in(self, prompts: Prompts, cancel: threading.Event) -> str | None:
        return HOSTILE[0]

    def rejudge(self, now: datetime) -> FleetSnapshot:
        return poisoned_fleet()

    def forecast(self, at: datetime) -> FleetSnapshot:
        return replace(poisoned_fleet(), at=at, forecast_from=AT)

    def acknowledge(self, acknowledgement: Acknowledgement) -> str | None:
        return HOSTILE[0]

    def withdraw(self, tenant: str | None, figure: str) -> str | None:
        return HOSTILE[0]

    def history(self, tenant: str, cancel: threading.Event) -> Observation[HistoryRecord]:
        source = Source("internal", "GET /samples/history")
        return Observation(source, AT, Outcome.FAILED, None, error=HOSTILE[0])

    @property
    def desk(self) -> OrderDesk:
        return Refusing(HOSTILE[0])


def main() -> None:
    from console.app import TenureApp

    TenureApp(PoisonedReader(), now=lambda: AT, profile=HOSTILE[1], banner=HOSTILE[0]).run()


if __name__ == "__main__":
    main()
