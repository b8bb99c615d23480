"""What AWS shows of a tenant's stores before their tenant is dismissed (clause ``right-to-be-forgotten``)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import ConfigDict, JsonValue, TypeAdapter, ValidationError

from services.orders.base import RefusedError
from services.orders.world import World
from services.wire.registry import Arn, Instant, Name, Record, StoreRecord
from services.words import say_instant

SHOWN: Final = 3
"""Stores that a refusal names."""


class StoreSeen(Record):
    """A live store, and the newest backup of it from which all of it can be brought back."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    store: Arn
    kind: Name
    account: Name
    region: Name
    restore_point_at: Instant | None = None
    """``None``: there is no restore point."""
    verified: bool
    """Whether AWS lists that backup as complete and available."""

    def final(self, since: datetime) -> bool:
        """Whether it is verified and lacks nothing that was written until ``since``."""
        return self.verified and self.restore_point_at is not None and self.restore_point_at >= since


_ANSWER: Final = TypeAdapter(tuple[StoreSeen, ...])


def question(tenant: str) -> str:
    """What AWS is asked: a JSON list, a ``StoreSeen`` each; empty where it shows no live store."""
    return f"stores of {tenant}"


def stores_seen(world: World, tenant: str) -> tuple[StoreSeen, ...]:
    """The live stores of a tenant, by ARN. The plan rests on which there are. Raises as ``backed_up`` does."""

    def means(answer: JsonValue) -> JsonValue:
        left_out = {"restore_point_at", "verified"}
        return [seen.model_dump(mode="json", exclude=left_out) for seen in _read(tenant, answer)]

    return _read(tenant, world.seen_in_aws(question(tenant), means))


def backed_up(world: World, tenant: str, since: datetime) -> tuple[StoreSeen, ...]:
    """The live stores of a tenant, each with a final backup: verified, and not older than the end of the service.

    The plan rests on which stores there are and that each has such a backup; not on the restore point's own time,
    which a continuous backup moves every few minutes. Raises ``RefusedError`` where AWS was not asked or cannot be
    read, where a store that the registry maps was not seen, and where a store has no final backup.
    """

    def means(answer: JsonValue) -> JsonValue:
        return [
            {
                **seen.model_dump(mode="json", exclude={"restore_point_at", "verified"}),
                "final backup": seen.final(since),
            }
            for seen in _read(tenant, answer)
        ]

    stores = _read(tenant, world.seen_in_aws(question(tenant), means))
    unseen = {it.store for it in world.of(StoreRecord, tenant)} - {it.store for it in stores}
    if unseen:
        raise RefusedError(f"{tenant}: the registry maps what AWS does not show: {_named(sorted(unseen))}", tenant)
    lacking = [f"{it.store} ({_point(it)})" for it in stores if not it.final(since)]
    if lacking:
        raise RefusedError(
            f"{tenant}: no verified backup since the service ended {say_instant(since)}: {_named(lacking)}", tenant
        )
    return stores


def _read(tenant: str, answer: JsonValue) -> tuple[StoreSeen, ...]:
    try:
        return tuple(sorted(_ANSWER.validate_python(answer), key=lambda it: it.store))
    except ValidationError:
        raise RefusedError(f"{tenant}: what AWS answered of its stores cannot be read", tenant) from None


def _point(seen: StoreSeen) -> str:
    if seen.restore_point_at is None:
        return "no restore point"
    return f"{say_instant(seen.restore_point_at)}{'' if seen.verified else ', not verified'}"


def _named(them: list[str]) -> str:
    rest = f" and {len(them) - SHOWN} more" if len(them) > SHOWN else ""
    return ", ".join(them[:SHOWN]) + rest
