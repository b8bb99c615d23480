"""A fleet in which every text that comes from outside is hostile, and the console on it.

Run as a program, it opens the console on that fleet with a clock that stands still.
"""

from __future__ import annotations

import threading
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from services.fleet.reader import Publish
from services.fleet.snapshot import FleetSnapshot, TenantView
from services.sandbox.stories import HOSTILE
from tests.support.fleet import AT, fleet

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


def poisoned_fleet(at: datetime = AT) -> FleetSnapshot:
    """A tenant for each hostile string, and the same strings in sources, orphans, bad records and the identity."""
    picture = fleet(at)
    template = picture.tenants["litware"]
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
        identity=poison(picture.identity, HOSTILE[0]),
    )


class PoisonedReader:
    """Reads the poisoned fleet."""

    def refresh(self, publish: Publish, cancel: threading.Event) -> FleetSnapshot:
        picture = poisoned_fleet()
        publish(picture)
        return picture

    def rejudge(self, now: datetime) -> FleetSnapshot:
        return poisoned_fleet() if now != AT else self.refresh(lambda _: None, threading.Event())


def main() -> None:
    from console.app import TenureApp

    TenureApp(PoisonedReader(), now=lambda: AT, profile=HOSTILE[1], banner=HOSTILE[0]).run()


if __name__ == "__main__":
    main()
