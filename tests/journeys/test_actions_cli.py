"""Every action on a story, from the command line; what is there afterwards is looked up past Tenure.

The registry is read over plain HTTP with a viewer's token, AWS with the stock AWS CLI and a role that it assumes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from services.orders.actions import ACTIONS
from services.wire.orders import Confirmation
from tests.journeys.acts import Act, Played, Scene
from tests.journeys.playing import SECOND, entries_of, looked_at, scene_of, unlike, worker_token
from tests.journeys.table import SLOW, TABLE
from tests.support.acting import AWS, AwsCli
from tests.support.sandbox import RunningSandbox, running_sandbox, wait_for

pytestmark = [
    pytest.mark.xdist_group("actions-cli"),
    pytest.mark.processes,
    pytest.mark.skipif(not AWS.exists(), reason="the AWS CLI is a development package"),
]

REFUSED: Final[tuple[tuple[str, str, Mapping[str, str], str], ...]] = (
    ("sprawl-mart", "case-disable", {"case": "case-sprawl-mart-1"}, "refused before 2026-11-22T03:40:00Z"),
    ("soylent-help", "dismiss", {}, "refused before 2026-11-24T23:00:00Z, the end of the grace"),
    ("globex-voice", "disable", {}, "refused before 2028-01-11T23:00:00Z, the end of the service"),
    ("sirius-calls", "export-cancel", {"export": "exp-sirius-calls", "reason": "x"}, "can no longer be withdrawn"),
    (
        "cogswell-net",
        "slot-schedule",
        {"start": "2026-11-25 23:30", "length": "1h", "reason": "x"},
        "overlaps slot ca-storage of dedicated ca-central-1",
    ),
    (
        "spacely-voice",
        "slot-schedule",
        {"start": "2027-03-28 01:30", "length": "1h", "reason": "x"},
        "the clocks skip it: choose earlier (2027-03-28T00:30:00Z) or later (2027-03-28T01:30:00Z)",
    ),
    ("gekko-talk", "reinstate", {"until": "2027-12-31"}, "the tenant is destroyed"),
)
"""Tenant, action, fields, and what is said. Before the table is played: these stories stand as they were planted."""


@pytest.fixture(scope="module")
def own() -> Iterator[RunningSandbox]:
    """A sandbox that these tests may change; each takes a tenant of its own."""
    with running_sandbox("--tenants", "36") as running:
        yield running


@pytest.fixture(scope="module")
def worker(own: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> str:
    return worker_token(own, tmp_path_factory.mktemp("keeper"))


@pytest.fixture(scope="module")
def aws(own: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> AwsCli:
    return AwsCli(own, tmp_path_factory.mktemp("aws"))


@pytest.fixture
def scene(own: RunningSandbox, worker: str, aws: AwsCli, tmp_path: Path) -> Scene:
    return scene_of(own, worker, aws, tmp_path)


@pytest.mark.parametrize(
    ("tenant", "action", "fields", "why"), REFUSED, ids=lambda it: it if isinstance(it, str) else ""
)
def test_what_a_story_does_not_allow_is_not_planned(
    tenant: str, action: str, fields: Mapping[str, str], why: str, scene: Scene
) -> None:
    """Exit 4 with the reason and from when on it is allowed; no file is written, and there is nothing to apply."""
    file = scene.operator.home / "plan.json"
    given = [word for name, value in fields.items() for word in ("--set", f"{name}={value}")]
    refused = scene.operator.tenure("plan", action, tenant, *given, "-o", str(file))
    assert (refused.returncode, refused.stdout) == (4, "")
    assert why in refused.stderr
    assert not file.exists()


def test_no_action_is_missing() -> None:
    """The table has a case for every action that there is, and names no other."""
    assert {act.action for played in TABLE for act in played.acts} == set(ACTIONS)


@pytest.mark.parametrize("played", TABLE, ids=lambda it: f"{it.story}-{it.tenant}")
def test_acts(played: Played, scene: Scene) -> None:
    """Planned, nothing is done; applied, and agreed with where the policy wants it, what the table says is so."""
    scene.tenant = played.tenant
    assert any(story["name"] == played.story for story in scene.sandbox.line["stories"])
    if played.before is not None:
        played.before(scene)
    for act in played.acts:
        perform(scene, act)


def test_a_restore_test_that_is_taken_back_leaves_nothing(scene: Scene, own: RunningSandbox) -> None:
    """While RDS restores, another order of the tenant is carried out, and the test is taken back: the copy is gone, no
    test is recorded, and the order says who did not want it any more."""
    scene.tenant = "acme-slow"
    before = scene.registry.all("/recovery-tests")
    own.stand(own.now())  # so that RDS goes on restoring
    try:
        file, other = (scene.operator.home / name for name in ("restore.json", "hold.json"))
        scene.operator.done("plan", "restore-test", scene.tenant, "--set", f"store={SLOW}", "-o", str(file))
        key = scene.operator.done("apply", str(file), "--yes", "--detach")
        path = f"/orders/{key}"
        assert wait_for(
            lambda: [it["state"] for it in (scene.registry.get(path) or {})["steps"][1:3]] == ["done", "running"]
        )
        copy = f"tenure-test-acme-slow-db-{key[:12]}"
        assert copy in databases(scene)
        hold = ("basis=litigation", "owner=Legal", "reason=a claim")
        fields = [word for one in hold for word in ("--set", one)]
        scene.operator.done("plan", "hold-place", scene.tenant, *fields, "-o", str(other))
        scene.operator.done("apply", str(other), "--yes")
        told = scene.operator.tenure("cancel", key, "--reason", "the wrong store")
        assert (told.returncode, "is being undone" in told.stdout + told.stderr) == (0, True)
    finally:
        own.stand(None)
    order = scene.registry.ended(key)
    assert (order["state"], order["failure"]) == ("undone", "taken back by operator@sandbox: the wrong store")
    assert wait_for(lambda: copy not in databases(scene))
    assert scene.registry.all("/recovery-tests") == before
    assert [it["outcome"] for it in entries_of(scene, key)].count("taken back") == 1


def databases(scene: Scene) -> set[str]:
    """Those that stand where the slow tenant's does."""
    _, _, _, region, account, *_ = SLOW.split(":")
    found = scene.aws(account, region, "rds", "describe-db-instances")["DBInstances"]
    return {one["DBInstanceIdentifier"] for one in found}


def perform(scene: Scene, act: Act) -> None:
    """One act: plan, look, apply, agree, look."""
    file = scene.operator.home / "plan.json"
    given = [word for name, value in act.fields.items() for word in ("--set", f"{name}={scene.say(value)}")]
    scene.operator.done("plan", act.action, *([scene.tenant] if act.tenants else []), *given, "-o", str(file))
    plan = json.loads(file.read_text())
    key = scene.known["order"] = plan["asked"]["key"]
    with looked_at(scene, act) as order:
        assert scene.registry.get(f"/orders/{key}") is None
        hand_over(scene, act, file, plan["digest"])
        order.append(key)
    assert {entry["plan"] for entry in entries_of(scene, key)} == {plan["digest"]}


def hand_over(scene: Scene, act: Act, file: Path, digest: str) -> None:
    """With what the action has to be confirmed by; where a second person is wanted, nothing happens before."""
    seen = ACTIONS[act.action].confirmation is not Confirmation.REVERSIBLE
    confirmed = ["--confirm", scene.tenant] if seen else ["--yes"]
    if act.action not in SECOND:
        ended = scene.operator.tenure("apply", str(file), *confirmed)
        assert (ended.returncode, ended.stderr.splitlines()[-1]) == (0, "tenure: done"), ended.stderr
        return
    key = scene.operator.done("apply", str(file), *confirmed, "--detach")
    waiting = scene.registry.get(f"/orders/{key}")
    assert waiting is not None
    assert waiting["state"] == "waiting"
    assert {step["state"] for step in waiting["steps"]} == {"pending"}
    if "{made}" not in act.record:
        unlike(scene, scene.registry.get(scene.say(act.record)), act)
    scene.approver.done("approve", key, "--digest", digest)


def test_the_log_verifies(scene: Scene) -> None:
    """After all of it the audit log is whole."""
    verified = scene.operator.tenure("audit", "verify")
    assert verified.returncode == 0, verified.stderr
    assert "the audit log is whole" in verified.stderr
