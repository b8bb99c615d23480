"""Plans and orders in plain lines."""

from __future__ import annotations

from datetime import timedelta

from services.orders.saying import order_lines, plan_lines, plan_title, state_words, step_lines
from services.wire.orders import (
    NOW,
    AwsCall,
    Confirmation,
    MovedClock,
    OrderState,
    RegistryCall,
    Step,
    StepProgress,
    StepState,
    TenantChange,
)
from tests.support.plans import AT, KEY, order, plan


def test_a_plan_tells_everything_before_it_happens() -> None:
    """To whom, which clocks move, the exact calls with what changes, what is typed, and that a worker does it."""
    clock = MovedClock(
        tenant="acme", clock="grace", clause="right-to-be-forgotten", before=AT, after=AT + timedelta(days=30)
    )
    made = plan(
        ["acme"],
        Confirmation.SEEN,
        approval=True,
        clocks=(clock,),
        effects=("one effect", "another"),
        warnings=("look",),
    )
    digest = f"{made.digest[:4]}…{made.digest[-2:]}"
    assert plan_lines(made) == [
        ("Given", "until = 2027-11-30"),
        ("Tenants", "acme  active, ends 2026-11-30 → active, ends 2027-11-30"),
        ("Clocks", "grace  2026-11-22T03:00:00Z → 2026-12-22T03:00:00Z  right-to-be-forgotten"),
        ("Effects", "one effect"),
        ("", "another"),
        ("Warning", "look"),
        ("Steps", "1  acme renewed to the end of 2027-11-30  undo: the old end"),
        ("", "   PUT /subscriptions/sub-acme"),
        ("", "   ended_on: 2026-11-30 → 2027-11-30"),
        ("Clause", "right-to-be-forgotten"),
        ("Confirm", "type the tenant's id: acme"),
        ("", "then a second person has to agree"),
        ("State", f"read 2026-11-22T03:00:00Z · digest {digest} · runs in the worker, not here"),
    ]


def test_a_bounded_plan_counts_what_it_leaves_out() -> None:
    """Forty tenants in a dialog are a few lines and a number, and no step is ever left out."""
    ids = [f"t-{number}" for number in range(40)]
    clocks = tuple(MovedClock(tenant=id_, clock="grace", clause="right-to-be-forgotten", before=AT) for id_ in ids)
    made = plan(ids, clocks=clocks)
    lines = plan_lines(made, most=3)
    assert ("", "and 37 more") in lines
    assert sum("renewed to the end of" in text for _, text in lines) == 40


def test_what_becomes_of_many_alike_is_said_once() -> None:
    """Their number and the change, then their ids in few lines, each of them; others keep a line of their own."""
    ids = [f"tenant-{number}" for number in range(40)]
    other = TenantChange(tenant="acme", before="grace", after="active")
    made = plan(ids)
    lines = plan_lines(made.model_copy(update={"tenants": (*made.tenants, other)}))
    assert ("Tenants", "acme  grace → active") in lines
    assert ("", "40 tenants  active, ends 2026-11-30 → active, ends 2027-11-30") in lines
    told = [text for _, text in lines if text.startswith("  tenant-")]
    assert ", ".join(line.strip().rstrip(",") for line in told).split(", ") == ids
    assert max(map(len, told)) <= 70


def test_a_call_to_aws_is_told_as_aws_names_it() -> None:
    """Operation, account, region and every parameter; what cannot be undone says so."""
    call = AwsCall(
        service="rds",
        operation="CreateDBSnapshot",
        account="111122223333",
        region="eu-central-1",
        parameters={"DBInstanceIdentifier": "orders", "Tags": [{"Key": "tenant", "Value": "acme"}]},
    )
    assert step_lines(Step(number=2, call=call, says="snapshot taken")) == [
        "2  snapshot taken  cannot be undone",
        "   rds CreateDBSnapshot  111122223333 eu-central-1",
        "   DBInstanceIdentifier: orders",
        '   Tags: [{"Key": "tenant", "Value": "acme"}]',
    ]


def test_columns_line_up() -> None:
    """Ids and clocks of several tenants stand below each other."""
    changes = tuple(
        TenantChange(tenant=id_, before=before, after="active")
        for id_, before in (("a", "grace"), ("long-id", "ended"))
    )
    clocks = (
        MovedClock(tenant="a", clock="grace", clause="c", before=AT),
        MovedClock(tenant="long-id", clock="hosted_data", clause="c", at_once=True),
    )
    lines = [
        text for _, text in plan_lines(plan(tenants=["a"]).model_copy(update={"tenants": changes, "clocks": clocks}))
    ]
    assert lines[1:5] == [
        "a        grace → active",
        "long-id  ended → active",
        "a        grace        2026-11-22T03:00:00Z → —    c",
        "long-id  hosted_data  — → when it is carried out  c",
    ]


def test_what_an_earlier_step_answers_is_named_by_its_step() -> None:
    """No placeholder is shown to a person."""
    call = AwsCall(
        service="ssm",
        operation="DeleteMaintenanceWindow",
        account="111122223333",
        region="eu-central-1",
        parameters={"WindowId": "$2.WindowId", "Name": "costs $2.50"},
    )
    assert step_lines(Step(number=3, call=call, says="gone"))[2:] == [
        "   WindowId: WindowId of step 2",
        "   Name: costs $2.50",
    ]


def test_a_new_record_is_told_whole_and_a_deleted_one_by_its_path() -> None:
    """What is created is seen before it is; the instant of carrying out is words, not a placeholder."""
    new = RegistryCall(method="PUT", path="/holds/h-1", after={"id": "h-1", "placed_at": NOW, "expires_at": None})
    assert step_lines(Step(number=1, call=new, says="placed", undo="deleted"))[1:] == [
        "   PUT /holds/h-1",
        "   id: h-1",
        "   placed_at: when it is carried out",
    ]
    gone = RegistryCall(method="DELETE", path="/holds/h-1", before={"id": "h-1"})
    assert step_lines(Step(number=1, call=gone, says="deleted"))[1:] == ["   DELETE /holds/h-1"]


def test_the_title_names_one_tenant_and_counts_several() -> None:
    """One by its id, several by their number, a group by tier and region."""
    assert plan_title(plan(["acme"])).endswith(" · Renew the subscription · acme")
    assert plan_title(plan(["acme", "contoso"])).endswith(" · 2 tenants")
    made = plan(["acme", "contoso"])
    group = made.asked.model_copy(update={"tenants": (), "fields": {"tier": "public", "region": "eu-west-1"}})
    assert plan_title(made.model_copy(update={"asked": group})).endswith(" · public eu-west-1 · 2 tenants")


def test_an_order_tells_its_steps_and_what_became_of_it() -> None:
    """Half done: which step is done and which failed, why, and the request to look for."""
    made = plan(["acme", "contoso"])
    steps = (
        StepProgress(number=1, state=StepState.STUCK, attempts=1, request_id="r-1"),
        StepProgress(number=2, state=StepState.FAILED, attempts=3, error="AccessDenied"),
    )
    told = order(made, OrderState.HALF_DONE, ticket="SO-1", failure="step 1 is left", approved_by="anna").model_copy(
        update={"steps": steps, "approved_at": AT}
    )
    assert order_lines(told) == [
        ("State", "half-done · it failed, and something of it is left"),
        ("Order", KEY),
        ("Author", "olga (operator)"),
        ("Ordered", "2026-11-22T03:01:00Z"),
        ("Ticket", "SO-1"),
        ("Agreed", "anna 2026-11-22T03:00:00Z"),
        ("Ended", "2026-11-22T03:02:00Z"),
        ("Failure", "step 1 is left"),
        ("Tenants", "acme     active, ends 2026-11-30 → active, ends 2027-11-30"),
        ("", "contoso  active, ends 2026-11-30 → active, ends 2027-11-30"),
        ("Steps", "1  stuck    acme renewed to the end of 2027-11-30  request r-1"),
        ("", "2  failed   contoso renewed to the end of 2027-11-30  tried 3 times  AccessDenied"),
        ("Digest", made.digest),
    ]


def test_a_running_order_says_at_which_step_it_is() -> None:
    """The step that runs, else the next that is pending."""
    made = plan(["acme", "contoso"])
    running = order(made, OrderState.RUNNING, [StepState.DONE, StepState.RUNNING])
    assert state_words(running) == "running · step 2 of 2: contoso renewed to the end of 2027-11-30"
    begun = order(made, OrderState.RUNNING, [StepState.PENDING, StepState.PENDING])
    assert state_words(begun) == "running · step 1 of 2: acme renewed to the end of 2027-11-30"
    assert state_words(order(made, OrderState.RUNNING)) == "running · 2 steps"
