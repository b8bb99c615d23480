"""An act of the journeys as far as its order has been accepted: planned and handed over by plain HTTP."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from services.now import Now, make_now
from services.sandbox import options
from services.wire.orders import Plan
from services.words import say_instant
from tests.journeys.acts import Act, Scene
from tests.reliability.orders.lives import TOKENS
from tests.support.acting import AwsCli, Registry, Shell
from tests.support.sandbox import AT, RunningSandbox

START_S: Final = 60.0
ROLES: Final = {role: token for token, role in TOKENS.items()}
NOUN: Final = {"holds": "hold", "cases": "case", "exports": "export", "slots": "slot", "recovery-tests": "test"}


class _Sandbox(RunningSandbox):
    """As the journeys know one; its clock stands."""

    @property
    def now(self) -> Now:
        return lambda: AT


def scene_of(url: str, aws: str, folder: Path, tenant: str) -> Scene:
    """The scene of a story's acts, at a server of the matrix."""
    sandbox = _Sandbox(
        process=None,  # type: ignore[arg-type] # nobody ends it by this
        aws_endpoint_url=aws,
        aws_access_key_id=options.ACCESS_KEY_ID,
        aws_secret_access_key=options.SECRET_ACCESS_KEY,
        api_url=url,
        tokens=ROLES,
        regions=options.REGIONS,
        accounts=options.ACCOUNTS,
        role_arn=options.ROLE_ARN,
        clock_offset_s=(AT - make_now()()).total_seconds(),
        line={},
    )
    operator, approver = (Shell(sandbox, folder, role) for role in ("operator", "approver"))
    read, plant = (Registry(sandbox, ROLES[role]) for role in ("viewer", "worker"))
    scene = Scene(sandbox, operator, approver, read, AwsCli(sandbox, folder), plant, tenant)
    for name, hours in (("yesterday", 25), ("later", 23)):
        scene.known[name] = say_instant(AT - timedelta(hours=hours))
    return scene


def planned(scene: Scene, url: str, act: Act) -> Plan:
    """The act's plan."""
    fields = {name: scene.say(value) for name, value in act.fields.items()}
    tenants = [scene.tenant] if act.tenants else []
    asked = {"key": secrets.token_hex(16), "action": act.action, "tenants": tenants, "fields": fields}
    return Plan.model_validate_json(_posted(url, "/plans", asked, "operator"))


def handed_over(url: str, plan: Plan) -> bool:
    """The plan's order is accepted. Whether that took a second person."""
    order = json.loads(_posted(url, "/orders", {"plan": plan.model_dump(mode="json")}, "operator"))
    waits: bool = order["state"] == "waiting"
    if waits:
        _posted(url, f"/orders/{plan.asked.key}/approve", {"digest": plan.digest}, "approver")
    return waits


def know(scene: Scene, act: Act, plan: Plan) -> None:
    """The words that later acts use: the id of what this one made."""
    scene.known["order"] = plan.asked.key
    if "{made}" in act.record:
        collection = act.record.split("/")[1]
        made = [getattr(it.call, "path", "") for it in plan.steps if getattr(it.call, "before", 1) is None]
        (id_,) = {path.rpartition("/")[2] for path in made if path.startswith(f"/{collection}/")}
        scene.known |= {"made": id_, NOUN[collection]: id_}


def _posted(url: str, path: str, body: Mapping[str, Any], role: str) -> str:
    headers = {"Authorization": f"Bearer {ROLES[role]}"}
    answer = httpx.post(f"{url}{path}", json=body, headers=headers, timeout=START_S, trust_env=False)
    if answer.status_code not in (200, 201):
        raise AssertionError(f"{path}: {answer.status_code} {answer.text}")
    return answer.text
