"""Orders on the real sandbox, as the command line shows them: carried out, waiting, in the journal, due, explained."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.internal.client import InternalApi
from services.wire.orders import Asked, OrderRecord, OrderRequest, RegistryCall
from tests.support.cli import tenure
from tests.support.sandbox import RunningSandbox, wait_for

NEVER = threading.Event()
PLACED, LIFTED = "a" * 32, "b" * 32


def ordered(api: InternalApi, key: str, action: str, tenants: tuple[str, ...], **fields: str) -> OrderRecord:
    planned = api.desk.plan(Asked(key=key, action=action, tenants=tenants, fields=fields), NEVER)
    assert planned.value is not None, (planned.error, planned.parts)
    handed = api.desk.submit(OrderRequest(plan=planned.value, ticket="T-1"), NEVER)
    assert handed.value is not None, (handed.error, handed.parts)
    return handed.value


@pytest.mark.processes
def test_what_is_ordered_is_seen_everywhere(make_sandbox: Callable[..., RunningSandbox], tmp_path: Path) -> None:
    """A hold is placed by the worker; lifting it waits for a second person, and everybody sees that it does."""
    sandbox = make_sandbox("--tenants", "36")
    env = {**sandbox.environment, "TENURE_API_TOKEN": sandbox.tokens["operator"]}

    def rows(*words: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(tenure(*words, "-o", "json", home=tmp_path, env=env).stdout)
        return found

    tenant = rows("list", "tenants")[0]["tenant"]
    with InternalApi(sandbox.api_url, sandbox.tokens["operator"], now=sandbox.now, default_zone="UTC") as api:
        ordered(api, PLACED, "hold-place", (tenant,), basis="litigation", owner="legal", reason="claim 77")
        assert wait_for(lambda: (found := api.desk.order(PLACED, NEVER).value) is not None and found.state.ended)
        done = api.desk.order(PLACED, NEVER).value
        assert done is not None
        call = done.plan.steps[0].call
        assert isinstance(call, RegistryCall)
        hold = call.path.rpartition("/")[2]
        ordered(api, LIFTED, "hold-lift", (tenant,), hold=hold)
    listed = {row["order"]: row for row in rows("list", "orders")}
    assert (listed[PLACED]["state"], listed[PLACED]["status"]) == ("done", "ok")
    assert (listed[LIFTED]["state"], listed[LIFTED]["status"]) == ("waiting", "due")
    assert (listed[LIFTED]["tenants"], listed[PLACED]["steps_done"]) == ([tenant], listed[PLACED]["steps"])
    figure = f"order.{LIFTED}"
    assert [(row["tenant"], row["figure"]) for row in rows("due", "area=orders")] == [(tenant, figure)]
    journal = rows("list", "journal")
    assert {row["order"] for row in journal if row["kind"] == "order"} == {PLACED, LIFTED}
    why = tenure("why", tenant, figure, "-o", "json", home=tmp_path, env=env)
    assert json.loads(why.stdout)["status"] == "due"
    page = json.loads(tenure("show", tenant, "-o", "json", home=tmp_path, env=env).stdout)
    assert [row["order"] for row in page["orders"]] == [LIFTED, PLACED]
