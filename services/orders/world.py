"""What an action is planned from. Whatever is read is remembered: it is what the plan rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, TypeVar, cast

from pydantic import JsonValue, ValidationError

from services.agreement import Policy, ZoneError, zone
from services.model import Case, Export, Hold, RecoveryTest, Slot, Tenant
from services.orders.base import RefusedError, Steps
from services.wire import nouns
from services.wire.operations import CaseRecord, ExportRecord, HoldRecord, RecoveryTestRecord, SlotRecord
from services.wire.orders import NOW, Asked, RegistryCall, Seen
from services.wire.registry import Record, StoreRecord, SubscriptionRecord, TenantRecord
from services.wire.rules import broken_rules

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
TENANT_TAG: Final = "tenant"
"""Where nobody says otherwise."""
LONGEST: Final = 1000
"""Characters of what is remembered by name (``Seen.what``)."""
LATE: Final = "9999-01-01T00:00:00Z"
"""What ``NOW`` is read as where a record is checked before its time: after all that it may have to follow."""


@dataclass(frozen=True, slots=True)
class Known:
    """All that the server knows of the tenants in question, and of the slots around them."""

    policy: Policy
    now: datetime
    records: Mapping[type[Record], Sequence[Record]]
    """By kind, ordered by id."""
    aws: Mapping[str, JsonValue] | None = None
    """What the worker's role saw in AWS, by question; ``None``: AWS was not asked."""
    tenant_tag: str = TENANT_TAG
    """The tag that attributes a resource to a tenant, by its id."""
    windows_in: Sequence[tuple[str, str]] = ()
    """Accounts and regions in which windows of the slot in question were made, whoever lives there now."""


class World:
    """The records as ``asked`` wants them, each read remembered. One for each plan."""

    def __init__(self, known: Known, asked: Asked) -> None:
        self.policy = known.policy
        self.now = known.now
        self.asked = asked
        self._known = known
        self._seen: dict[str, JsonValue] = {}
        self._by_id: dict[type[Record], dict[str, Record]] = {}
        self._by_tenant: dict[type[Record], dict[str, list[Record]]] = {}

    @property
    def key(self) -> str:
        """From which the ids of new records are made."""
        return self.asked.key

    @property
    def seen(self) -> tuple[Seen, ...]:
        """What was read, by what it is."""
        return tuple(Seen(what=what, value=value) for what, value in sorted(self._seen.items()))

    @contextmanager
    def telling(self) -> Iterator[None]:
        """A refusal from within tells what had been read until then."""
        try:
            yield
        except RefusedError as refused:
            refused.seen = dict(self._seen)
            raise

    @property
    def tenant_tag(self) -> str:
        """The tag that attributes a resource to a tenant; remembered, for another one finds other resources."""
        self._note("tags.tenant", self._known.tenant_tag)
        return self._known.tenant_tag

    # Fields

    def value(self, name: str) -> str | None:
        """What was typed, without blanks around; ``None`` for nothing.

        Raises ``RefusedError`` for what a step would take for the instant at which it is carried out.
        """
        value = self.asked.fields.get(name, "").strip() or None
        if value == NOW:
            raise RefusedError(f"{name} cannot be {NOW}", f"fields.{name}")
        return value

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
        """An instant with its offset, in UTC. Raises ``RefusedError``."""
        try:
            found = datetime.fromisoformat(self.needed(name))
            if found.tzinfo is None:
                raise RefusedError(f"{name} has no offset: end it with Z", f"fields.{name}")
            return found.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            if isinstance(error, RefusedError):
                raise
            raise RefusedError(f"{name} is no instant such as 2026-12-24T18:00:00Z", f"fields.{name}") from None

    def past(self, name: str) -> datetime:
        """An instant that is not to come. Raises ``RefusedError``."""
        found = self.instant(name)
        if found > self.now:
            raise RefusedError(f"{name} has not come yet", f"fields.{name}")
        return found

    def today(self, zone_name: str) -> date:
        """The day that it is in a zone: remembered, for a plan of yesterday is another one. Raises ``RefusedError``."""
        try:
            found = self.now.astimezone(zone(zone_name)).date()
        except ZoneError as error:
            raise RefusedError(str(error)) from None
        self._note(f"today in {zone_name}", found.isoformat())
        return found

    def fresh_id(self, word: str, position: int = 0) -> str:
        """The id of a new record: the same whenever the order's plan is made."""
        return f"{word}-{self.key[:12]}-{position + 1}"

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
        if kind not in self._by_id:
            self._by_id[kind] = {cast(Any, it).id: it for it in self._all(kind)}
        found = cast("RecordT | None", self._by_id[kind].get(id_))
        name = COLLECTIONS[kind]
        if (what := f"{name}/{id_}") not in self._seen:
            self._note(what, None if found is None else found.model_dump(mode="json"))
        if found is None:
            raise RefusedError(f"there is nothing under {name}/{id_}", name)
        return found

    def of(self, kind: type[RecordT], tenant: str) -> tuple[RecordT, ...]:
        """A tenant's records of a kind."""
        if kind not in self._by_tenant:
            groups = self._by_tenant[kind] = {}
            for it in self._all(kind):
                groups.setdefault(cast(Any, it).tenant, []).append(it)
        found = cast("tuple[RecordT, ...]", tuple(self._by_tenant[kind].get(tenant, ())))
        if (what := f"{COLLECTIONS[kind]} of {tenant}") not in self._seen:
            self._note(what, [it.model_dump(mode="json") for it in found])
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

    def seen_in_aws(self, question: str, means: Callable[[JsonValue], JsonValue] | None = None) -> JsonValue:
        """What AWS answered. Raises ``RefusedError`` where it was not or could not be asked: unknown is never fine.

        What ``means`` makes of the answer is remembered instead of it: what moves by itself, as a restorable time does,
        must not change the plan.
        """
        answers = self._known.aws or {}
        if question not in answers:
            raise RefusedError(f"AWS was not asked: {question}; the worker has to answer first")
        self._note(f"AWS: {question}", answers[question] if means is None else means(answers[question]))
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
        """Raises ``RefusedError`` for a name longer than any that there is, which was typed."""
        if len(what) > LONGEST:
            raise RefusedError(f"there is nothing of so long a name: {what[:40]}…")
        self._seen[what] = value


def change(steps: Steps, before: Record, says: str, undo: str | None, **members: object) -> int:
    """Adds the step that replaces a record, with ``members`` changed; a member may be ``NOW``.

    Raises ``RefusedError`` where no such record may stand.
    """
    data = before.model_dump(mode="json")
    after = {**data, **{name: _plain(value) for name, value in members.items()}}
    _checked(type(before), after)
    return steps.add(RegistryCall(method="PUT", path=_path(before), before=data, after=after), says, undo)


def create(
    steps: Steps,
    record: Record,
    says: str,
    undo: str | None,
    *,
    now: Iterable[str] = (),
    failed: Mapping[str, JsonValue] | None = None,
) -> int:
    """Adds the step that creates a record; the members named in ``now`` get the instant at which it is carried out.

    ``failed``: what differs in the record that is left where the order fails after its next step, instead of none.
    Raises ``RefusedError`` where no such record may stand.
    """
    after = {**record.model_dump(mode="json"), **dict.fromkeys(now, NOW)}
    _checked(type(record), after)
    left = None if failed is None else {**after, **failed}
    call = RegistryCall(method="PUT", path=_path(record), before=None, after=after, failed=left)
    return steps.add(call, says, undo)


def remove(steps: Steps, record: Record, says: str, undo: str | None) -> int:
    """Adds the step that deletes a record."""
    call = RegistryCall(method="DELETE", path=_path(record), before=record.model_dump(mode="json"), after=None)
    return steps.add(call, says, undo)


def made(kind: type[RecordT], /, **members: object) -> RecordT:
    """A record of what was typed. Raises ``RefusedError`` that names the member where there can be none such."""
    try:
        return kind.model_validate(members)
    except ValidationError as error:
        raise unfit(error) from None


def _checked(kind: type[Record], after: Mapping[str, JsonValue]) -> None:
    record = made(kind, **{name: LATE if value == NOW else value for name, value in after.items()})
    for part in broken_rules(cast(Any, record), cast(Any, record).id):
        raise RefusedError(f"{part.where.removeprefix('body.')} {part.what}", part.where.replace("body.", "fields."))


def unfit(error: ValidationError) -> RefusedError:
    """The refusal of text that no record can hold."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    member = ".".join(map(str, first["loc"]))
    said = first["msg"].removeprefix("Value error, ")
    return RefusedError(f"{member}: {said}", f"fields.{member}") if member else RefusedError(said)


def _path(record: Record) -> str:
    return f"/{COLLECTIONS[type(record)]}/{cast(Any, record).id}"


def _plain(value: object) -> JsonValue:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else cast(JsonValue, value)
