"""How a table of actions is played: who is there, and what is looked at before and after an act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tests.journeys.acts import NOW, Act, Scene
from tests.support.acting import AwsCli, Registry, Shell
from tests.support.cli import tenure
from tests.support.sandbox import RunningSandbox

LAG: Final = timedelta(minutes=10)
"""Between what a test asks for and what the worker dates, at most."""
SECOND: Final = frozenset({"hold-lift", "reinstate", "terminate-breach"})
"""Who has to agree, by the policy that Tenure ships with."""
NOUN: Final = {"holds": "hold", "cases": "case", "exports": "export", "slots": "slot", "recovery-tests": "test"}


def worker_token(own: RunningSandbox, home: Path) -> str:
    """A worker's token, made as whoever keeps the server makes one: a sandbox gives none out."""
    database = f"sqlite:///{own.line['state']}/registry.sqlite"
    made = tenure("serve", "token", "add", "planter@example.org:worker", "--database", database, home=home)
    assert made.returncode == 0, made.stderr
    return made.stdout.split()[-1]


def scene_of(own: RunningSandbox, worker: str, aws: AwsCli, home: Path) -> Scene:
    """An operator and an approver at a sandbox, and somebody who looks."""
    operator, approver = (Shell(own, home, role) for role in ("operator", "approver"))
    found = Scene(own, operator, approver, Registry(own, own.tokens["viewer"]), aws, Registry(own, worker))
    found.known |= {"yesterday": found.ago(timedelta(hours=25)), "later": found.ago(timedelta(hours=23))}
    return found


@contextmanager
def looked_at(scene: Scene, act: Act) -> Iterator[list[str]]:
    """What the table says is not so before, and so once the order has ended whose key was put into the list."""
    collection = act.record.split("/")[1]
    makes = "{made}" in act.record
    before = {one["id"] for one in scene.registry.all(f"/{collection}")} if makes else set()
    if not makes and "{order}" not in act.record:
        unlike(scene, scene.registry.get(scene.say(act.record)), act)
    order: list[str] = []
    yield order
    (key,) = order
    scene.known["order"] = key
    record = scene.registry.ended(key)
    assert (record["state"], record["failure"]) == ("done", None)
    if makes:
        (made,) = {one["id"] for one in scene.registry.all(f"/{collection}")} - before
        scene.known |= {"made": made, NOUN[collection]: made}
    like(scene, scene.registry.get(scene.say(act.record)), act)
    if act.also is not None:
        act.also(scene)
    log = entries_of(scene, key)
    who = {"operator@sandbox"} | ({"approver@sandbox"} if act.action in SECOND else set())
    assert {entry["who"] for entry in log} >= who


def entries_of(scene: Scene, key: str) -> list[dict[str, Any]]:
    """An order's entries in the audit log: those of its tenant where it is one's alone."""
    order = scene.registry.get(f"/orders/{key}")
    assert order is not None
    tenants = [it["tenant"] for it in order["plan"]["tenants"]]
    whose = {"tenant": tenants[0]} if len(tenants) == 1 else {}
    return [entry for entry in scene.registry.all("/audit", **whose) if entry["order"] == key]


def like(scene: Scene, record: Mapping[str, Any] | None, act: Act) -> None:
    """The record says what the table says of it."""
    assert record is not None
    for member, value in act.after.items():
        wanted = scene.say(value) if isinstance(value, str) else value
        assert is_so(scene, record[member], wanted), (act.action, member, record[member], wanted)


def unlike(scene: Scene, record: Mapping[str, Any] | None, act: Act) -> None:
    """Nothing of it is so before it is done."""
    for member, value in act.after.items():
        wanted = scene.say(value) if isinstance(value, str) else value
        assert record is None or not is_so(scene, record[member], wanted), (act.action, member, wanted)


def is_so(scene: Scene, found: object, wanted: object) -> bool:
    if wanted is not NOW:
        return found == wanted
    if not isinstance(found, str):
        return False
    return abs(datetime.fromisoformat(found).astimezone(UTC) - scene.sandbox.now()) < LAG
