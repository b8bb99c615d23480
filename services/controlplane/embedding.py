"""The worker inside the server's process: what ``tenure serve`` runs by default, and the sandbox."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from services.controlplane.anchoring import Anchoring, AnchorPlace, anchors
from services.controlplane.chores import Chore, Doing
from services.controlplane.store import Database
from services.now import Now
from services.orders.world import TENANT_TAG

if TYPE_CHECKING:
    from services.agreement import Policy
    from services.aws.session import AwsSession
    from services.controlplane.carrying.worker import Worker
    from services.controlplane.known import AskAws
    from services.controlplane.recorder.recorder import Recorder


@dataclass(frozen=True, slots=True)
class Hands:
    """Who carries orders out, and with what."""

    name: str
    """The worker's: the same after a restart, so that it goes on with what it had."""
    aws: AwsSession | None = None
    """With the worker's role; ``None``: orders that need AWS fail, and say so."""
    anchors: AnchorPlace | None = None
    """Where the audit log's head is kept; ``None``: nowhere."""
    anchor_every: timedelta | None = None
    """How often it is kept there by itself; ``None``: only when somebody asks for that."""
    delay_s: float = 0.0
    """How much later than the process it starts, unless an order comes before."""
    record: bool = False
    """Whether it also samples the RPO of every store while no console is open; takes an AWS session."""
    record_delay_s: float = 0.0
    """How much later than the process it begins with that."""


def make_anchoring(database: Database, hands: Hands | None) -> Anchoring | None:
    """What keeps the audit log's head; ``None`` without a place for it or a role to write there."""
    if hands is None or hands.aws is None or hands.anchors is None:
        return None
    return Anchoring(database, hands.aws, hands.anchors)


def make_chores(
    database: Database, now: Now, hands: Hands | None, more: Sequence[Doing] = (), name: str = "server"
) -> list[Chore]:
    """What is done by itself, not yet started: anchors where there is a place and an interval for them, and ``more``.

    ``name`` is whose it is where there is no worker.
    """
    anchoring = make_anchoring(database, hands)
    doings = list(more)
    if hands is not None and anchoring is not None and hands.anchor_every is not None:
        doings.append(anchors(anchoring, hands.anchor_every))
    return [Chore(doing, name if hands is None else hands.name, database, now) for doing in doings]


def make_worker(database: Database, now: Now, hands: Hands) -> Worker:
    """A worker on the database, not yet started."""
    from services.controlplane.carrying.crew import Crew
    from services.controlplane.carrying.judging import judge_error
    from services.controlplane.carrying.worker import Worker
    from services.controlplane.carrying.writers import WRITERS

    url = database.engine.url.render_as_string(hide_password=False)
    return Worker(Crew(hands.name, database, now, hands.aws, WRITERS, judge_error), url, delay_s=hands.delay_s)


def make_recorder(
    database: Database, now: Now, policy: Policy, hands: Hands | None, tenant_tag: str = TENANT_TAG
) -> Recorder | None:
    """A recorder on the database, not yet started; ``None`` where nobody is to record, or has no role to ask with."""
    if hands is None or hands.aws is None or not hands.record:
        return None
    from services.controlplane.recorder.recorder import Recorder

    return Recorder(hands.name, database, now, hands.aws, policy, tenant_tag=tenant_tag, delay_s=hands.record_delay_s)


def make_asker(hands: Hands | None, ending: threading.Event) -> AskAws | None:
    """How AWS is asked before a plan is made, until ``ending`` is set; ``None``: there is no role to ask with."""
    if hands is None or hands.aws is None:
        return None
    from services.controlplane.asking import asker

    return asker(hands.aws, ending)
