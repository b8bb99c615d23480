"""Pictures of ordering: menu, form, plan, what is typed, progress; look at each before it is accepted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from textual.pilot import Pilot

import screens.following
from screens.dialogs.confirmable import Stage
from screens.dialogs.order import OrderScreen
from services.orders.actions import ACTIONS
from services.wire.orders import (
    Asked,
    AwsCall,
    Confirmation,
    MovedClock,
    OrderState,
    Plan,
    RegistryCall,
    Step,
    StepState,
    TenantChange,
    plan_digest,
)
from tests.support.console import Answers, console, settled, typed
from tests.support.dialogs import DISMISS, operator, page, said, with_orders
from tests.support.ordering import FakeDesk, refusal
from tests.support.pilot import until
from tests.support.plans import AT, order, plan
from tests.support.shots import LARGE, SMALL, Compare, drawn

SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
KEY = "41aa" + "0" * 26 + "07"


@pytest.fixture(autouse=True)
def _same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of an order, from which its plan's digest is made, is the same at every run."""
    monkeypatch.setattr("screens.dialogs.order_form.secrets.token_hex", lambda _: KEY)
    monkeypatch.setattr(screens.following, "EVERY_S", 0.01)


def whole(asked: Asked) -> Plan:
    """A plan in which everything has its place, and some of it comes from outside."""
    windows: dict[str, Any] = {"WindowId": "mw-0c50858d01EXAMPLE", "Enabled": False}
    calls = (
        RegistryCall(
            method="PUT",
            path="/tenants/fabrikam",
            before={"id": "fabrikam", "state": "grace"},
            after={"id": "fabrikam", "state": "dismissed"},
        ),
        AwsCall(
            service="ssm",
            operation="UpdateMaintenanceWindow",
            account="111122223333",
            region="eu-central-1",
            parameters=windows,
        ),
    )
    action = ACTIONS[asked.action]
    made = plan(
        asked.tenants,
        action.confirmation,
        key=asked.key,
        asked=asked,
        title=action.title,
        clause=action.clause,
        approval=action.name == "reinstate",
        steps=(
            Step(number=1, call=calls[0], says="fabrikam is dismissed", undo="grace again"),
            Step(number=2, call=calls[1], says="window mw-0c50858d01EXAMPLE \x1b[2Jswitched off", undo=None),
        ),
        clocks=(
            MovedClock(tenant="fabrikam", clock="grace", clause="right-to-be-forgotten", before=AT, at_once=True),
            MovedClock(
                tenant="fabrikam",
                clock="hosted_data",
                clause="right-to-be-forgotten",
                before=AT + timedelta(days=62),
                after=AT + timedelta(days=427),
            ),
        ),
        effects=("The service is enabled again, and nothing happens to the data.",),
        warnings=("fabrikam: its grace ends in 10 hours: nobody else may have renewed it meanwhile.",),
        made_at=AT,
    )
    change = TenantChange(tenant="fabrikam", before="grace until 2026-11-23T23:00:00Z", after="active")
    bare = made.model_copy(update={"tenants": (change,)})
    return bare.model_copy(update={"digest": plan_digest(bare)})


def shot(compare: Compare, desk: FakeDesk, size: tuple[int, int], *steps: object, role: str = "operator") -> bool:
    """The screen after keys, given as text or lists, and after what a step waits for."""

    async def journey(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(*typed(":tenant fabrikam"), "enter")
        for step in steps:
            if isinstance(step, str):
                await pilot.press(step)
            elif isinstance(step, list):
                await pilot.press(*step)
            elif isinstance(step, Stage):
                await until(pilot, lambda: getattr(pilot.app.screen, "stage", None) is step)  # noqa: B023 - met within the loop
            elif callable(step):
                await until(pilot, lambda: step(pilot.app))  # noqa: B023 - as above
        await drawn(pilot)

    return compare(console(operator(desk, role), area="due"), terminal_size=size, run_before=journey)


@SIZES
def test_menu(snap_compare: Compare, size: tuple[int, int]) -> None:
    """What can be done about a tenant in grace, the cursor on the third."""
    assert shot(snap_compare, FakeDesk(), size, "full_stop", "down", "down")


@SIZES
def test_form(snap_compare: Compare, size: tuple[int, int]) -> None:
    """The form of maintenance: required and optional fields, choices, the cursor in the first."""
    assert shot(snap_compare, FakeDesk(), size, "M")


@SIZES
def test_form_refused(snap_compare: Compare, size: tuple[int, int]) -> None:
    """What the server says is wrong stands beside the field and, in full, below."""
    desk = FakeDesk()
    what = "2026-11-01 is over: a renewal ends after the day on which the subscription ended"
    desk.refusals["plan"] = [refusal(409, what, ("fields.until", what))]
    refused = [*typed("2026-11-01"), "enter"]
    assert shot(snap_compare, desk, size, "R", refused, lambda app: "is over" in said(app))


@SIZES
def test_plan(snap_compare: Compare, size: tuple[int, int]) -> None:
    """A plan that can be undone: Cancel stands first, x carries out."""
    assert shot(snap_compare, FakeDesk(whole), size, "R", [*typed("2027-12-31"), "enter"], Stage.SHOWN)


@SIZES
def test_plan_typed(snap_compare: Compare, size: tuple[int, int]) -> None:
    """One that the tenant notices: its id is being typed, and was wrong."""
    wrong = ["tab", *typed("fabricam"), "enter"]
    assert shot(snap_compare, FakeDesk(whole), size, DISMISS, Stage.SHOWN, wrong)


@SIZES
def test_plan_alone(snap_compare: Compare, size: tuple[int, int]) -> None:
    """It cannot wait for a second person: what that means, by when and why; the end was too late."""
    desk = FakeDesk(lambda asked: whole(asked).model_copy(update={"approval": True}))
    late = ["B", *typed("30h"), "tab", "tab", *typed("the court waits"), "tab", "x"]
    assert shot(snap_compare, desk, size, "T", "enter", Stage.SHOWN, late, role="approver")


def test_plan_said(snap_compare: Compare) -> None:
    """Ticket and reason with what can be undone: the cursor in the reason, x only on the plan."""
    said = ["tab", *typed("OPS-4711"), "tab", *typed("asked for by phone")]
    assert shot(snap_compare, FakeDesk(whole), SMALL, "T", "enter", Stage.SHOWN, said)


def test_plan_final(snap_compare: Compare) -> None:
    """One that is final: stores and ticket are typed, too."""
    desk = FakeDesk(lambda asked: plan(asked.tenants, Confirmation.IRREVERSIBLE, asked=asked, stores=3))
    assert shot(snap_compare, desk, SMALL, DISMISS, Stage.SHOWN, ["tab", *typed("fabrikam"), "tab"])


def test_plan_stale(snap_compare: Compare) -> None:
    """What has changed since it was made stands above it."""
    desk = FakeDesk(whole)
    changed = [("plan", "tenants/fabrikam state: grace → active"), ("plan", "subscriptions/sub-1 ended_on: — → 2027")]
    desk.refusals["submit"] = [refusal(412, "stale", *changed)]
    assert shot(snap_compare, desk, SMALL, "T", "enter", Stage.SHOWN, "x", Stage.STALE)


def test_plan_refused(snap_compare: Compare) -> None:
    """There is no plan, and why."""
    desk = FakeDesk()
    desk.refusals["plan"] = [refusal(409, "fabrikam: its grace ends 2026-11-23T23:00:00Z: it is not to be dismissed")]
    assert shot(snap_compare, desk, SMALL, DISMISS, Stage.NONE)


def stands(text: str) -> Any:
    """The order's page says so."""
    return lambda app: isinstance(app.screen, OrderScreen) and text in page(app)


@SIZES
def test_progress(snap_compare: Compare, size: tuple[int, int]) -> None:
    """One step done with its request, the other running for some seconds."""
    desk = FakeDesk(whole)

    def go_on(_app: Any) -> bool:
        desk.further(OrderState.RUNNING, StepState.DONE, StepState.RUNNING)
        return True

    keys = ("T", "enter", Stage.SHOWN, "x", lambda app: isinstance(app.screen, OrderScreen))
    assert shot(snap_compare, desk, size, *keys, go_on, stands("step 2 of 2"))


def test_progress_half_done(snap_compare: Compare) -> None:
    """It failed, one step could not be undone, and that is said first."""
    desk = FakeDesk(whole)

    def fail(_app: Any) -> bool:
        failure = "fabrikam is dismissed, and window mw-0c50858d01EXAMPLE is not switched off"
        desk.further(OrderState.HALF_DONE, StepState.STUCK, StepState.FAILED, failure=failure)
        return True

    keys = ("T", "enter", Stage.SHOWN, "x", lambda app: isinstance(app.screen, OrderScreen))
    assert shot(snap_compare, desk, SMALL, *keys, fail, stands("half-done"))


def test_waiting(snap_compare: Compare) -> None:
    """It waits for a second person: who that may be."""
    desk = FakeDesk(lambda asked: plan(asked.tenants, asked=asked, approval=True))
    keys = ("T", "enter", Stage.SHOWN, "x", stands("waiting"))
    assert shot(snap_compare, desk, SMALL, *keys)


def _alone(desk: FakeDesk, state: OrderState = OrderState.DONE) -> Answers:
    """An order of pat's that waits, or did without its second person, in the list."""
    made = plan(["fabrikam"], approval=True, key=KEY)
    waits = {} if state is OrderState.WAITING else {"break_glass_until": AT}
    steps = [StepState.PENDING if waits == {} else StepState.DONE]
    desk.known[KEY] = order(made, state, steps, author="pat", ticket="OPS-7", reason="the court waits", **waits)
    return with_orders((desk.known[KEY],), operator(desk, "approver"))


@SIZES
@pytest.mark.parametrize("key", ["A", "R"])
def test_deciding(snap_compare: Compare, key: str, size: tuple[int, int]) -> None:
    """What a second person reads before they agree, and what another approver reads who reviews."""
    desk = FakeDesk()

    async def journey(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await pilot.press(key)
        await until(pilot, lambda: getattr(pilot.app.screen, "stage", None) is Stage.SHOWN)
        await drawn(pilot)

    reader = _alone(desk, OrderState.WAITING if key == "A" else OrderState.DONE)
    assert snap_compare(console(reader, area="orders"), terminal_size=size, run_before=journey)
