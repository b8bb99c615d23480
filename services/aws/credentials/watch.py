"""Sees in AWS's answers that credentials have ended though their time has not come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from services.aws.credentials.ended import ENDED_CODES

if TYPE_CHECKING:
    from botocore.session import Session

    from services.aws.credentials.keeper import Keeper


def watch(core: Session, keeper: Keeper) -> None:
    """Look at each answer to a call of the session, which ``keeper`` signs. Asks STS only where one says so."""

    def look(parsed: Any, model: Any, **_: object) -> None:
        said = parsed.get("Error") if isinstance(parsed, dict) else None
        code = said.get("Code") if isinstance(said, dict) else None
        if code not in ENDED_CODES or said is None:
            return
        why = f"{code}: {said.get('Message', '')}"
        if model.service_model.service_name == "sts":
            keeper.end(why)
        else:
            keeper.suspect(why)

    core.get_component("event_emitter").register("after-call", look)
