"""Records into tenants and mappings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from services.internal.answer import COLLECTIONS
from services.internal.join import Readings, join
from services.internal.pages import Reading
from services.internal.reading import RECORDS
from services.internal.records import Bad, RecordT
from services.model import (
    BadRecord,
    LifecycleState,
    Observation,
    Outcome,
    Source,
    StoreMapping,
    Tenant,
    acknowledgement_id,
)
from services.wire.registry import PartyRecord, StoreRecord, SubscriptionRecord, TenantRecord
from tests.support.api import AT
from tests.support.registry import ACCOUNT, busy_registry, party, slot, small_registry, store, subscription, tenant


def reading(collection: str, records: Iterable[RecordT]) -> Reading[RecordT]:
    return Reading(collection, records=list(enumerate(records)))


def readings(
    tenants: Sequence[TenantRecord] = (),
    subscriptions: Sequence[SubscriptionRecord] = (),
    parties: Sequence[PartyRecord] = (),
    stores: Sequence[StoreRecord] = (),
) -> Readings:
    return Readings(
        reading("tenants", tenants),
        reading("subscriptions", subscriptions),
        reading("parties", parties),
        reading("stores", stores),
    )


def observed(*answered: str) -> tuple[Observation[tuple[str, ...]], ...]:
    """One observation a collection; those not named have failed."""
    return tuple(
        Observation(Source("internal", f"GET /{name}"), AT, Outcome.SEEN if name in answered else Outcome.FAILED)
        for name in COLLECTIONS
    )


ALL = observed(*COLLECTIONS)


def test_a_registry_becomes_tenants_with_names_and_dates() -> None:
    """Parties by name, the subscription's members on the tenant, the default zone where none is given."""
    small = small_registry()
    answer = join(readings(small.tenants, small.subscriptions, small.parties, small.stores), ALL, "Europe/Rome")
    assert answer.bad == ()
    assert answer.tenants[1] == Tenant(
        id="fabrikam",
        name="Fabrikam",
        tier="public",
        region="eu-central-1",
        account=ACCOUNT,
        zone="Europe/Rome",
        state=LifecycleState.GRACE,
        customer="Northwind",
        order="SO-20418",
        reseller="Nordcom",
        service_provider="Telco",
        sp_end_customers=("Lumen",),
        started_on=date(2024, 1, 1),
        ended_on=date(2026, 10, 24),
        termination_confirmed_at=datetime(2026, 11, 1, 8, tzinfo=UTC),
    )
    arn = f"arn:aws:rds:eu-central-1:{ACCOUNT}:db:"
    assert answer.stores == (
        StoreMapping("acme", f"{arn}orders"),
        StoreMapping("fabrikam", f"{arn}shared", "fabrikam"),
    )


@pytest.mark.parametrize(
    ("ends", "chosen"),
    [
        ([date(2026, 1, 1), date(2027, 1, 1), date(2025, 1, 1)], "sub-1"),
        ([date(2027, 1, 1), None, date(2030, 1, 1)], "sub-1"),
        ([None, date(9999, 12, 31)], "sub-0"),
        ([date(2026, 1, 1)], "sub-0"),
    ],
)
def test_of_several_subscriptions_the_last_to_end_counts(ends: list[date | None], chosen: str) -> None:
    """One without an end comes before all."""
    subscriptions = [
        subscription(f"sub-{number}", "acme", end, order=f"sub-{number}", started_on=date(2024, 1, 9 - number))
        for number, end in enumerate(ends)
    ]
    answer = join(readings([tenant("acme")], subscriptions, [party("northwind")]), ALL, "UTC")
    assert answer.tenants[0].order == chosen


def test_of_subscriptions_that_end_together_the_later_one_counts() -> None:
    """The one that started last."""
    end = date(2027, 1, 1)
    pair = [
        subscription("sub-a", "acme", end, started_on=date(2025, 1, 1), order="later"),
        subscription("sub-b", "acme", end, started_on=date(2024, 1, 1), order="earlier"),
    ]
    for order in (pair, pair[::-1]):
        answer = join(readings([tenant("acme")], order, [party("northwind")]), ALL, "UTC")
        assert answer.tenants[0].order == "later"


def test_a_tenant_without_a_subscription_stays() -> None:
    """It has no dates, and that may be believed, since all subscriptions were read."""
    answer = join(readings([tenant("acme")], [], [party("northwind")]), ALL, "UTC")
    assert (answer.tenants[0].started_on, answer.tenants[0].ended_on) == (None, None)
    assert answer.doubt("acme") is None


def test_a_reference_to_no_party_is_told_and_the_tenant_stays() -> None:
    """The id stands in the place of the name, and each such reference is a bad record."""
    record = tenant("acme", customer="ghost", sp_end_customers=("northwind", "phantom"))
    answer = join(readings([record], [], [party("northwind")]), ALL, "UTC")
    assert (answer.tenants[0].customer, answer.tenants[0].sp_end_customers) == ("ghost", ("Northwind", "phantom"))
    assert answer.bad == (
        BadRecord("tenants", "acme", 0, "customer: there is no party ghost"),
        BadRecord("tenants", "acme", 0, "sp_end_customers: there is no party phantom"),
    )


@pytest.mark.parametrize("zone", ["Europe/Atlantis", "../../etc/passwd", "/etc/passwd", "Europe", "\x1b[31m", "\x00"])
def test_a_tenant_of_an_unknown_zone_is_a_bad_record(zone: str) -> None:
    """None of its clocks could be shown right; the others stay, and its mapping is still there."""
    records = [tenant("acme", zone=zone), tenant("fabrikam")]
    stores = [store("s", "acme", "orders")]
    answer = join(readings(records, [], [party("northwind")], stores), ALL, "UTC")
    assert [one.id for one in answer.tenants] == ["fabrikam"]
    assert [(one.collection, one.id) for one in answer.bad] == [("tenants", "acme")]
    assert [mapping.tenant for mapping in answer.stores] == ["acme"]


def test_strays_are_told() -> None:
    """A subscription and a mapping of a tenant that does not exist; the mapping stays."""
    answer = join(readings([], [subscription("sub", "gone")], [], [store("s", "gone", "orders")]), ALL, "UTC")
    assert [(one.collection, one.id, one.reason) for one in answer.bad] == [
        ("subscriptions", "sub", "tenant: there is no tenant gone"),
        ("stores", "s", "tenant: there is no tenant gone"),
    ]
    assert len(answer.stores) == 1


def test_what_names_a_bad_tenant_is_no_stray() -> None:
    """One bad record does not make others look bad."""
    made = readings([], [subscription("sub", "acme")])
    made.tenants.bad.append(Bad(BadRecord("tenants", "acme", 0, "tier: missing")))
    assert [one.id for one in join(made, ALL, "UTC").bad] == ["acme"]


@pytest.mark.parametrize("failed", ["parties", "tenants"])
def test_references_into_what_was_not_read_are_not_judged(failed: str) -> None:
    """What could not be read is no absence."""
    seen = observed(*(name for name in COLLECTIONS if name != failed))
    record = tenant("acme", customer="ghost") if failed == "parties" else tenant("acme")
    parties = [] if failed == "parties" else [party("northwind")]
    answer = join(
        readings([record], [subscription("sub", "gone" if failed == "tenants" else "acme")], parties), seen, "UTC"
    )
    assert answer.bad == ()
    assert not answer.answered(failed)


def test_dates_are_doubtful_where_subscriptions_are() -> None:
    """All of them if the collection was not read, one tenant's if a bad record names it."""
    assert join(readings([tenant("acme")]), observed("tenants", "parties"), "UTC").doubt("acme")
    made = readings([tenant("acme"), tenant("fabrikam")], [], [party("northwind")])
    made.subscriptions.bad.append(Bad(BadRecord("subscriptions", "sub", 0, "ended_on: no date"), "acme"))
    answer = join(made, ALL, "UTC")
    assert answer.doubt("acme") == "subscription: ended_on: no date"
    assert answer.doubt("fabrikam") is None


def busy_readings() -> Readings:
    """All collections as the busy registry has them."""
    busy = busy_registry()
    made = readings(busy.tenants, busy.subscriptions, busy.parties, busy.stores)
    for record in busy.operations:
        name = next(one.collection for one in made.operations() if isinstance(record, dict(RECORDS)[one.collection]))
        target = next(one for one in made.operations() if one.collection == name)
        target.records.append((len(target.records), record))
    return made


def test_what_happens_with_tenants_becomes_nouns() -> None:
    """Every member arrives, the mark of where a test was recorded with it."""
    answer = join(busy_readings(), ALL, "UTC")
    assert answer.bad == ()
    assert [(one.id, one.tenant, one.progress) for one in answer.exports] == [("export-1", "fabrikam", 0.5)]
    assert [(one.id, one.scope) for one in answer.slots] == [("slot-1", "public eu-central-1"), ("slot-2", "acme")]
    assert [(one.id, one.basis, one.holds(AT)) for one in answer.holds] == [("hold-1", "member-state-law", True)]
    assert [(one.id, one.delivered_at) for one in answer.cases] == [("case-1", AT - timedelta(hours=19))]
    assert [(one.id, one.duration, one.seen_in) for one in answer.recovery_tests] == [
        ("test-1", timedelta(hours=1), "internal GET /recovery-tests")
    ]
    (ack,) = answer.acknowledgements
    assert (ack.id, ack.by) == (acknowledgement_id("acme", "case.case-1"), "operator@example.org")


def test_every_member_of_a_record_reaches_its_noun() -> None:
    """No field is forgotten on the way, but those that a noun does not have."""
    made = busy_readings()
    answer = join(made, ALL, "UTC")
    pairs = (
        (made.exports, answer.exports),
        (made.slots, answer.slots),
        (made.holds, answer.holds),
        (made.cases, answer.cases),
        (made.recovery_tests, answer.recovery_tests),
        (made.acknowledgements, answer.acknowledgements),
    )
    for read, nouns in pairs:
        for (_, record), noun in zip(read.records, nouns, strict=True):
            members = dict(record)
            shared = {name for name in members if hasattr(noun, name)}
            assert members.keys() - shared <= {"tenant"}
            assert {name: getattr(noun, name) for name in shared} == {name: members[name] for name in shared}


def test_what_names_no_tenant_is_a_bad_record_and_stays() -> None:
    """An export, a slot, a hold, a case, a test, an acknowledgement of a tenant that does not exist."""
    made = busy_readings()
    made.tenants.records.clear()
    answer = join(made, ALL, "UTC")
    assert {one.collection for one in answer.bad} == {*COLLECTIONS} - {"tenants", "parties"}
    assert {one.reason for one in answer.bad} == {f"tenant: there is no tenant {name}" for name in ("acme", "fabrikam")}
    assert len(answer.exports) == len(answer.holds) == len(answer.cases) == 1
    assert len(answer.slots) == 2


def test_a_slot_of_an_unknown_zone_is_a_bad_record() -> None:
    """Its local time cannot be told; the others stay."""
    made = readings([tenant("acme")], [], [party("northwind")])
    made.slots.records.extend([(0, slot("s1", "acme", zone="Mars/Base")), (1, slot("s2", "acme"))])
    answer = join(made, ALL, "UTC")
    assert [one.id for one in answer.slots] == ["s2"]
    assert answer.bad == (BadRecord("slots", "s1", 0, "zone: there is no IANA time zone Mars/Base"),)


def test_a_bad_record_makes_its_tenants_collection_doubtful() -> None:
    """Of that collection and that tenant alone, where the record tells whose it is."""
    made = readings([tenant("acme")], [], [party("northwind")])
    made.holds.bad.append(Bad(BadRecord("holds", "h", 0, "basis: missing"), "acme"))
    made.cases.bad.append(Bad(BadRecord("cases", None, 0, "record: no object")))
    answer = join(made, ALL, "UTC")
    assert {name: dict(of) for name, of in answer.doubtful.items() if of} == {"holds": {"acme": "basis: missing"}}
