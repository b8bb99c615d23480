"""Orders from the command line, on a sandbox whose server carries them out: what they leave is looked up over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from subprocess import DEVNULL, PIPE, CompletedProcess, Popen
from typing import Any

import httpx
import pytest

from services.wire.orders import Plan
from services.wire.registry import Role
from tests.support.cli import command, environment, tenure
from tests.support.sandbox import RunningSandbox, running_sandbox

pytestmark = [pytest.mark.xdist_group("orders"), pytest.mark.processes]
UNTIL = "2033-12-31"


@pytest.fixture(scope="module")
def own() -> Iterator[RunningSandbox]:
    """A sandbox that these tests may change; each takes tenants of its own."""
    with running_sandbox("--tenants", "36") as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


class Operator:
    """Somebody at a shell, with a token of a role."""

    def __init__(self, sandbox: RunningSandbox, home: Path, role: Role) -> None:
        self._home = home
        self._sandbox = sandbox
        self._env = {**sandbox.environment, "TENURE_API_TOKEN": sandbox.tokens[role]}

    def tenure(self, *arguments: str) -> CompletedProcess[str]:
        return tenure(*arguments, home=self._home, env=self._env)

    def started(self, *arguments: str) -> Popen[str]:
        """Begun, its stdout to be read."""
        env = environment(self._home, self._env)
        return Popen(command(*arguments), env=env, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, text=True)

    def done(self, *arguments: str) -> str:
        """What it printed; it has to have gone well."""
        ended = self.tenure(*arguments)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def planned(self, action: str, *arguments: str) -> Path:
        """The file of a plan."""
        path = self._home / f"{action}.json"
        self.done("plan", action, *arguments, "-o", str(path))
        return path


def got(sandbox: RunningSandbox, path: str, **query: str) -> list[dict[str, Any]]:
    """All records under a path, over HTTP."""
    header = {"Authorization": f"Bearer {sandbox.tokens['viewer']}"}
    with httpx.Client(base_url=sandbox.api_url, headers=header, trust_env=False) as http:
        answer = http.get(path, params={"limit": "1000", **query})
        answer.raise_for_status()
        items: list[dict[str, Any]] = answer.json()["items"]
        return items


def active(sandbox: RunningSandbox) -> list[str]:
    """Tenants in force, whose subscription ends."""
    ending = {one["tenant"] for one in got(sandbox, "/subscriptions") if one.get("ended_on")}
    return [one["id"] for one in got(sandbox, "/tenants") if one["state"] == "active" and one["id"] in ending]


def ends(sandbox: RunningSandbox, tenant: str) -> set[str | None]:
    return {one.get("ended_on") for one in got(sandbox, "/subscriptions") if one["tenant"] == tenant}


def test_plan_apply_done(own: RunningSandbox, home: Path) -> None:
    """What the plan says is what stands there afterwards, for both tenants, with the order in the audit log; applied
    again it is not done twice."""
    pair = active(own)[:2]
    operator = Operator(own, home, "operator")
    path = operator.planned("renew", *pair, "--set", f"until={UNTIL}")
    assert all(UNTIL not in ends(own, tenant) for tenant in pair)
    ended = operator.tenure("apply", str(path), "--yes", "--ticket", "SO-20418")
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr.endswith("tenure: done\n")
    assert all(UNTIL in ends(own, tenant) for tenant in pair)
    key = ended.stdout.strip()
    log = [entry for entry in got(own, "/audit", tenant=pair[0]) if entry.get("order") == key]
    assert {"SO-20418"} >= {entry.get("ticket") for entry in log} - {None}
    assert {entry["who"] for entry in log} >= {"operator@sandbox"}
    again = operator.tenure("apply", str(path), "--yes")
    assert (again.returncode, again.stdout) == (0, ended.stdout)
    assert "handed over before" in again.stderr
    assert len([entry for entry in got(own, "/audit", tenant=pair[0]) if entry.get("order") == key]) == len(log)
    rows = json.loads(operator.done("orders", "--tenant", pair[0], "-o", "json"))
    assert [(row["order"], row["state"], row["steps_done"]) for row in rows] == [(key, "done", 2)]
    assert "renewed to the end of" in operator.done("order", key)


def test_a_plan_that_no_longer_holds_is_refused_with_the_difference(own: RunningSandbox, home: Path) -> None:
    """Somebody else renews meanwhile: exit 4, what changed from what to what, and nothing of ours is there."""
    tenant = active(own)[2]
    (before,) = [day for day in ends(own, tenant) if day]
    operator, approver = Operator(own, home, "operator"), Operator(own, home, "approver")
    path = operator.planned("renew", tenant, "--set", f"until={UNTIL}")
    mine = path.rename(home / "mine.json")
    approver.done("apply", str(approver.planned("renew", tenant, "--set", "until=2031-06-30")), "--yes")
    refused = operator.tenure("apply", str(mine), "--yes")
    assert (refused.returncode, refused.stdout) == (4, "")
    assert refused.stderr.startswith("tenure: what the plan rests on has changed\n")
    assert before in refused.stderr
    assert "2031-06-30" in refused.stderr
    assert ends(own, tenant) == {"2031-06-30"}
    key = Plan.model_validate_json(mine.read_text()).asked.key
    assert operator.tenure("order", key).returncode == 2


def test_a_second_person_agrees_or_says_no(own: RunningSandbox, home: Path) -> None:
    """A hold is lifted only when an approver agrees with the plan's digest; taken back, it stays."""
    tenant = active(own)[3]
    operator, approver = Operator(own, home, "operator"), Operator(own, home, "approver")
    given = ["--set", "basis=union-law", "--set", "owner=legal", "--set", "reason=case 7"]
    operator.done("apply", str(operator.planned("hold-place", tenant, *given)), "--yes")
    (hold,) = [one["id"] for one in got(own, "/holds") if one["tenant"] == tenant]

    def lift() -> str:
        path = operator.planned("hold-lift", tenant, "--set", f"hold={hold}")
        return operator.done("apply", str(path), "--yes", "--detach").strip()

    def lifted() -> bool:
        return any(one["id"] == hold and one.get("lifted_at") for one in got(own, "/holds"))

    first = lift()
    approver.done("cancel", first, "--reason", "not yet")
    assert operator.tenure("order", first, "--follow").returncode == 4
    second = lift()
    digest = json.loads(operator.done("order", second, "-o", "json"))["plan"]["digest"]
    assert operator.tenure("approve", second, "--digest", digest).returncode == 4
    assert not lifted()
    approver.done("approve", second, "--digest", digest)
    operator.done("order", second, "--follow")
    assert lifted()


def test_a_viewer_plans_and_hands_nothing_over(own: RunningSandbox, home: Path) -> None:
    """The server refuses, in its words, and keeps no order."""
    tenant = active(own)[4]
    viewer = Operator(own, home, "viewer")
    refused = viewer.tenure("apply", str(viewer.planned("renew", tenant, "--set", f"until={UNTIL}")), "--yes")
    assert refused.returncode == 4
    assert "the role viewer may not do this" in refused.stderr
    assert json.loads(viewer.done("orders", "--tenant", tenant, "-o", "json")) == []


def test_a_command_that_is_killed_stops_nothing(own: RunningSandbox, home: Path) -> None:
    """SIGKILL as soon as the order is handed over: it is done all the same, and can be followed from elsewhere."""
    tenants = active(own)[5:9]
    operator = Operator(own, home, "operator")
    with operator.started("apply", str(operator.planned("renew", *tenants, "--set", f"until={UNTIL}")), "--yes") as it:
        assert it.stdout is not None
        key = it.stdout.readline().strip()
        it.kill()
    operator.done("order", key, "--follow")
    assert all(UNTIL in ends(own, tenant) for tenant in tenants)


@pytest.mark.parametrize(("fault", "words"), [("api-down", "answered 50"), ("api-garbage", "the answer")])
def test_a_server_that_does_not_answer_is_no_empty_list(
    own: RunningSandbox, home: Path, fault: str, words: str
) -> None:
    """Orders exit 3, a plan 4, and both say what came instead of an answer."""
    operator = Operator(own, home, "operator")
    own.set_faults(fault)
    try:
        listed, planned = operator.tenure("orders"), operator.tenure("plan", "renew", "x", "--set", f"until={UNTIL}")
    finally:
        own.set_faults()
    assert (listed.returncode, planned.returncode) == (3, 4)
    assert (listed.stdout, planned.stdout) == ("", "")
    assert words in listed.stderr
    assert words in planned.stderr
