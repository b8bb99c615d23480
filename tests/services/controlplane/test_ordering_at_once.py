"""Orders at the same moment: one under way for a tenant, whatever the database; and no wait for AWS holds up others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import timedelta

import httpx
import pytest
from pydantic import JsonValue
from sqlalchemy import Connection

from services.agreement import default_policy_text, parse_policy
from services.controlplane.app import create_app
from services.controlplane.audit import Actor
from services.controlplane.ordering import Ordering
from services.controlplane.refusals import NotDoneError
from services.controlplane.store import Database
from services.orders.world import Known
from services.wire.orders import Asked, Decision, OrderRequest, Plan
from services.wire.registry import WhoAmI
from tests.services.controlplane.test_ordering import HOLD
from tests.support.api import AT, TOKENS, bearer, serve_app
from tests.support.registry import hold, slot, small_registry

POLICY = parse_policy(default_policy_text())
OLGA, ADA = WhoAmI(user="olga", role="operator"), WhoAmI(user="ada", role="approver")
MANY = 48
"""More than there are threads for requests."""


class Meeting(Ordering):
    """Waits, where it has seen that nothing is under way and is about to write, for another one that has seen the
    same: for a moment, since a server that is right lets nobody meet."""

    meeting: threading.Barrier

    def _none_under_way(self, connection: Connection, plan: Plan) -> None:
        super()._none_under_way(connection, plan)
        if connection.get_execution_options().get("tenure_writes", False):
            try:
                self.meeting.wait(0.5)
            except threading.BrokenBarrierError:
                return


@pytest.fixture
def ordering(url: str) -> Iterator[Meeting]:
    small = small_registry()
    small.load(url)
    with closing(Database(url)) as database:
        made = Meeting(database, POLICY, lambda: AT)
        made.meeting = threading.Barrier(2)
        yield made


def outcomes(*acts: object) -> list[object]:
    """What came of acts that begin at once: what each gave, or the status that it was refused with."""

    def tried(act: object) -> object:
        try:
            return act()  # type: ignore[operator]
        except NotDoneError as refused:
            return refused.status

    with ThreadPoolExecutor(len(acts)) as pool:
        return [it.result() for it in [pool.submit(tried, act) for act in acts]]


def holding(ordering: Ordering, key: str) -> Plan:
    return ordering.plan(Asked(key=key * 32, action="hold-place", tenants=("acme",), fields=HOLD))


def test_of_two_plans_of_one_tenant_handed_over_at_once_one_is_kept(ordering: Meeting) -> None:
    """Each looks whether another is under way before it is kept: nobody looks while somebody is between the two."""
    plans = [holding(ordering, key) for key in "ab"]
    found = outcomes(*(lambda it=it: ordering.submit(OrderRequest(plan=it), Actor(OLGA, AT, None)) for it in plans))
    assert sum(it == 409 for it in found) == 1, found


def test_of_two_orders_of_one_tenant_agreed_with_at_once_one_goes_on(ordering: Meeting) -> None:
    """The same where two wait for a second person."""
    with ordering._database.write() as connection:
        from services.controlplane.operation_tables import holds

        for name in ("h-1", "h-2"):
            connection.execute(holds.insert().values(hold(name, "acme").model_dump()))
    digests = {}
    for key, name in (("a", "h-1"), ("b", "h-2")):
        plan = ordering.plan(Asked(key=key * 32, action="hold-lift", tenants=("acme",), fields={"hold": name}))
        ordering.submit(OrderRequest(plan=plan), Actor(OLGA, AT, None))
        digests[key * 32] = plan.digest
    ordering.meeting.reset()
    found = outcomes(
        *(
            lambda key=key, it=it: ordering.approve(key, Decision(digest=it), Actor(ADA, AT, None))
            for key, it in digests.items()
        )
    )
    assert sum(it == 409 for it in found) == 1, found


def test_while_aws_answers_nobody_the_rest_of_the_server_answers(tmp_path: object, url: str) -> None:
    """As many plans as there are threads wait for AWS; records, orders of the registry and probes do not wait."""
    standing = slot("slot-1", "acme", starts_at=AT + timedelta(days=9), ends_at=AT + timedelta(days=9, hours=2))
    registry = small_registry()
    registry.load(url)
    app = create_app(url, now=lambda: AT, tokens=TOKENS)
    answer, waiting = threading.Event(), threading.Semaphore(0)

    def asks(_question: str, _known: Known) -> JsonValue:
        waiting.release()
        assert answer.wait(60)
        return []

    app.state.ordering.ask_aws = asks
    with app.state.database.write() as connection:
        from services.controlplane.operation_tables import slots

        connection.execute(slots.insert().values(standing.model_dump()))
    asked = {"action": "slot-cancel", "fields": {"slot": "slot-1"}}
    with ExitStack() as stack:
        address = stack.enter_context(serve_app(app))
        http = stack.enter_context(httpx.Client(base_url=address, trust_env=False, headers=bearer("operator")))
        http.timeout = httpx.Timeout(10)
        pool = stack.enter_context(ThreadPoolExecutor(MANY))
        stack.callback(answer.set)
        plans = [
            pool.submit(
                httpx.post,
                f"{address}/plans",
                json={**asked, "key": f"{number:032x}"},
                headers=bearer("viewer"),
                trust_env=False,
                timeout=60,
            )
            for number in range(MANY)
        ]
        assert waiting.acquire(timeout=20)
        for path in ("/whoami", "/tenants", "/healthz", "/readyz"):
            assert http.get(path).status_code == 200
        answer.set()
        assert {it.result().status_code for it in plans} == {200}
