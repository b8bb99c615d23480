"""What a file of tenants would change in the registry: a difference, or mistakes by row. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from services.internal.answer import RegistryRecords
from services.upkeep.rows import PARTY_COLUMNS, SUBSCRIPTION_COLUMNS, TENANT_COLUMNS, Party, Row, RowError
from services.wire.imports import ImportRequest, state_digest
from services.wire.nouns import rank
from services.wire.registry import (
    ACCOUNT_ID,
    ARN,
    ID,
    REGION,
    PartyRecord,
    StoreRecord,
    SubscriptionRecord,
    TenantRecord,
)
from services.wire.rules import broken_rules

RecordT = TypeVar("RecordT", PartyRecord, TenantRecord, SubscriptionRecord, StoreRecord)

KINDS: Final[Mapping[str, str]] = {
    "customer": "customer",
    "reseller": "reseller",
    "service_provider": "service-provider",
    "sp_end_customers": "sp-end-customer",
}
"""What a party is, by the column that names it."""

WANTED: Final[Mapping[str, str]] = {
    ID: "is no id: letters, digits and . _ - alone",
    ACCOUNT_ID: "is no AWS account: 12 digits",
    REGION: "is no AWS region, such as eu-central-1",
    ARN: "is no ARN, such as arn:aws:rds:eu-central-1:111122223333:db:orders",
}
"""What is said of a value, by the pattern that it breaks."""


@dataclass(frozen=True, slots=True)
class Change:
    """One member of one record that would be another; of a new record all that it holds."""

    where: str
    """The row that asks for it."""
    collection: str
    id: str
    tenant: str | None
    change: str
    """``create``, ``replace``."""
    member: str | None
    """``None``: the record is new."""
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do."""

    changes: tuple[Change, ...] = ()
    errors: tuple[RowError, ...] = ()
    request: ImportRequest | None = None
    """``None`` where there is a mistake, or nothing to do."""
    rows: int = 0
    absent: int = 0
    """Tenants of the registry that the file does not name: they stay as they are."""

    @property
    def digest(self) -> str:
        """Stands for what would be done and onto what: 16 hex digits."""
        text = self.request.model_dump_json() if self.request else ""
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def make_plan(rows: Sequence[Row], errors: Iterable[RowError], current: RegistryRecords, tiers: Sequence[str]) -> Plan:
    """Compare the rows with the registry. ``errors`` are those already found in the file; ``tiers`` the policy's.

    A tenant that the registry does not have is created; of one that it has, only the columns that are there change.
    The subscription is the one that the row names, or the one that counts, or a new one under the tenant's id. Store
    mappings are added. Nothing is deleted, and no tenant's state is changed: that follows from what was done, not from
    a file. With one mistake there is nothing to send.
    """
    planner = _Planner(current, tuple(tiers), list(errors))
    planner.read(rows)
    absent = len(current.tenants.keys() - {row.id for row in rows})
    request = None if planner.errors or not planner.changes else planner.request()
    return Plan(tuple(planner.changes), tuple(planner.errors), request, len(rows), absent)


@dataclass(slots=True)
class _Planner:
    current: RegistryRecords
    tiers: tuple[str, ...]
    errors: list[RowError]
    changes: list[Change] = field(default_factory=list)
    parties: dict[str, PartyRecord] = field(default_factory=dict)
    """As they would stand, those that the file names."""
    written: dict[str, dict[str, BaseModel]] = field(default_factory=dict)
    mapped: set[tuple[str, str, str | None]] = field(default_factory=set)
    counting: dict[str, SubscriptionRecord] = field(default_factory=dict)

    def read(self, rows: Sequence[Row]) -> None:
        for subscription in self.current.subscriptions.values():
            other = self.counting.get(subscription.tenant)
            if other is None or rank(subscription) > rank(other):
                self.counting[subscription.tenant] = subscription
        self.mapped = {(it.tenant, it.store, it.part) for it in self.current.stores.values()}
        for row in rows:
            for column, party in _parties(row):
                self._name(row, column, party)
        seen: dict[str, str] = {}
        for row in rows:
            if row.id in seen:
                self._mistake(row, "id", f"the tenant {row.id} stands on {seen[row.id]} already")
                continue
            seen[row.id] = row.where
            self._row(row)

    def request(self) -> ImportRequest:
        state = [
            (name, id_, cast("Mapping[str, BaseModel]", getattr(self.current, name)).get(id_))
            for name, records in self.written.items()
            for id_ in records
        ]
        records = {name: tuple(records.values()) for name, records in self.written.items()}
        return ImportRequest(digest=state_digest(state), **cast("dict[str, Any]", records))

    def _name(self, row: Row, column: str, party: Party) -> None:
        """A party that a row names: known with that kind, or told with a name."""
        known = self.parties.get(party.id) or self.current.parties.get(party.id)
        kind = KINDS[column]
        if known is not None and known.kind != kind:
            self._mistake(row, column, f"the party {party.id} is of kind {known.kind}, not {kind}")
            return
        if party.name is None:
            return
        told = self.parties.get(party.id)
        if told is not None and told.name != party.name:
            self._mistake(row, column, f"the party {party.id} has another name in another row")
            return
        values = {"id": party.id, "kind": kind, "name": party.name}
        record = self._valid(row, PartyRecord, values, {"id": column, "name": column})
        if record is not None and told is None:
            self.parties[party.id] = record
            self._put(row, "parties", record, self.current.parties.get(party.id), None)

    def _row(self, row: Row) -> None:
        for column, party in _parties(row):
            if party.id not in self.parties and party.id not in self.current.parties:
                self._mistake(row, column, f"there is no party {party.id}; to make it: {party.id}=Name")
        before = self.current.tenants.get(row.id)
        values: dict[str, Any] = before.model_dump(mode="json") if before else {"id": row.id, "state": "active"}
        values |= {column: row.values[column] for column in TENANT_COLUMNS if column in row.values}
        values |= {column: party.id if party else None for column, party in row.parties.items()}
        if row.sp_end_customers is not None:
            values["sp_end_customers"] = [party.id for party in row.sp_end_customers]
        if row.links is not None:
            values["links"] = list(row.links)
        record = self._valid(row, TenantRecord, values)
        if record is None:
            return
        if record.tier not in self.tiers and (before is None or before.tier != record.tier):
            self._mistake(row, "tier", f"there is no tier {record.tier}; there are {', '.join(self.tiers)}")
        if before is not None and before.state is not record.state:
            reason = f"it is {before.state} in the registry, and an import changes no state: leave the column out"
            self._mistake(row, "state", reason)
        self._put(row, "tenants", record, before, row.id)
        self._subscription(row)
        self._stores(row)

    def _subscription(self, row: Row) -> None:
        given = {column: row.values[column] for column in SUBSCRIPTION_COLUMNS if column in row.values}
        named = row.values.get("subscription")
        if not given and named is None:
            return
        before = self.current.subscriptions.get(named) if named else self.counting.get(row.id)
        id_ = named or (before.id if before else row.id)
        other = before or self.current.subscriptions.get(id_)
        if other is not None and other.tenant != row.id:
            reason = f"the subscription {id_} is {other.tenant}'s; name another in the column subscription"
            self._mistake(row, "subscription", reason)
            return
        taken = self.written.get("subscriptions", {}).get(id_)
        if taken is not None:
            self._mistake(row, "subscription", f"the subscription {id_} is another row's already")
            return
        values = (before.model_dump(mode="json") if before else {"id": id_, "tenant": row.id}) | given
        record = self._valid(row, SubscriptionRecord, values, {"id": "subscription", "tenant": "id"})
        if record is not None:
            self._put(row, "subscriptions", record, before, row.id)

    def _stores(self, row: Row) -> None:
        for mapped in row.stores:
            key = (row.id, mapped.store, mapped.part)
            if key in self.mapped:
                continue
            digest = hashlib.sha256("\0".join(part or "" for part in key).encode("utf-8", "replace")).hexdigest()
            id_ = f"{row.id[:47]}-{digest[:16]}"
            values = {"id": id_, "tenant": row.id, "store": mapped.store, "part": mapped.part}
            record = self._valid(row, StoreRecord, values, {"store": "stores", "part": "stores"})
            if record is not None:
                self.mapped.add(key)
                self._put(row, "stores", record, None, row.id)

    def _valid(
        self, row: Row, record: type[RecordT], values: Mapping[str, object], columns: Mapping[str, str] | None = None
    ) -> RecordT | None:
        """The record of these values, judged as the server will; ``None`` where the row has a mistake."""
        columns = columns or {}
        try:
            # through JSON: of Python's own objects the strict mode would take no date from a word
            made = record.model_validate_json(json.dumps(values), strict=True)
        except ValidationError as error:
            for one in error.errors(include_url=False, include_input=False):
                member = str(one["loc"][0]) if one["loc"] else None
                self._mistake(row, columns.get(member, member) if member else None, say_mistake(one))
            return None
        broken = broken_rules(made, made.id)
        for part in broken:
            member = part.where.removeprefix("body.")
            self._mistake(row, columns.get(member, member), part.what)
        return None if broken else made

    def _put(self, row: Row, collection: str, after: RecordT, before: RecordT | None, tenant: str | None) -> None:
        if after == before:
            return
        self.written.setdefault(collection, {})[after.id] = after
        new = after.model_dump(mode="json")
        if before is None:
            held = {name: value for name, value in new.items() if value not in (None, []) and name != "id"}
            self.changes.append(Change(row.where, collection, after.id, tenant, "create", None, None, _text(held)))
            return
        old = before.model_dump(mode="json")
        self.changes += [
            Change(row.where, collection, after.id, tenant, "replace", name, _text(old[name]), _text(new[name]))
            for name in new
            if old[name] != new[name]
        ]

    def _mistake(self, row: Row, column: str | None, what: str) -> None:
        self.errors.append(RowError(row.where, column, what))


def say_mistake(error: ErrorDetails) -> str:
    """What is wrong with a value, in the words of whoever fills a file and not of a schema."""
    return WANTED.get(str(error.get("ctx", {}).get("pattern")), error["msg"])


def _parties(row: Row) -> Iterable[tuple[str, Party]]:
    """Every party that the row names, with its column."""
    for column in PARTY_COLUMNS:
        party = row.parties.get(column)
        if party is not None:
            yield column, party
    for party in row.sp_end_customers or ():
        yield "sp_end_customers", party


def _text(value: object) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
