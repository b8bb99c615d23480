"""From what is asked to a plan. Pure: the server hands in what it knows."""

from __future__ import annotations

from pydantic import ValidationError

from services.orders.actions import ACTIONS
from services.orders.base import Action, Draft, RefusedError
from services.orders.world import Known, World, unfit
from services.wire.orders import Asked, Confirmation, Plan, plan_digest


def make_plan(known: Known, asked: Asked) -> Plan:
    """The plan of what is asked, from what is known.

    Raises ``RefusedError`` for an action that there is not, for fields that it does not have or that are missing, for
    more tenants than it takes, and for all that the action itself refuses; it tells what was read until then.
    """
    action = ACTIONS.get(asked.action)
    if action is None:
        raise RefusedError(f"there is no action {asked.action}; there are {', '.join(sorted(ACTIONS))}", "action")
    names = {field.name for field in action.fields}
    unknown = sorted(set(asked.fields) - names)
    if unknown:
        raise RefusedError(f"{action.name} has no field {unknown[0]}", f"fields.{unknown[0]}")
    if len(asked.tenants) > 1 and not action.many:
        raise RefusedError(f"{action.name} is for one tenant at a time", "tenants")
    world = World(known, asked)
    with world.telling():
        draft = _draft(action, world)
    made = {
        "asked": asked,
        "title": action.title,
        "clause": action.clause,
        "confirmation": action.confirmation,
        "approval": action.approval(known.policy) or action.confirmation is Confirmation.IRREVERSIBLE,
        "tenants": draft.tenants,
        "steps": draft.steps,
        "clocks": draft.clocks,
        "effects": draft.effects,
        "warnings": draft.warnings,
        "seen": world.seen,
        "stores": draft.stores,
        "made_at": known.now,
    }
    bare = Plan.model_validate({**made, "digest": "0" * 64})
    return bare.model_copy(update={"digest": plan_digest(bare)})


def _draft(action: Action, world: World) -> Draft:
    for field in action.fields:
        if field.required:
            world.needed(field.name)
    try:
        return action.draft(world)
    except ValidationError as error:  # what was typed is too long for a sentence of the plan
        raise unfit(error) from None
