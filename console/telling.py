"""The news of what is due, told to others: what ``tenure notify`` does, and ``tenure serve --notify``."""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from console.commands.list import read_filter
from console.errors import UsageError
from services.areas.due import DUE, DueRow

if TYPE_CHECKING:
    from console.settings import Settings
    from services.fleet.snapshot import FleetSnapshot
    from services.telling.items import Item
    from services.telling.sender import Sender
    from services.telling.state import State
    from services.telling.tell import Report

WEBHOOK, SECRET, TOPIC = "TENURE_NOTIFY_WEBHOOK", "TENURE_NOTIFY_SECRET", "TENURE_NOTIFY_TOPIC"
HOW: Final = f"write --webhook URL or --topic ARN, or set {WEBHOOK} or {TOPIC}"


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a look."""

    report: Report
    missing: tuple[str, ...]
    """Why it is not the whole fleet that was looked at, a line each."""
    whole: bool


def tell_news(
    fleet: FleetSnapshot, text: str, senders: Iterable[Sender], state: State, keep: Callable[[State], None]
) -> Told:
    """Tells what is new among what is due in ``fleet`` and passes the filter ``text``. Raises what ``keep`` does."""
    from console.reading import is_whole, missing_lines
    from services.telling.tell import tell

    whole = is_whole(fleet)
    report = tell(
        items_of(fleet, text),
        state,
        tuple(senders),
        keep,
        at=fleet.at,
        whole=whole,
        make_id=lambda: uuid.uuid4().hex,
    )
    return Told(report, tuple(missing_lines(fleet)), whole)


def items_of(fleet: FleetSnapshot, text: str) -> list[Item]:
    """What is due and passes the filter."""
    query = read_filter(text, DUE, fleet)
    return [_item(row) for row in DUE.rows(fleet) if query.matches(row, fleet.at)]


def _item(row: DueRow) -> Item:
    from services.telling.items import Item, Key

    verdict = row.verdict
    return Item(
        key=Key(row.tenant, verdict.figure),
        status=verdict.status,
        area=row.area,
        clause=verdict.clause,
        reason=row.what,
        due_at=row.due_at,
        acknowledged_by=row.acknowledgement.by if row.acknowledgement else None,
    )


def senders_of(
    settings: Settings,
    webhook: str | None,
    topic: str | None,
    *,
    how: str = HOW,
    wait: Callable[[float], object] | None = None,
) -> list[Sender]:
    """Those that are named; ``wait`` blocks between tries. Raises ``UsageError``."""
    from services.telling.topic import Topic, TopicError
    from services.telling.webhook import Webhook, WebhookError

    if webhook is None and topic is None:
        raise UsageError(f"whom to tell? {how[0].upper()}{how[1:]}")
    senders: list[Sender] = []
    try:
        if webhook is not None:
            from services.now import make_now

            secret = os.environ.get(SECRET)
            if not secret:
                raise UsageError(f"a webhook's messages are signed: set {SECRET} to the secret shared with it")
            senders.append(Webhook(webhook, secret, make_now(), wait or threading.Event().wait))
        if topic is not None:
            from console.wiring import aws_settings
            from services.aws.session import AwsSession

            # the role is for reading in the tenants' accounts; who runs this publishes in their own name
            session = AwsSession(replace(aws_settings(settings), role_arn=None))
            senders.append(Topic(topic, session))
    except (WebhookError, TopicError) as error:
        raise UsageError(str(error)) from None
    return senders
