"""What a story is: something that goes wrong in a fleet, planted on purpose, and what must be said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from services.model import Status
from services.sandbox.builder import Builder
from services.sandbox.plan import Planting
from services.sandbox.planned.buckets import Bucket
from services.sandbox.planned.databases import Cluster, Instance
from services.wire.operations import CaseRecord, ExportRecord, HoldRecord, SlotRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One verdict that the real services must come to."""

    area: str
    """The area that lists it: ``recovery``, ``retention``, …"""
    status: Status
    tenant: str | None
    """``None`` for what nobody owns."""
    figure: str | None
    """The verdict's name; ``None`` for a tenant's status as a whole."""
    store: str | None = None
    """The ARN, for a verdict on a store or a link."""
    restore_point_at: datetime | None = None
    """The instant that the figure rests on, where one is planted."""


@dataclass(frozen=True, slots=True)
class Story:
    name: str
    sentence: str
    planted: Planting
    expected: tuple[Expected, ...]


Expectations: TypeAlias = tuple[Expected, ...]
Plant: TypeAlias = Callable[[Builder], Expectations]
Store: TypeAlias = Instance | Cluster | Bucket


def tell(name: str, sentence: str, plant: Plant, seed: int, at: datetime) -> Story:
    """Let ``plant`` add to a planting of its own."""
    builder = Builder(seed, at)
    expected = plant(builder)
    return Story(name, sentence, builder.planting, expected)


def overall(tenant: str, status: Status) -> Expected:
    """A tenant's status: the worst of its verdicts."""
    return Expected(area="tenants", status=status, tenant=tenant, figure=None)


def recovery(tenant: str | None, store: Store, status: Status, restore_point_at: datetime | None = None) -> Expected:
    """How much data of a store would be lost."""
    return Expected(
        area="recovery",
        status=status,
        tenant=tenant,
        figure=f"recovery.{_name(store)}",
        store=store.arn,
        restore_point_at=restore_point_at,
    )


def rto(tenant: str, store: Store, status: Status) -> Expected:
    """How fast a store can be brought back."""
    return Expected(area="recovery", status=status, tenant=tenant, figure=f"rto.{_name(store)}", store=store.arn)


def linked(tenant: str | None, name: str, arn: str, status: Status) -> Expected:
    """Whether a private link carries."""
    return Expected(area="links", status=status, tenant=tenant, figure=f"link.{name}", store=arn)


def retention(tenant: str, figure: str, status: Status) -> Expected:
    """A clock of a tenant's end (``grace``, ``hosted_data``, …), or its recorded ``state`` against the due one."""
    return Expected(area="retention", status=status, tenant=tenant, figure=figure)


def held(of: HoldRecord, status: Status) -> Expected:
    return Expected(area="retention", status=status, tenant=of.tenant, figure=f"hold.{of.id}")


def exported(of: ExportRecord, status: Status) -> Expected:
    return Expected(area="exports", status=status, tenant=of.tenant, figure=f"export.{of.id}")


def case(of: CaseRecord, status: Status) -> Expected:
    return Expected(area="cases", status=status, tenant=of.tenant, figure=f"case.{of.id}")


def slot(of: SlotRecord, status: Status) -> Expected:
    return Expected(area="maintenance", status=status, tenant=of.tenant, figure=f"slot.{of.id}")


def _name(store: Store) -> str:
    return store.name if isinstance(store, Bucket) else store.identifier
