"""Telling others beside serving: the same as ``tenure notify``, once for all servers of one database."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

from cyclopts import Parameter

from console.commands.list import read_filter
from console.errors import UsageError
from console.lengths import read_interval
from console.telling import SECRET, TOPIC, WEBHOOK, senders_of, tell_news
from services.areas.due import DUE

if TYPE_CHECKING:
    from console.settings import Settings
    from services.controlplane.chores import Doing, Turn
    from services.telling.sender import Sender

NOTIFY: Final = "notify"
"""The chore's name."""
SHORTEST: Final = timedelta(seconds=30)
DELAY_S: Final = 2.0
"""How much later than the server it looks for the first time: it asks that very server, too."""
HOW: Final = f"write --notify-webhook URL or --notify-topic ARN, or set {WEBHOOK} or {TOPIC}"
_log: Final = logging.getLogger("tenure.notify")

NotifyOption: TypeAlias = Annotated[
    bool,
    Parameter(
        name="--notify",
        negative="",
        help="Tell others what becomes due, as tenure notify does; one of several servers does.",
    ),
]
WebhookOption: TypeAlias = Annotated[
    str | None, Parameter(name="--notify-webhook", help=f"Where to post ({WEBHOOK}); signed with {SECRET}.")
]
TopicOption: TypeAlias = Annotated[
    str | None, Parameter(name="--notify-topic", help=f"The ARN of an SNS topic to publish to ({TOPIC}).")
]
NotifyEveryOption: TypeAlias = Annotated[
    str, Parameter(name="--notify-every", help="How often to look: 5m, 1h.", env_var="TENURE_NOTIFY_EVERY")
]
FilterOption: TypeAlias = Annotated[
    str,
    Parameter(
        name="--notify-filter", help="As for tenure due: only what it leaves is told.", env_var="TENURE_NOTIFY_FILTER"
    ),
]


@dataclass(frozen=True, slots=True)
class Notifying:
    """Whom to tell, what, and how often. Neither address nor secret is in any ``repr``."""

    wanted: bool
    webhook: str | None
    topic: str | None
    every: str
    filter: str

    def __repr__(self) -> str:
        return f"Notifying(every={self.every!r}, filter={self.filter!r})"

    def doings(self) -> tuple[Doing, ...]:
        """What the server is to do. Raises ``UsageError`` for what cannot be read, and ``SettingsError``."""
        if not self.wanted:
            if self.webhook is not None or self.topic is not None:
                raise UsageError("--notify-webhook and --notify-topic go with --notify")
            return ()
        from console.settings import load_settings
        from services.controlplane.chores import Doing

        read_filter(self.filter, DUE)
        every = read_interval("--notify-every", self.every, SHORTEST)
        self._senders(load_settings(os.environ))
        return (Doing(NOTIFY, every, self.tell, DELAY_S),)

    def tell(self, turn: Turn) -> None:
        """Looks at the fleet and tells what is new. Raises ``ChoreFailedError``, and ``LostTurnError`` where another
        server does it by now."""
        from console.reading import read_quietly
        from console.settings import load_settings
        from console.wiring import open_fleet
        from services.controlplane.chores import ChoreFailedError
        from services.now import make_now
        from services.telling.state import State, StateError, state_of, text_of

        settings = load_settings(os.environ)
        try:
            state = State() if turn.kept is None else state_of(turn.kept)
        except StateError as error:
            raise ChoreFailedError(f"what was kept {error}") from None
        with open_fleet(settings, make_now(settings.clock_offset)) as reader:
            fleet = read_quietly(reader, turn.over)
            if turn.over.is_set():
                raise ChoreFailedError("the server ends; nothing was told")
            senders = self._senders(settings, turn.over.wait)
            told = tell_news(fleet, self.filter, senders, state, lambda it: turn.keep(text_of(it)))
        report = told.report
        for line in (*told.missing, *(f"given up: {it}" for it in report.given_up)):
            _log.warning("%s", line)
        _log.info("%d new, %d messages delivered", len(report.new), report.delivered)
        failures = [f"not delivered, and sent again the next time: {line}" for line in report.failures]
        if not told.whole:
            failures.append("not all sources answered: what is not known is not told")
        if failures:
            raise ChoreFailedError("; ".join(failures))

    def _senders(self, settings: Settings, wait: Callable[[float], object] | None = None) -> list[Sender]:
        webhook = self.webhook or os.environ.get(WEBHOOK) or None
        topic = self.topic or os.environ.get(TOPIC) or None
        return senders_of(settings, webhook, topic, how=HOW, wait=wait)
