"""What has to hold of every plan over the registry."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screens.frame import FrameScreen
from screens.tenant import TenantScreen
from screens.widgets.stops import Stops
from services.agreement import TransitionRefusedError, transition, transitions
from services.model import LifecycleState
from services.orders.actions import ACTIONS, EVERY, backup, failover, maintenance, restores
from services.orders.base import RefusedError
from services.orders.planning import make_plan
from services.orders.world import World
from services.wire.orders import Asked, RegistryCall, differences, plan_digest
from services.wire.registry import Record, SubscriptionRecord, TenantRecord
from tests.services.agreement.policies import DEFAULT
from tests.services.orders.catalogue import DB, EXAMPLES, LATER, NAMES, Example, at
from tests.services.orders.worlds import KEY, acme, asked, becomes, calls, carried_out, known, plan, refusal, tenant
from tests.support import registry

IN_AWS = (*maintenance.ACTIONS, *backup.ACTIONS, *failover.ACTIONS, *restores.ACTIONS)
OURS = [action for action in EVERY if action not in IN_AWS]
every = pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)


def test_every_action_over_the_registry_has_its_example() -> None:
    """So that what is proved below is proved of all."""
    assert sorted(NAMES) == sorted(action.name for action in OURS)


@every
def test_made_twice_it_is_the_same_plan_also_while_time_passes(example: Example) -> None:
    """The server makes it again when it is handed over and when it is approved: nothing in it follows the clock."""
    made = example.plan()
    again = example.plan(at(example, example.given.now + LATER))
    assert again.digest == made.digest == plan_digest(made)
    assert again.model_copy(update={"made_at": made.made_at}) == made


def _others(record: Record) -> Record:
    """The record with a member changed that no rule looks at."""
    for member in ("name", "order", "owner", "summary", "requester", "reference", "part"):
        if member in type(record).model_fields:
            return record.model_copy(update={member: f"{getattr(record, member)} and more"})
    raise AssertionError(record)


@every
def test_a_plan_rests_on_whatever_it_read_and_on_nothing_else(example: Example) -> None:
    """A record that it read, changed in any member: another digest, and the difference is told. One that it did not
    read makes no difference."""
    made = example.plan()
    for kind, records in example.given.records.items():
        for index, record in enumerate(records):
            changed = [*records[:index], _others(record), *records[index + 1 :]]
            other = example.plan(replace(example.given, records={**example.given.records, kind: changed}))
            read = _was_read(made, record)
            assert (other.digest != made.digest, bool(differences(made, other))) == (read, read)


def _was_read(made: Any, record: Record) -> bool:
    data = record.model_dump(mode="json")
    return any(
        it.value == data or (isinstance(it.value, list) and any(one == data for one in it.value)) for it in made.seen
    )


@every
def test_a_plan_rests_on_its_tenant_and_on_every_record_that_it_replaces(example: Example) -> None:
    """Nothing is written over that was not read."""
    made = example.plan()
    seen = {it.what: it.value for it in made.seen}
    assert "tenants/acme" in seen
    listed = [one for value in seen.values() if isinstance(value, list) for one in value]
    for call in calls(made):
        assert call.before is None or call.before in [*seen.values(), *listed]


@every
def test_only_the_tenant_that_is_named_is_written(example: Example) -> None:
    """Each step's record is the tenant's own."""
    for call in calls(example.plan()):
        record = call.after or call.before or {}
        assert record.get("tenant", record["id"]) == "acme"


@every
def test_every_step_says_what_it_does_and_how_it_is_undone(example: Example) -> None:
    """Nothing over the registry is beyond undoing; what is undone is as it was."""
    made = example.plan()
    assert made.steps
    assert all(step.says and step.undo for step in made.steps)
    assert all(change.before != change.after for change in made.tenants)
    assert all(becomes(call) for call in calls(made))


@every
def test_carried_out_it_is_not_planned_again(example: Example) -> None:
    """Once is once: the same order again is refused, or is about something that is there already."""
    done = carried_out(example.given, example.plan())
    try:
        again = example.plan(done)
    except RefusedError:
        return
    assert any(call.before is None and not _absent(done, call) for call in calls(again)), example.action


def _absent(of: Any, call: RegistryCall) -> bool:
    id_ = call.path.rpartition("/")[2]
    return all(record.id != id_ for records in of.records.values() for record in records)


@every
def test_a_missing_field_is_named(example: Example) -> None:
    """Each that is required, left out or blank."""
    for field in ACTIONS[example.action].fields:
        if field.required:
            for value in ({}, {field.name: "  "}):
                fields = {name: it for name, it in example.fields.items() if name != field.name} | value
                assert refusal(example.given, example.action, **fields).where == f"fields.{field.name}"


@given(st.sampled_from(EXAMPLES), st.data())
def test_anything_typed_is_a_plan_or_a_refusal(example: Example, data: st.DataObject) -> None:
    """No text of an operator is a fault of the server."""
    text = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
    odd = st.sampled_from(["9999-12-31", "0001-01-01", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "x" * 3999])
    fields = dict(example.fields)
    for field in ACTIONS[example.action].fields:
        if data.draw(st.booleans()):
            fields[field.name] = data.draw(text | odd)
    try:
        made = plan(example.given, example.action, **fields)
    except RefusedError:
        return
    assert plan_digest(made) == made.digest


@pytest.mark.parametrize(
    ("action", "field"), [("case-correct", "case"), ("hold-lift", "hold"), ("export-cancel", "export")]
)
def test_an_id_longer_than_any_is_refused(action: str, field: str) -> None:
    """It is told as what is not there, and its name is cut."""
    fields = {"reason": "x"} if action == "export-cancel" else {}
    with pytest.raises(RefusedError, match=f"nothing of so long a name: {field}s/x+…"):
        plan(known(*acme()), action, **fields, **{field: "x" * 3999})


STATES = st.sampled_from(LifecycleState)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
SEEN = {"store": DB, "kind": "rds-instance", "account": "1", "region": "eu-central-1", "verified": True}


@settings(max_examples=500)
@given(
    st.sampled_from(["renew", "reinstate", "disable", "dismiss", "terminate-breach", "confirm-termination"]),
    STATES,
    st.none() | DAYS,
    st.none() | INSTANTS,
    INSTANTS,
    st.lists(st.tuples(INSTANTS, st.booleans()), max_size=2),
    st.booleans(),
)
def test_no_action_plans_a_transition_that_the_agreement_refuses(
    action: str,
    state: LifecycleState,
    ended_on: date | None,
    confirmed: datetime | None,
    now: datetime,
    windows: list[tuple[datetime, bool]],
    held: bool,
) -> None:
    """Whatever the state, the end, the exports and the time: a state that a plan writes is one of the closed list, and
    its time has come."""
    exports = [
        registry.export(
            f"ex-{place}",
            "acme",
            state="available",
            requested_at=when - timedelta(days=1),
            available_at=when,
            complete=whole,
            delivered_at=when if whole else None,
        )
        for place, (when, whole) in enumerate(windows)
    ]
    holds = [registry.hold("h-1", "acme", placed_at=now - timedelta(days=1))] if held else []
    of = known(
        *acme(state, ended_on, termination_confirmed_at=confirmed),
        *exports,
        *holds,
        now=now,
        aws={"stores of acme": [SEEN | {"restore_point_at": now.isoformat()}]},  # type: ignore[list-item]
    )
    wanted = {action_.name: {field.name for field in action_.fields} for action_ in OURS}[action]
    fields = {"until": "2029-01-01", "breach": "b"}
    try:
        made = plan(of, action, **{name: value for name, value in fields.items() if name in wanted})
    except RefusedError:
        return
    world = World(of, asked(action))
    noun = world.noun(world.tenant("acme"))
    for call in calls(made):
        if call.path != "/tenants/acme":
            continue
        before, after = becomes(call)["state"]
        (act,) = {it.act for it in transitions(DEFAULT.policy).values() if (it.before, it.after) == (before, after)} - (
            {"terminate-for-breach"} if action == "dismiss" else {"dismiss"}
        )
        try:
            transition(noun, act, DEFAULT.policy, now, exports=world.exports_of("acme"), holds=world.holds_of("acme"))
        except TransitionRefusedError as refused:
            pytest.fail(f"{action} plans what is refused: {refused}")


def test_what_is_asked_wrongly_is_refused_with_its_place() -> None:
    """No such action, no such field, more tenants than it takes, a tenant that there is not, and none."""
    of = known(*acme(), tenant("beta"))
    assert refusal(of, "destroy-all").where == "action"
    assert refusal(of, "disable", colour="red").where == "fields.colour"
    assert refusal(of, "case-correct", "acme", "beta", case="c-1").where == "tenants"
    assert refusal(of, "disable", "gamma").where == "tenants"
    with pytest.raises(RefusedError) as refused:
        make_plan(of, Asked(key=KEY, action="disable"))
    assert refused.value.where == "tenants"


def test_the_second_person_is_asked_for_what_the_agreement_says() -> None:
    """Termination for breach, reinstatement, and a hold's removal."""
    assert {example.action for example in EXAMPLES if example.plan().approval} == {
        "terminate-breach",
        "reinstate",
        "hold-lift",
    }


def test_what_the_tenant_notices_is_confirmed_by_its_id() -> None:
    """Disable, block, conduct; nothing over the registry is irreversible."""
    by = {example.action: example.plan().confirmation for example in EXAMPLES}
    assert {name for name, confirmation in by.items() if confirmation == "seen"} == {
        "disable",
        "dismiss",
        "terminate-breach",
        "case-disable",
    }
    assert "irreversible" not in by.values()


def test_another_key_is_another_plan() -> None:
    """Two orders of the same act make records of their own."""
    of = known(*acme())
    fields = {"basis": "union-law", "owner": "o", "reason": "r"}
    one, two = (
        make_plan(of, Asked(key=key, action="hold-place", tenants=("acme",), fields=fields)) for key in (KEY, KEY[::-1])
    )
    assert one.digest != two.digest
    assert calls(one)[0].path != calls(two)[0].path


def test_mnemonics_are_each_one_actions_and_none_of_the_consoles() -> None:
    """A key that asks for an order does nothing else on the tenant's page, and none is ``x``."""
    keys = [action.key for action in EVERY if action.key is not None]
    assert len(keys) == len(set(keys))
    taken = {
        key
        for screen in (TenantScreen, FrameScreen, Stops)
        for binding in screen.BINDINGS
        if not getattr(binding, "action", "").startswith("order(")
        for key in getattr(binding, "key", "").split(",")
    }
    reserved = {"S", "Y", "G", "x"}
    assert not set(keys) & (taken | reserved)
    assert all(re.fullmatch(r"[A-Z]", key) for key in keys)


def test_labels_fit_and_names_are_the_command_lines() -> None:
    """A label has ten cells in the form; a field's name is an option."""
    assert len(ACTIONS) == len(EVERY)
    for action in EVERY:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", action.name)
        assert action.title[0].isupper()
        for field in action.fields:
            assert len(field.label) <= 10, (action.name, field.label)
            assert re.fullmatch(r"[a-z][a-z_]*", field.name)
            assert (field.kind == "choice") == bool(field.choices)
            assert field.collection is None or field.kind == "record"


def test_of_several_subscriptions_the_one_that_counts_is_written() -> None:
    """As everywhere: the last to end."""
    of = known(
        TenantRecord.model_validate(tenant(state="grace")),
        registry.subscription("s-1", "acme", date(2026, 10, 31)),
        registry.subscription("s-2", "acme", date(2025, 10, 31)),
    )
    assert [call.path for call in calls(plan(of, "renew", until="2027-10-31"))] == [
        "/subscriptions/s-1",
        "/tenants/acme",
    ]
    assert {type(record) for records in of.records.values() for record in records} == {TenantRecord, SubscriptionRecord}
