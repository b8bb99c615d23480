"""What an action is planned from. Whatever is read is remembered: it is what the plan rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, cast

from pydantic import JsonValue

from services.agreement import Policy
from services.model import Case, Export, Hold, RecoveryTest, Slot, Tenant
from services.orders.base import RefusedError, Steps
from services.wire import nouns
from services.wire.operations import CaseRecord, ExportRecord, HoldRecord, RecoveryTestRecord, SlotRecord
from services.wire.orders import NOW, Asked, RegistryCall, Seen
from services.wire.registry import Record, StoreRecord, SubscriptionRecord, TenantRecord

RecordT = TypeVar("RecordT", bound=Record)
COLLECTIONS: Mapping[type[Record], str] = {
    TenantRecord: "tenants",
    SubscriptionRecord: "subscriptions",
    StoreRecord: "stores",
    ExportRecord: "exports",
    SlotRecord: "slots",
    HoldRecord: "holds",
    CaseRecord: "cases",
    RecoveryTestRecord: "recovery-tests",
}


@dataclass(frozen=True, slots=True)
class Known:
    """All that the server knows of the tenants in question, and of the slots around them."""

    policy: Policy
    now: datetime
    records: Mapping[type[Record], Sequence[Record]]
    """By kind, ordered by id."""
    aws: Mapping[str, JsonValue] | None = None
    """What the worker's role saw in AWS, by question; ``None``: AWS was not asked."""


class World:
    """The records as ``asked`` wants them, each read remembered. One for each plan."""

    def __init__(self, known: Known, asked: Asked) -> None:
        self.policy = known.policy
        self.now = known.now
        self.asked = asked
        self._known = known
        self._seen: dict[str, JsonValue] = {}

    @property
    def key(self) -> str:
        """From which the ids of new records are made."""
        return self.asked.key

    @property
    def seen(self) -> tuple[Seen, ...]:
        """What was read, by what it is."""
        return tuple(Seen(what=what, value=value) for what, value in sorted(self._seen.items()))

    # Fields

    def value(self, name: str) -> str | None:
        """What was typed, without blanks around; ``None`` for nothing."""
        return self.asked.fields.get(name, "").strip() or None

    def needed(self, name: str) -> str:
        """What was typed. Raises ``RefusedError`` for nothing."""
        value = self.value(name)
        if value is None:
            raise RefusedError(f"{name} is missing", f"fields.{name}")
        return value

    def chosen(self, name: str, choices: Iterable[str]) -> str:
        """One of ``choices``. Raises ``RefusedError`` for anything else."""
        value, choices = self.needed(name), tuple(choices)
        if value not in choices:
            raise RefusedError(f"{name} is one of {', '.join(choices)}", f"fields.{name}")
        return value

    def day(self, name: str) -> date:
        """A day. Raises ``RefusedError``."""
        try:
            return date.fromisoformat(self.needed(name))
        except ValueError:
            raise RefusedError(f"{name} is no day such as 2027-03-31", f"fields.{name}") from None

    def instant(self, name: str) -> datetime:
        """An instant with its offset. Raises ``RefusedError``."""
        try:
            found = datetime.fromisoformat(self.needed(name))
        except ValueError:
            raise RefusedError(f"{name} is no instant such as 2026-12-24T18:00:00Z", f"fields.{name}") from None
        if found.tzinfo is None:
            raise RefusedError(f"{name} has no offset: end it with Z", f"fields.{name}")
        return found

    # Records

    def tenants(self) -> tuple[TenantRecord, ...]:
        """Those that were named, each once. Raises ``RefusedError`` for none, and for one that there is not."""
        if not self.asked.tenants:
            raise RefusedError("no tenant is named", "tenants")
        return tuple(self.tenant(id_) for id_ in dict.fromkeys(self.asked.tenants))

    def tenant(self, id_: str) -> TenantRecord:
        return self.record(TenantRecord, id_)

    def in_group(self, tier: str, region: str) -> tuple[TenantRecord, ...]:
        """The tenants of a tier in a region that are not destroyed."""
        found = [
            it for it in self._all(TenantRecord) if (it.tier, it.region) == (tier, region) and it.state != "destroyed"
        ]
        self._note(f"tenants of {tier} {region}", [it.id for it in found])
        return tuple(found)

    def record(self, kind: type[RecordT], id_: str) -> RecordT:
        """The record of that id. Raises ``RefusedError`` where there is none."""
        found = next((it for it in self._all(kind) if cast(Any, it).id == id_), None)
        name = COLLECTIONS[kind]
        self._note(f"{name}/{id_}", None if found is None else found.model_dump(mode="json"))
        if found is None:
            raise RefusedError(f"there is nothing under {name}/{id_}", name)
        return found

    def of(self, kind: type[RecordT], tenant: str) -> tuple[RecordT, ...]:
        """A tenant's records of a kind."""
        found = tuple(it for it in self._all(kind) if cast(Any, it).tenant == tenant)
        self._note(f"{COLLECTIONS[kind]} of {tenant}", [it.model_dump(mode="json") for it in found])
        return found

    def subscription(self, tenant: str) -> SubscriptionRecord:
        """The subscription that counts. Raises ``RefusedError`` where there is none."""
        found = self.of(SubscriptionRecord, tenant)
        if not found:
            raise RefusedError(f"{tenant} has no subscription", tenant)
        return max(found, key=nouns.rank)

    def slots(self) -> tuple[SlotRecord, ...]:
        """All slots that are known: of the tenants in question, and of their tiers and regions."""
        found = self._all(SlotRecord)
        self._note("slots around", [it.model_dump(mode="json") for it in found])
        return found

    def seen_in_aws(self, question: str) -> JsonValue:
        """What AWS answered. Raises ``RefusedError`` where it was not or could not be asked: unknown is never fine."""
        answers = self._known.aws or {}
        if question not in answers:
            raise RefusedError(f"AWS was not asked: {question}; the worker has to answer first")
        self._note(question, answers[question])
        return answers[question]

    # Nouns, for the agreement

    def noun(self, tenant: TenantRecord) -> Tenant:
        """The tenant with the subscription that counts; parties by id."""
        subscriptions = self.of(SubscriptionRecord, tenant.id)
        counting = max(subscriptions, key=nouns.rank) if subscriptions else None
        return nouns.tenant(tenant, {}, counting, self.policy.default_zone)

    def exports_of(self, tenant: str) -> tuple[Export, ...]:
        return tuple(nouns.export(it) for it in self.of(ExportRecord, tenant))

    def holds_of(self, tenant: str) -> tuple[Hold, ...]:
        return tuple(nouns.hold(it) for it in self.of(HoldRecord, tenant))

    def cases_of(self, tenant: str) -> tuple[Case, ...]:
        return tuple(nouns.case(it) for it in self.of(CaseRecord, tenant))

    def tests_of(self, tenant: str) -> tuple[RecoveryTest, ...]:
        return tuple(nouns.recovery_test(it) for it in self.of(RecoveryTestRecord, tenant))

    def slot_nouns(self) -> tuple[Slot, ...]:
        return tuple(nouns.slot(it) for it in self.slots())

    def _all(self, kind: type[RecordT]) -> tuple[RecordT, ...]:
        return cast("tuple[RecordT, ...]", tuple(self._known.records.get(kind, ())))

    def _note(self, what: str, value: JsonValue) -> None:
        self._seen[what] = value


def change(steps: Steps, before: Record, says: str, undo: str | None, **members: object) -> int:
    """Adds the step that replaces a record, with ``members`` changed; a member may be ``NOW``."""
    data = before.model_dump(mode="json")
    after = {**data, **{name: _plain(value) for name, value in members.items()}}
    call = RegistryCall(method="PUT", path=_path(before), before=data, after=after)
    return steps.add(call, says, undo)


def create(steps: Steps, record: Record, says: str, undo: str | None, *, now: Iterable[str] = ()) -> int:
    """Adds the step that creates a record; the members named in ``now`` get the instant at which it is carried out."""
    after = {**record.model_dump(mode="json"), **dict.fromkeys(now, NOW)}
    return steps.add(RegistryCall(method="PUT", path=_path(record), before=None, after=after), says, undo)


def _path(record: Record) -> str:
    return f"/{COLLECTIONS[type(record)]}/{cast(Any, record).id}"


def _plain(value: object) -> JsonValue:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else cast(JsonValue, value)
