"""The word on an order: a second person agrees to its plan, it is taken back, or what it did is reviewed."""

from __future__ import annotations

from threading import Event
from typing import ClassVar, cast

from textual.binding import Binding, BindingType
from textual.content import Content

from screens.dialogs.confirmable import Sending, plan_of
from screens.dialogs.confirming import ConfirmScreen
from screens.dialogs.giving import Given
from screens.dialogs.order import OrderScreen
from screens.dialogs.order_page import order_page, plan_page
from screens.frame import FrameScreen
from screens.notes import REASON
from screens.shell import Shell
from screens.text import line
from services.model import Confirmation
from services.orders.confirming import Needed, may_approve, may_review, may_withdraw, needed
from services.orders.desk import Answer
from services.orders.saying import about_lines, order_title
from services.wire.orders import Decision, OrderRecord, Plan
from services.wire.registry import Role


class DecideScreen(ConfirmScreen):
    """An order that is asked for, and decided about."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("r", "again", "ask again")]
    asking: ClassVar[str] = "Asking the internal API for the order …"
    anew: ClassVar[str] = "ask again"
    name_of_it: ClassVar[str] = ""

    def __init__(self, shell: Shell, beneath: FrameScreen, key: str) -> None:
        super().__init__(shell, beneath)
        self.key = key
        self.order: OrderRecord | None = None

    def title_line(self) -> Content:
        return line(f"{self.name_of_it} · ", order_title(self.plan) if self.plan is not None else self.key)

    def ask(self, cancel: Event) -> Answer[OrderRecord]:
        return self.shell.desk.order(self.key, cancel)

    def take(self, value: Plan | OrderRecord) -> str | None:
        if isinstance(value, OrderRecord):
            self.order = value
        self.plan = plan_of(value)
        identity = self.shell.fleet.identity
        return self.why_not(identity.user, cast("Role | None", identity.role))

    def why_not(self, user: str | None, role: Role | None) -> str | None:
        """Why this person cannot; ``None`` where nothing known speaks against it."""
        raise NotImplementedError

    def sending_of(self, plan: Plan, given: Given) -> Sending:
        word = Decision(digest=plan.digest, reason=given.said.get(REASON))
        decide = self.decide
        return lambda cancel: decide(word, cancel)

    def decide(self, word: Decision, cancel: Event) -> Answer[OrderRecord]:
        """Sends the word, on a thread."""
        raise NotImplementedError

    def handed_over(self, order: OrderRecord) -> None:
        OrderScreen.open_instead(self, order)


class ApproveScreen(DecideScreen):
    """Agreeing: the plan that is agreed to is read first, and the tenant's id typed, whatever it can break."""

    verb: ClassVar[str] = "agree"
    sending: ClassVar[str] = "Recording that you agree …"
    name_of_it: ClassVar[str] = "approve"

    def needed(self, plan: Plan) -> tuple[Needed, ...]:
        return needed(plan.model_copy(update={"confirmation": Confirmation.SEEN}))

    def why_not(self, user: str | None, role: Role | None) -> str | None:
        if self.order is None:
            return "There is no such order."
        why = may_approve(self.order, user, role, read_only=self.shell.read_only)
        return f"You cannot agree: {why}." if why is not None else None

    def page(self, width: int) -> list[Content]:
        if self.order is None or self.plan is None:
            return []
        told = {"Author", "Ordered", "Ticket", "Reason"}
        ordered = [row for row in about_lines(self.order) if row.label in told]
        return plan_page(self.plan, width, above=ordered, without="Confirm")

    def decide(self, word: Decision, cancel: Event) -> Answer[OrderRecord]:
        return self.shell.desk.approve(self.key, word, cancel)


class WithdrawScreen(DecideScreen):
    """Taking an order back: one that waits, by whoever ordered it and as the second person's no; one that is under way,
    to have it undone."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("x", "carry_out", "take back")]
    verb: ClassVar[str] = "take it back"
    sending: ClassVar[str] = "Taking it back …"
    name_of_it: ClassVar[str] = "take back"

    def needed(self, plan: Plan) -> tuple[Needed, ...]:
        return needed(plan.model_copy(update={"confirmation": Confirmation.REVERSIBLE}))

    def why_not(self, user: str | None, role: Role | None) -> str | None:
        if self.order is None:
            return "There is no such order."
        why = may_withdraw(self.order, user, role, read_only=self.shell.read_only)
        return f"You cannot take it back: {why}." if why is not None else None

    def page(self, width: int) -> list[Content]:
        return order_page(self.order, self.shell.now(), width) if self.order is not None else []

    def decide(self, word: Decision, cancel: Event) -> Answer[OrderRecord]:
        return self.shell.desk.withdraw_order(self.key, word, cancel)


class ReviewScreen(DecideScreen):
    """Saying, as an approver, that one has looked at what an order left half done or did without a second person."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("x", "carry_out", "reviewed")]
    verb: ClassVar[str] = "say that you have looked at it"
    sending: ClassVar[str] = "Recording that you have looked at it …"
    name_of_it: ClassVar[str] = "review"

    def needed(self, plan: Plan) -> tuple[Needed, ...]:
        return needed(plan.model_copy(update={"confirmation": Confirmation.REVERSIBLE}))

    def why_not(self, user: str | None, role: Role | None) -> str | None:
        if self.order is None:
            return "There is no such order."
        why = may_review(self.order, user, role, read_only=self.shell.read_only)
        return f"You cannot review it: {why}." if why is not None else None

    def page(self, width: int) -> list[Content]:
        return order_page(self.order, self.shell.now(), width) if self.order is not None else []

    def decide(self, word: Decision, cancel: Event) -> Answer[OrderRecord]:
        return self.shell.desk.review(self.key, word, cancel)
