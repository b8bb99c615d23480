"""What is confirmed, as subclasses of the dialog say it: where the plan comes from, and what confirming does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from threading import Event
from typing import ClassVar, TypeAlias

from screens.dialogs.base import Dialog
from screens.dialogs.giving import Given
from screens.frame import FrameScreen
from screens.notes import REASON
from screens.shell import Shell
from services.orders.confirming import Needed
from services.orders.desk import Answer
from services.wire.orders import OrderRecord, Plan

Sending: TypeAlias = Callable[[Event], Answer[OrderRecord]]
"""Hands it over. Blocks until it is answered or the event is set."""


class Stage(StrEnum):
    """How far it has come."""

    MAKING = "making"
    """The plan is being asked for."""
    NONE = "none"
    """There is no plan, and it is said why."""
    SHOWN = "shown"
    """It stands there, and may be confirmed."""
    SENDING = "sending"
    STALE = "stale"
    """It no longer holds: it has to be made anew."""
    HELD = "held"
    """Another order is in its way: that one is looked at, or the plan made anew."""


class Confirmable(Dialog):
    """A plan, how far it has come, and what confirming it does."""

    verb: ClassVar[str] = "carry out"
    """What ``x`` or the last Enter does."""
    asking: ClassVar[str] = "Asking the internal API for the plan …"
    sending: ClassVar[str] = "Handing it over …"
    anew: ClassVar[str] = "make it anew"
    """What ``r`` does."""
    notes: ClassVar[tuple[str, ...]] = (REASON,)
    """What may be said with it, in the order of its lines."""

    def __init__(self, shell: Shell, beneath: FrameScreen) -> None:
        super().__init__(shell, beneath)
        self.plan: Plan | None = None
        self.stage = Stage.MAKING

    def ask(self, cancel: Event) -> Answer[Plan] | Answer[OrderRecord]:
        """Asks for the plan, on a thread."""
        raise NotImplementedError

    def take(self, value: Plan | OrderRecord) -> str | None:
        """Takes what was asked for as ``plan``; why it cannot be confirmed, ``None`` where it can."""
        raise NotImplementedError

    def needed(self, plan: Plan) -> tuple[Needed, ...]:
        """What has to be given."""
        raise NotImplementedError

    def sending_of(self, plan: Plan, given: Given) -> Sending:
        """What hands it over, on a thread. Raises ``UnsaidError``, and ``ValidationError`` that names a note."""
        raise NotImplementedError

    def does(self) -> str:
        """What ``x`` or the last Enter does now."""
        return self.verb

    def said_before(self) -> Mapping[str, str]:
        """What stands in the notes at first."""
        return {}

    def note_hints(self, plan: Plan) -> Mapping[str, str]:  # noqa: ARG002 - a subclass looks at it
        """The notes that this plan takes, each with its hint."""
        return dict.fromkeys(self.notes, "may be empty; for the audit log")

    def has_to_say(self) -> bool:
        """Whether its notes are shown before anybody wants to say something."""
        return False

    def left(self, said: Mapping[str, str]) -> None:
        """It is left without having been handed over, with this in its notes."""

    def handed_over(self, order: OrderRecord) -> None:
        """It is done: nothing of the dialog is needed any more."""
        raise NotImplementedError

    def ways(self, *, typing: bool, to_type: bool) -> Iterator[tuple[str, str, int]]:
        """The keys beside Cancel, what each does, and how soon it gives way."""
        if self.stage is Stage.HELD:
            yield "o", " open the order in its way", 1
            yield "r", f" {self.anew}", 1
        elif self.stage in (Stage.STALE, Stage.NONE):
            yield "r", f" {self.anew}", 1
        elif self.stage is Stage.SHOWN and to_type:
            yield (
                ("⏎", f" {self.does()}, once it is typed", 1)
                if typing
                else ("Tab", f" then type what is asked, to {self.does()}", 1)
            )
        elif self.stage is Stage.SHOWN and typing:
            yield "⏎", f" on to the plan, then x to {self.does()}", 1
        elif self.stage is Stage.SHOWN:
            yield "x", f" {self.does()}", 1
            yield "Tab", f" {', '.join(self.note_hints(self.plan)) if self.plan is not None else ''}", 3


def why_not(answer: Answer[Plan] | Answer[OrderRecord]) -> str:
    """Why there is nothing, each thing a line."""
    said = answer.error or "no answer"
    parts = [part.what for part in answer.parts if part.what != said]
    return "\n".join([said, *parts])


def plan_of(value: Plan | OrderRecord) -> Plan:
    """The plan that was asked for, or that of an order."""
    return value if isinstance(value, Plan) else value.plan
