"""What a plan is made from: everything read is remembered, and what cannot stand is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.base import RefusedError, Steps
from services.orders.world import Known, World, change, create, made, remove
from services.wire.operations import HoldRecord, SlotRecord
from services.wire.orders import NOW, RegistryCall
from services.wire.registry import StoreRecord, SubscriptionRecord, TenantRecord
from tests.services.orders.worlds import AT, KEY, acme, asked, known, subscription, tenant
from tests.support import registry


def world(*records: object, aws: dict[str, object] | None = None, now: datetime = AT, **fields: str) -> World:
    return World(known(*records, now=now, aws=aws), asked("renew", **fields))  # type: ignore[arg-type]


def test_what_is_read_is_what_the_plan_rests_on() -> None:
    """A record, a tenant's records of a kind, and the lack of a record: each by its name, with its value."""
    of = world(*acme(), tenant("other"), registry.hold("h-1", "acme"))
    of.tenant("acme")
    of.holds_of("acme")
    of.exports_of("acme")
    with pytest.raises(RefusedError, match=r"tenants/gone"):
        of.tenant("gone")
    seen = {it.what: it.value for it in of.seen}
    assert list(seen) == ["exports of acme", "holds of acme", "tenants/acme", "tenants/gone"]
    assert seen["exports of acme"] == []
    assert seen["tenants/gone"] is None
    assert isinstance(seen["holds of acme"], list)
    assert len(seen["holds of acme"]) == 1


def test_tenants_are_each_named_once() -> None:
    """A tenant that is named twice is changed once; none is refused."""
    of = World(known(tenant("a"), tenant("b")), asked("renew", "b", "a", "b"))
    assert [it.id for it in of.tenants()] == ["b", "a"]
    with pytest.raises(RefusedError) as refused:
        World(known(), asked("renew").model_copy(update={"tenants": ()})).tenants()
    assert refused.value.where == "tenants"


def test_a_group_is_remembered_by_its_members_and_leaves_out_the_destroyed() -> None:
    """A tenant that comes into the group changes what the plan rests on."""
    of = world(tenant("a"), tenant("b", "destroyed"), tenant("c", tier="dedicated"))
    assert [it.id for it in of.in_group("public", "eu-central-1")] == ["a"]
    assert [(it.what, it.value) for it in of.seen] == [("tenants of public eu-central-1", ["a"])]


def test_of_several_subscriptions_the_last_counts() -> None:
    """As everywhere else, and all of them are remembered."""
    of = world(tenant(), subscription(date(2026, 1, 1), id_="s-1"), subscription(date(2027, 1, 1), id_="s-2"))
    assert of.subscription("acme").id == "s-2"
    assert of.noun(of.tenant("acme")).ended_on == date(2027, 1, 1)
    with pytest.raises(RefusedError, match="no subscription"):
        world(tenant()).subscription("acme")


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2026-13-01", "2026-11-23", "2026-11-23T12:00:00", "9999-12-31T23:59-12:00"]
)
def test_text_that_is_no_instant(text: str) -> None:
    """Also one without an offset, and one that no calendar in UTC holds: the field is named."""
    with pytest.raises(RefusedError) as refused:
        world(at=text).instant("at")
    assert refused.value.where == "fields.at"


def test_instants_are_read_in_utc_and_the_past_has_come() -> None:
    """Whatever the offset; an instant to come is no fact."""
    assert world(at=" 2026-11-23T13:00:00+01:00 ").past("at") == AT
    assert world(at="2026-11-23T13:00:00+01:00").instant("at").tzinfo is UTC
    with pytest.raises(RefusedError, match="has not come yet"):
        world(at="2026-11-23T12:00:01Z").past("at")


def test_what_is_typed_never_becomes_the_time() -> None:
    """A step would fill in the placeholder; whoever types it is told."""
    with pytest.raises(RefusedError) as refused:
        world(reason=f" {NOW} ").needed("reason")
    assert refused.value.where == "fields.reason"


def test_choices_and_days() -> None:
    """The refusal says what may be chosen, or how a day is written."""
    with pytest.raises(RefusedError, match="one of yes, no"):
        world(it="maybe").chosen("it", ("yes", "no"))
    assert world(it="no").chosen("it", ("yes", "no")) == "no"
    assert world(until="2027-03-31").day("until") == date(2027, 3, 31)
    with pytest.raises(RefusedError, match="no day"):
        world(until="31/3/2027").day("until")


def test_the_day_that_it_is_follows_the_zone_and_is_remembered() -> None:
    """At 23:30 UTC it is tomorrow in Rome: a plan made for one day is not the plan of the other."""
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    of = world(now=late)
    assert (of.today("UTC"), of.today("Europe/Rome")) == (date(2026, 11, 23), date(2026, 11, 24))
    assert [it.value for it in of.seen] == ["2026-11-24", "2026-11-23"]
    with pytest.raises(RefusedError, match="unknown time zone"):
        of.today("Mars/Olympus")


def test_aws_that_was_not_asked_is_never_fine() -> None:
    """Neither where nobody asked nor where something else was asked."""
    answers: list[dict[str, object] | None] = [None, {}, {"stores of other": []}]
    for aws in answers:
        with pytest.raises(RefusedError, match="AWS was not asked"):
            world(aws=aws).seen_in_aws("stores of acme")


def test_what_an_answer_means_is_remembered_instead_of_it() -> None:
    """What moves by itself changes no plan; the action still gets the answer."""
    of = world(aws={"q": {"at": 7}})
    assert of.seen_in_aws("q", lambda answer: answer is not None) == {"at": 7}
    assert [(it.what, it.value) for it in of.seen] == [("AWS: q", True)]


def test_new_ids_follow_from_the_order() -> None:
    """Made again it is the same record; of several each has its own."""
    of = world()
    assert [of.fresh_id("hold", place) for place in (0, 1)] == [f"hold-{KEY[:12]}-1", f"hold-{KEY[:12]}-2"]


def test_steps_hold_the_record_before_and_after() -> None:
    """Members that do not change stay; instants, days and the placeholder are as JSON has them."""
    steps = Steps()
    change(steps, subscription(), "renewed", "again", ended_on=date(2027, 1, 1), termination_confirmed_at=NOW)
    create(steps, registry.hold("h-1", "acme"), "placed", "deleted", now=("placed_at",))
    remove(steps, registry.hold("h-2", "acme"), "gone", "there again")
    one, two, three = (step.call for step in steps.all)
    assert isinstance(one, RegistryCall)
    assert isinstance(two, RegistryCall)
    assert isinstance(three, RegistryCall)
    assert (one.method, one.path) == ("PUT", "/subscriptions/sub-acme")
    assert one.before is not None
    assert one.after is not None
    assert one.after == one.before | {"ended_on": "2027-01-01", "termination_confirmed_at": NOW}
    assert two.before is None
    assert two.after is not None
    assert two.after["placed_at"] == NOW
    assert (three.method, three.after) == ("DELETE", None)
    assert three.before is not None
    assert [step.number for step in steps.all] == [1, 2, 3]


def test_a_record_that_could_not_stand_is_no_step() -> None:
    """What the server would refuse when it is carried out is refused when it is planned, by its member."""
    with pytest.raises(RefusedError) as refused:
        change(Steps(), subscription(), "x", None, ended_on=date(2020, 1, 1))
    assert refused.value.where == "fields.ended_on"
    with pytest.raises(RefusedError) as refused:
        change(Steps(), subscription(), "x", None, order="x" * 1001)
    assert refused.value.where == "fields.order"
    with pytest.raises(RefusedError) as refused:
        made(HoldRecord, id="h", tenant="acme", basis="not an id", owner="o", reason="r", placed_at=AT)
    assert refused.value.where == "fields.basis"


def test_a_new_record_keeps_the_rules_too() -> None:
    """Of its shape it is right; no clock knows its zone."""
    with pytest.raises(RefusedError) as refused:
        create(Steps(), registry.slot("s-1", "acme", zone="Mars/Olympus"), "x", None)
    assert refused.value.where == "fields.zone"


def test_an_answer_of_aws_and_a_collection_of_the_same_words_are_two_things() -> None:
    """The stores of a tenant by the registry, and by AWS."""
    of = world(registry.store("m-1", "acme", "acme"), aws={"stores of acme": []})
    of.seen_in_aws("stores of acme")
    of.of(StoreRecord, "acme")
    assert [it.what for it in of.seen] == ["AWS: stores of acme", "stores of acme"]


def test_a_refusal_over_several_members_names_none() -> None:
    """The reason stands alone, without pydantic's own words before it."""
    slot = registry.slot("s-1", "acme").model_dump()
    with pytest.raises(RefusedError, match=r"^a slot ends after it starts$") as refused:
        made(SlotRecord, **{**slot, "ends_at": slot["starts_at"]})
    assert refused.value.where is None


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_a_field(text: str) -> None:
    """Anything typed is a value or a refusal that names the field."""
    try:
        of = World(Known(world().policy, AT, {}), asked("renew", it=text))
    except ValueError:  # U+0000, which no request may hold
        assert "\0" in text
        return
    for read in (of.needed, of.day, of.instant):
        try:
            where = "fields.it" if read("it") else None
        except RefusedError as refused:
            where = refused.where
        assert where == "fields.it"


def test_kinds_are_told_apart() -> None:
    """A tenant is looked for among tenants alone."""
    of = world(*acme())
    assert of.record(TenantRecord, "acme").id == "acme"
    with pytest.raises(RefusedError, match="subscriptions/acme"):
        of.record(SubscriptionRecord, "acme")
