"""``tenure worker``: carries orders out, beside a server that does not."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from console.anchors import AccountOption, AnchorOption, EveryOption, RegionOption, anchored, place_of
from console.errors import OK, CommandError
from console.output import print_json, say
from console.serving import (
    DatabaseOption,
    RecordOption,
    RoleOption,
    TagOption,
    clock_offset,
    hands_of,
    open_database,
    policy_of,
    tag_of,
)
from services.now import make_now

LOOK_S = 0.5
"""How soon it is noticed that the worker has ended by itself."""


def worker(
    *,
    database: DatabaseOption = None,
    name: Annotated[
        str | None,
        Parameter(help="Its own name, the same after a restart: it goes on with what it had (this machine's)."),
    ] = None,
    worker_role: RoleOption = None,
    record: RecordOption = None,
    tags_tenant: TagOption = None,
    anchor: AnchorOption = None,
    anchor_account: AccountOption = None,
    anchor_region: RegionOption = None,
    anchor_every: EveryOption = "1h",
    agreement: Annotated[Path | None, Parameter(help="The policy that it records by (TENURE_AGREEMENT).")] = None,
    policy: Annotated[bool, Parameter(negative="", help="Print the IAM policy that its role needs, and end.")] = False,
) -> int:
    """Carry out the orders of the internal API's database, until interrupted.

    What is under way then goes on at the step where it was when a worker of the same name starts again, or, half a
    minute later, with another one. Several workers need PostgreSQL; beside a server on SQLite one may run on the same
    machine.
    """
    place = place_of(anchor, anchor_account, anchor_region)
    if policy:
        from services.controlplane.carrying.iam import worker_policy

        print_json(worker_policy(place))
        return OK
    rules, tag = policy_of(agreement), tag_of(tags_tenant)
    hands, now = anchored(hands_of(name, worker_role, record=record), place, anchor_every), make_now(clock_offset())
    opened = open_database(database)
    try:
        from services.controlplane.embedding import make_chores, make_recorder, make_worker

        made, recorder = make_worker(opened, now, hands), make_recorder(opened, now, rules, hands, tag)
        chores = make_chores(opened, now, hands)
        ended = threading.Event()
        for wanted in (signal.SIGINT, signal.SIGTERM):
            signal.signal(wanted, lambda *_: ended.set())
        made.start()
        if recorder is not None:
            recorder.start()
        for chore in chores:
            chore.start()
        say(f"worker {hands.name} takes orders" + (" and records" if recorder is not None else ""))
        while not ended.wait(LOOK_S):
            if made.ended:
                raise CommandError("the worker has ended by itself; the log above has the reason")
        for chore in chores:
            chore.stop()
        if recorder is not None:
            recorder.stop()
        made.stop()
    finally:
        opened.close()
    return OK
