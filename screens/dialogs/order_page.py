"""A plan and an order as lines of a dialog: labelled, wrapped, coloured by what they say. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from textual.content import Content

from screens.text import DIM, ERROR, STRONG, fit, line
from services.orders.confirming import may_review, to_review
from services.orders.saying import Row, about_lines, plan_lines, short, state_words, steps_of
from services.wire.orders import OrderRecord, OrderState, Plan, Step, StepProgress, StepState
from services.wire.registry import Role
from services.words import say_length

LABEL: Final = 9
MOST: Final = 20
"""Tenants, and clocks, that are named one by one; all of them are in the plan that is saved."""
ALONE: Final = "Alone"
"""The label of what is said of an order without its second person."""
WARNING: Final = "$status-at-risk"
GOOD: Final = "$status-ok"
_STATES: Final = {
    OrderState.DONE: GOOD,
    OrderState.HALF_DONE: ERROR,
    OrderState.UNDONE: WARNING,
    OrderState.WAITING: WARNING,
    OrderState.VOID: WARNING,
}
_STEPS: Final = {
    StepState.PENDING: DIM,
    StepState.DONE: GOOD,
    StepState.FAILED: ERROR,
    StepState.STUCK: ERROR,
    StepState.UNDONE: WARNING,
}


def labelled(
    rows: Iterable[Row],
    width: int,
    style: Callable[[str, str], str] = lambda _label, _text: "",
    label_width: int = LABEL,
) -> list[Content]:
    """Rows in two columns of ``width`` cells, what is too long wrapped under its beginning.

    ``style`` is asked for each row with the label that it stands under and its text.
    """
    lines: list[Content] = []
    under = ""
    for row in rows:
        under = row.label or under
        bare = row.text.lstrip(" ")
        blank = len(row.text) - len(bare)
        number = bare.partition(" ")[0].isdigit()
        hang = blank + (3 if number else 2 if blank else 0)
        first = Content(" " * blank)
        wrapped = line((bare, style(under, row.text))).wrap(max(width - label_width - hang, 20)) or [Content("")]
        for index, part in enumerate(wrapped):
            label = line((fit(row.label if index == 0 else "", label_width), STRONG))
            lines.append(Content.assemble(label, first if index == 0 else Content(" " * hang), part))
    return lines


def plan_page(
    plan: Plan, width: int, changed: Sequence[str] = (), above: Sequence[Row] = (), without: str | None = None
) -> list[Content]:
    """A plan; ``changed``: what it was made from and is no longer so; ``above``: what is to be read before it;
    ``without``: a label that is left out with its rows."""
    stale = [Row("" if index else "Changed", one) for index, one in enumerate(changed)]
    rows = plan_lines(plan, MOST)
    left_out = set(map(id, _under(without, rows))) if without is not None else set()
    rows = [row for row in rows if id(row) not in left_out]
    return labelled([*stale, *above, *rows], width, _plan_style)


def _plan_style(label: str, text: str) -> str:
    if label in ("Warning", "Stores"):
        return WARNING
    if label in ("Changed", ALONE):
        return ERROR
    return DIM if label in ("Clause", "Confirm", "State") or (label == "Steps" and text.startswith(" ")) else ""


def order_page(order: OrderRecord, now: datetime, width: int) -> list[Content]:
    """An order: how far it is, that it went without its second person, each step, whom it concerns, who ordered it."""
    about = [row for row in about_lines(order) if row.label != "Failure"]
    lines = labelled([Row("State", state_words(order))], width, lambda *_: _STATES.get(order.state, STRONG))
    if order.failure:
        lines += labelled([Row("", order.failure)], width, lambda *_: ERROR)
    lines += labelled([row for row in about if row.label == ALONE], width, lambda *_: WARNING)
    lines.append(Content(""))
    for index, (step, progress) in enumerate(steps_of(order)):
        for text, style in _step(step, progress, now):
            label = "" if index or text.startswith(" ") else "Steps"
            lines += labelled([Row(label, text)], width, lambda *_, style=style: style)
    lines.append(Content(""))
    plan = order.plan
    rows = [*_under("Tenants", plan_lines(plan, MOST)), *(row for row in about if row.label != ALONE)]
    return [*lines, *labelled([*rows, Row("Digest", short(plan.digest))], width)]


def _under(label: str, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows of one label."""
    under = ""
    for row in rows:
        under = row.label or under
        if under == label:
            yield row


def _step(step: Step, progress: StepProgress, now: datetime) -> Iterator[tuple[str, str]]:
    """The lines of one step, each with its style: how far it is, since when, the request that it was, its error."""
    since = ""
    if progress.state is StepState.RUNNING and progress.started_at is not None:
        since = f"  for {say_length(max(now - progress.started_at, timedelta()))}"
    yield f"{step.number}  {progress.state:7}  {step.says}{since}", _STEPS.get(progress.state, STRONG)
    if progress.request_id or progress.attempts > 1:
        tried = f"tried {progress.attempts} times" if progress.attempts > 1 else ""
        request = f"request {progress.request_id}" if progress.request_id else ""
        yield f"   {'  '.join(filter(None, (request, tried)))}", DIM
    if progress.error:
        yield f"   {progress.error}", ERROR


def end_words(order: OrderRecord) -> str | None:
    """What came of it, in a sentence; ``None`` before its end."""
    match order.state:
        case OrderState.DONE:
            return f"Done: {order.plan.title.lower()}."
        case OrderState.UNDONE if order.taken_back_by is not None:
            return f"{order.taken_back_by} took it back: everything that was done of it is undone."
        case OrderState.UNDONE:
            return "It failed, and everything that was done of it is undone."
        case OrderState.HALF_DONE if order.taken_back_by is not None:
            return (
                f"{order.taken_back_by} took it back, and it is half done: what is left stands above, and in :orders."
            )
        case OrderState.HALF_DONE:
            return "It failed and is half done: what is left stands above, and in :orders."
        case OrderState.CANCELLED:
            return "It was taken back: nothing was done."
        case OrderState.VOID:
            return "It is void: what it was made from had changed. Order it anew."
        case _:
            return None


def going_words(order: OrderRecord) -> str:
    """What becomes of one that is under way."""
    if order.taken_back_by is not None:
        return "It is being taken back by the worker"
    return "It goes on in the worker" if order.failure is None else "It failed, and is being undone by the worker"


def waiting_words(order: OrderRecord, user: str | None) -> str | None:
    """Who may agree, of an order that waits for somebody; ``None`` of any other."""
    if order.state is not OrderState.WAITING:
        return None
    who = "you" if order.author == user else order.author
    return f"It waits: an approver other than {who} has to agree, in :orders or with tenure approve {order.id}."


def review_words(order: OrderRecord, user: str | None, role: Role | None, *, read_only: bool) -> str | None:
    """That it is to be reviewed, and by whom; ``None`` of one that is not."""
    if not to_review(order):
        return None
    what = "It was done without a second person" if order.break_glass_until is not None else "It is half done"
    why = may_review(order, user, role, read_only=read_only)
    if why is None:
        return f"{what}: it is due until an approver has looked at it. R says that you have."
    return f"{what}, and is due until an approver has looked at it; not you: {why}."
