"""``tenure notify [--webhook URL] [--topic ARN] [--once]``: what becomes due or breached, told to others."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from console.commands.list import read_filter
from console.errors import FAILED, OK, UNANSWERED, CommandError
from console.lengths import read_interval
from console.output import say
from console.telling import SECRET, TOPIC, WEBHOOK, senders_of, tell_news
from services.areas.due import DUE

if TYPE_CHECKING:
    from services.telling.sender import Sender

SHORTEST: Final = timedelta(seconds=30)


def notify(
    *filter_: Annotated[str, Parameter(name="FILTER", help="As for tenure due: only what it leaves is told.")],
    webhook: Annotated[
        str | None, Parameter(help=f"Where to post: https://…; signed with the secret in {SECRET}.", env_var=WEBHOOK)
    ] = None,
    topic: Annotated[str | None, Parameter(help="The ARN of an SNS topic to publish to.", env_var=TOPIC)] = None,
    state: Annotated[
        Path | None, Parameter(help="The file that keeps what was told; one for each filter and target.")
    ] = None,
    every: Annotated[str, Parameter(help="How often to look, without --once: 5m, 1h.")] = "5m",
    once: Annotated[bool, Parameter(negative="", help="Look once and end, for cron.")] = False,
) -> int:
    """Tell others what is new among what is due, at risk or breached, once for each tenant, figure and status.

    Exits 4 where a target did not take something, which is sent again the next time; 3 where a source did not answer;
    else 0. Exits 2 for what cannot be read on the command line or in the settings.
    """
    from console.settings import load_settings

    text = " ".join(filter_)
    read_filter(text, DUE)
    pause = read_interval("--every", every, SHORTEST)
    settings = load_settings(os.environ)
    senders = senders_of(settings, webhook, topic)
    path = state or _usual_path(settings.profile)
    while True:
        with _alone(path):
            code = _look(text, path, senders)
        if once:
            return code
        threading.Event().wait(pause.total_seconds())


def _look(text: str, path: Path, senders: list[Sender]) -> int:
    """Looks at the fleet, and tells what is new."""
    from console.looking import looking
    from services.telling.state import StateError, load, save

    with looking() as look:
        fleet = look.fleet
    try:
        told = tell_news(fleet, text, senders, load(path), lambda it: save(path, it))
    except StateError as error:
        raise CommandError(str(error)) from None
    report = told.report
    for line in told.missing:
        say(f"tenure: {line}")
    for line in report.given_up:
        say(f"tenure: given up: {line}")
    for line in report.failures:
        say(f"tenure: not delivered, and sent again the next time: {line}")
    say(f"tenure: {len(report.new)} new, {report.delivered} messages delivered")
    if report.failures:
        return FAILED
    return OK if told.whole else UNANSWERED


def _usual_path(profile: str) -> Path:
    home = os.environ.get("XDG_STATE_HOME")
    folder = Path(home) if home else Path("~/.local/state").expanduser()
    return folder / "tenure" / f"notify-{profile}.json"


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keeps another ``tenure notify`` with the same state out. Raises ``CommandError`` where one runs."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CommandError(f"{path} cannot be used: {error.strerror}") from None
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise CommandError(f"another tenure notify is at work on {path}") from None
        yield
    finally:
        os.close(lock)
