"""``tenure tenants import FILE``: what a file of tenants would change in the registry; with ``--apply`` it does."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from console.errors import OK, UNANSWERED, CommandError, UsageError
from console.output import Format, print_rows, say
from console.waiting import Task

if TYPE_CHECKING:
    from services.internal.client import InternalApi
    from services.upkeep.plan import Plan
    from services.upkeep.rows import Row, RowError

TOLD: Final = 100
"""Mistakes that are told one by one."""


def import_tenants(
    file: Annotated[Path, Parameter(help="A .csv or .json file; - for JSON on stdin.", allow_leading_hyphen=True)],
    /,
    *,
    apply: Annotated[bool, Parameter(negative="", help="Write the difference, all of it or nothing.")] = False,
    compared: Annotated[
        str | None, Parameter(help="With --apply: write only what an earlier comparison with this digest printed.")
    ] = None,
    output: Annotated[Format, Parameter(name=["--output", "-o"], help="Form of the changes on stdout.")] = "table",
) -> int:
    """Compare a file of tenants with the registry and print what it would change; nothing is written without --apply.

    A row is a tenant: id, name, tier, region, account, zone, state, customer, reseller, service_provider,
    sp_end_customers, subscription, order, started_on, ended_on, termination_confirmed_at, stores. Columns that are not
    there stay as they are in the registry, an empty cell makes absent. A party is its id, or id=Name to make or rename
    it; a store is its ARN, or ARN#part. Several stand in one cell with ; between them. Nothing is deleted, and the
    state of a tenant that the registry has is not changed.

    Exits 2 with every mistake of the file by row, 3 where the registry did not answer, 4 where it refused.
    """
    if compared is not None and not apply:
        raise UsageError("--compared goes with --apply")
    rows, mistakes = _rows(file)

    from console.desk import writing
    from console.settings import load_settings
    from console.wiring import load_policy, make_api
    from services.now import make_now

    settings = writing() if apply else load_settings(os.environ)
    now = make_now(settings.clock_offset)
    policy = load_policy(settings)
    with make_api(settings, now, policy.default_zone) as api:
        plan = _compare(api, rows, mistakes, tuple(policy.tiers))
        if plan is None:
            return UNANSWERED
        from services.upkeep.tables import CHANGES

        print_rows(CHANGES, plan.changes, output, now())
        _tell(plan)
        if plan.request is None:
            return OK
        if not apply:
            say(f"tenure: nothing is written; to write this and nothing else: --apply --compared {plan.digest}")
            return OK
        if compared is not None and compared != plan.digest:
            raise CommandError(f"the difference is another one now: {plan.digest}, not {compared}")
        return _apply(api, plan, lambda: _compare(api, rows, mistakes, tuple(policy.tiers)))


def _rows(file: Path) -> tuple[list[Row], list[RowError]]:
    from services.upkeep.rows import UnreadableFileError, read_rows

    try:
        if str(file) == "-":
            return read_rows(sys.stdin.read(), "json")
        form = file.suffix.lower().removeprefix(".")
        if form not in ("csv", "json"):
            raise UsageError(f"{file}: neither .csv nor .json")
        text = file.read_text(encoding="utf-8-sig")
        return read_rows(text, "csv" if form == "csv" else "json")
    except (OSError, UnicodeDecodeError, UnreadableFileError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        if isinstance(error, UnicodeDecodeError):
            reason = f"is not UTF-8: byte {error.start} is 0x{error.object[error.start]:02x}; save it as UTF-8"
        raise UsageError(f"{file}: {reason}") from error


def _compare(api: InternalApi, rows: Sequence[Row], mistakes: Sequence[RowError], tiers: Sequence[str]) -> Plan | None:
    """What would change; ``None`` where the registry could not be read. Raises ``UsageError`` for mistakes."""
    from services.upkeep.plan import make_plan

    cancel = threading.Event()
    try:
        records = Task("registry", lambda: api.records(cancel)).wait()
    finally:
        cancel.set()
    for trouble in records.troubles:
        say(f"tenure: {trouble}")
    if records.troubles:
        return None
    plan = make_plan(rows, mistakes, records, tiers)
    if plan.errors:
        told = [_mistake(error) for error in plan.errors[:TOLD]]
        more = len(plan.errors) - len(told)
        found = "1 mistake" if len(plan.errors) == 1 else f"{len(plan.errors)} mistakes"
        counted = f"{found}, so nothing is imported" + (f"; {more} more" if more else "")
        raise UsageError("\n".join([counted, *told]))
    return plan


def _mistake(error: RowError) -> str:
    return f"{error.where}: {error.column}: {error.what}" if error.column else f"{error.where}: {error.what}"


def _tell(plan: Plan) -> None:
    records = len({(change.collection, change.id) for change in plan.changes})
    new = sum(change.change == "create" for change in plan.changes)
    told = f"rows {plan.rows}, records new {new}, changed {records - new}"
    if plan.absent:
        told += f"; tenants not in the file {plan.absent}, which stay as they are"
    say(f"tenure: {told}")


def _apply(api: InternalApi, plan: Plan, again: Callable[[], Plan | None]) -> int:
    request = plan.request
    if request is None:
        return OK
    observation, settled = Task("import", lambda: api.import_registry(request)).wait()
    if observation.value is not None:
        say(f"tenure: written: {observation.value.created} created, {observation.value.replaced} replaced")
        return OK
    if settled:
        raise CommandError(f"nothing was written: {observation.error}")
    # the answer was lost on its way: what is no longer a difference was written
    now = again()
    if now is None:
        raise CommandError(f"it is not known whether it was written: {observation.error}")
    if now.request is None:
        say("tenure: written, though the answer was lost on its way")
        return OK
    raise CommandError(f"nothing was written: {observation.error}")
