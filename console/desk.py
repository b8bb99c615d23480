"""The desk of orders as a command uses it: opened from the settings, asked on a thread, refused in words."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias, TypeVar

from cyclopts import Parameter
from pydantic import ValidationError

from console.errors import UNANSWERED, CommandError, UsageError
from console.waiting import Task
from services.orders.confirming import may_write
from services.orders.desk import Answer, OrderDesk
from services.wire.orders import Decision

if TYPE_CHECKING:
    from console.settings import Settings
    from services.now import Now
    from services.wire.orders import OrderRecord
    from services.wire.registry import ProblemPart

T = TypeVar("T")
KEY_LENGTH: Final = 32
NOT_THERE: Final = frozenset({404, 422})
"""Statuses of a reading that say that what was typed is wrong."""

OrderKey: TypeAlias = Annotated[str, Parameter(name="KEY", help="The order's key, 32 hexadecimal digits.")]
Reason: TypeAlias = Annotated[str | None, Parameter(help="Why, for the audit log.")]


@dataclass(frozen=True, slots=True)
class OpenDesk:
    """A desk, and the clock."""

    desk: OrderDesk
    now: Now
    cancel: threading.Event

    def ask(self, call: Callable[[threading.Event], Answer[T]]) -> Answer[T]:
        """Asks it on a thread, so that an interrupt is always noticed."""
        return Task("order", lambda: call(self.cancel)).wait()


@contextmanager
def opened(settings: Settings | None = None) -> Iterator[OpenDesk]:
    """The desk that the settings lead to; what is still asked at the end is cancelled."""
    from console.settings import load_settings
    from console.wiring import load_policy, make_api
    from services.now import make_now

    settings = settings or load_settings(os.environ)
    now = make_now(settings.clock_offset)
    cancel = threading.Event()
    with make_api(settings, now, load_policy(settings).default_zone) as api:
        try:
            yield OpenDesk(api.desk, now, cancel)
        finally:
            cancel.set()


def writing(*, read_only: bool = False) -> Settings:
    """The settings of a command that writes. Raises ``CommandError`` where nothing may be written from here."""
    from console.settings import load_settings

    settings = load_settings(os.environ)
    refused = may_write(None, read_only=read_only or settings.read_only)
    if refused is not None:
        raise CommandError(refused)
    return settings


def checked_key(key: str) -> str:
    """An order's key. Raises ``UsageError``."""
    if len(key) != KEY_LENGTH or set(key) - set("0123456789abcdef"):
        raise UsageError(f"{key!r} is no key of an order: 32 hexadecimal digits, as tenure orders prints them")
    return key


def decision(order: OrderRecord, reason: str | None) -> Decision:
    """The word on an order's plan. Raises ``UsageError`` for a reason that cannot be kept."""
    try:
        return Decision(digest=order.plan.digest, reason=reason)
    except ValidationError as error:
        raise unkept(error) from None


def unkept(error: ValidationError) -> UsageError:
    """Why something that was typed cannot be kept, by its option."""
    first = error.errors(include_url=False, include_input=False)[0]
    return UsageError(f"--{first['loc'][0]}: {first['msg']}")


def done(answer: Answer[T]) -> T:
    """The value of a write or a plan. Raises ``CommandError`` with everything that speaks against it."""
    if answer.value is not None:
        return answer.value
    raise CommandError("\n".join(words(answer)))


def read(answer: Answer[T]) -> T:
    """The value of a reading. Raises ``UsageError`` for what there is not, else ``CommandError`` with code 3."""
    if answer.value is not None:
        return answer.value
    message = "\n".join(words(answer))
    if answer.status in NOT_THERE:
        raise UsageError(message)
    raise CommandError(message, UNANSWERED)


def words(answer: Answer[T]) -> list[str]:
    """Why there is no value: the reason, then each thing that is wrong or has changed, a line each."""
    reason = answer.error or "no answer"
    return [reason, *(f"  {_told(part)}" for part in answer.parts if part.what != reason)]


def _told(part: ProblemPart) -> str:
    match part.where:
        case "plan":
            return part.what
        case "order":
            return f"to follow it: tenure order {part.what} --follow"
        case where:
            return f"{where.removeprefix('fields.')}: {part.what}"
