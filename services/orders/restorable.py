"""What AWS can bring a database back from, and as what, before a restore test is planned (clause ``recovery``)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from pydantic import ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from services.orders.base import RefusedError
from services.orders.evidence import StoreSeen
from services.orders.world import World
from services.wire.registry import Instant, Name, Record
from services.words import say_instant

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class SnapshotSeen(Record):
    """A snapshot that is available."""

    name: Name
    at: Instant | None = None
    """When its data was as it is; ``None``: a copy that does not tell."""


class Restorable(Record):
    """A database as RDS describes it, and what it keeps of it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    engine: Name
    instance_class: Name = Field(alias="class")
    """Of a cluster: that of its writer."""
    storage: int | None = None
    """In GiB; ``None``: RDS does not tell, as of Aurora."""
    subnets: Name | None = None
    """The name of its subnet group."""
    groups: tuple[Name, ...] = ()
    """Its security groups."""
    earliest: Instant | None = None
    latest: Instant | None = None
    """Between these it can be brought back to any moment; ``None``: automated backups are off."""
    snapshots: tuple[SnapshotSeen, ...] = ()


class Chosen(Record):
    """What it is restored from: ``snapshot``, or continuous backups, to ``at`` or as late as they reach."""

    snapshot: Name | None = None
    at: Instant | None = None

    @property
    def says(self) -> str:
        if self.snapshot is not None:
            return f"snapshot {self.snapshot}"
        return "continuous backups, " + (f"to {say_instant(self.at)}" if self.at else "as late as they reach")


_ANSWER: Final = TypeAdapter(Restorable | None)


def question(store: str) -> str:
    """What AWS is asked: a ``Restorable``; ``None`` of what is no database."""
    return f"restorable of {store}"


def restorable(world: World, store: StoreSeen) -> tuple[Restorable, Chosen]:
    """A database and what it is restored from: the field ``point``, or the newest there is.

    The plan rests on what is made of it, not on how far its backups reach, which moves by itself. Raises
    ``RefusedError`` where AWS was not asked or cannot be read, and where there is nothing to restore from.
    """

    def means(answer: JsonValue) -> JsonValue:
        seen = _read(store, answer)
        left_out = {"earliest", "latest", "snapshots"}
        return {
            **seen.model_dump(mode="json", exclude=left_out, by_alias=True),
            "from": _choose(world, store, seen).model_dump(mode="json"),
        }

    seen = _read(store, world.seen_in_aws(question(store.store), means))
    return seen, _choose(world, store, seen)


def _read(store: StoreSeen, answer: JsonValue) -> Restorable:
    try:
        found = _ANSWER.validate_python(answer)
    except ValidationError:
        found = None
    if found is None:
        raise RefusedError(f"AWS does not say what {store.store} could be restored from", "fields.store")
    return found


def _choose(world: World, store: StoreSeen, seen: Restorable) -> Chosen:
    named = world.value("point")
    if named is None:
        return _newest(store, seen)
    if not named[:1].isdigit():
        name = named.split(":", 6)[-1] if named.startswith("arn:") else named
        if all(it.name != name for it in seen.snapshots):
            raise RefusedError(f"AWS shows no snapshot {named} of it that is available", "fields.point")
        return Chosen(snapshot=name)
    at = world.past("point")
    if seen.latest is None or seen.earliest is None:
        raise RefusedError("its automated backups are off: no moment of its own can be restored", "fields.point")
    if not seen.earliest <= at <= seen.latest:
        reach = f"{say_instant(seen.earliest)} to {say_instant(seen.latest)}"
        raise RefusedError(f"its backups reach from {reach}", "fields.point")
    return Chosen(at=at)


def _newest(store: StoreSeen, seen: Restorable) -> Chosen:
    """Continuous backups, where they are on: no snapshot is ahead of them by more than minutes."""
    if seen.latest is not None:
        return Chosen()
    newest = max(seen.snapshots, key=lambda it: (it.at or _NEVER, it.name), default=None)
    if newest is None:
        raise RefusedError(
            f"there is nothing to restore {store.store} from: its automated backups are off, and it has no snapshot",
            "fields.store",
        )
    return Chosen(snapshot=newest.name)
