"""What the matrix of orders has counted, as a part of ``docs/reliability.md`` of its own, between two marks."""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from services.wire.orders import AwsCall, OrderState
from tests.reliability.orders.cases import Group
from tests.reliability.orders.matrix import Judged
from tests.reliability.orders.stages import Stage

BEGIN: Final = "<!-- orders: made by `make orders-matrix` -->"
END: Final = "<!-- /orders -->"
WIDTH: Final = 120
STATES: Final = (OrderState.DONE, OrderState.UNDONE, OrderState.HALF_DONE)


@dataclass(frozen=True)
class Counted:
    """What is kept of a case."""

    name: str
    action: str
    group: Group
    undoing: bool
    state: str | None
    wrong: tuple[str, ...]
    took_s: float

    @classmethod
    def of(cls, name: str, one: Judged) -> Counted:
        case = one.case
        return cls(name, case.stage.action, case.group, case.undoing, one.state, one.wrong, one.took_s)

    @classmethod
    def read(cls, line: str) -> Counted:
        """A line of a journal."""
        value = json.loads(line)
        return cls(**{**value, "group": Group(value["group"]), "wrong": tuple(value["wrong"])})

    def line(self) -> str:
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Run:
    """The whole matrix of orders."""

    stages: Sequence[Stage]
    judged: Sequence[Counted]
    took_s: float
    load: tuple[float, float]
    """Of this machine over a minute, when it began and when it ended."""
    seed: int

    @property
    def wrong(self) -> int:
        return sum(bool(it.wrong) for it in self.judged)


def put_into(document: str, part: str) -> str:
    """The document with this part in the place of the one that stands there, or at its end."""
    before, mark, rest = document.partition(BEGIN)
    after = rest.partition(END)[2] if mark else ""
    return f"{before.rstrip()}\n\n{part}{after.rstrip()}".rstrip() + "\n"


def taken_from(document: str) -> str | None:
    """The part that stands in a document; ``None``: it has none."""
    _, mark, rest = document.partition(BEGIN)
    return f"{BEGIN}{rest.partition(END)[0]}{END}\n" if mark else None


def part(run: Run) -> str:
    """The text between the marks, with them."""
    states = Counter(it.state for it in run.judged)
    actions = {stage.action for stage in run.stages}
    steps = [step for stage in run.stages for step in stage.plan.steps]
    text = _TEXT.format(
        actions=len(actions),
        orders=len(run.stages),
        steps=len(steps),
        aws=sum(isinstance(step.call, AwsCall) for step in steps),
        calls=sum(len(stage.calls) for stage in run.stages),
        moments=sum(len(stage.moments) for stage in run.stages),
        cases=f"{len(run.judged):,}",
        undoing=f"{sum(it.undoing for it in run.judged):,}",
        done=f"{states[OrderState.DONE]:,}",
        undone=f"{states[OrderState.UNDONE]:,}",
        half=f"{states[OrderState.HALF_DONE]:,}",
        wrong=run.wrong,
        minutes=f"{run.took_s / 60:.0f}",
        load="{:.1f} and {:.1f}".format(*run.load),
        seed=run.seed,
    )
    lines = [BEGIN, *_wrapped(text), *_by_group(run.judged), "", *_by_action(run), END, ""]
    return "\n".join(lines)


def _wrapped(text: str) -> Iterator[str]:
    for line in text.splitlines():
        indent = "  " if line.startswith(("- ", "  ")) else ""
        yield from textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_on_hyphens=False) or [""]


def _by_group(judged: Iterable[Counted]) -> Iterator[str]:
    yield "| what is broken | cases | while undoing | done | undone | half done, and said | wrong |"
    yield "|---|---|---|---|---|---|---|"
    every = list(judged)
    for group in Group:
        yield _row(str(group), [it for it in every if it.group is group])
    yield _row("**all**", every)


def _by_action(run: Run) -> Iterator[str]:
    yield "| action | steps, of them in AWS | cases | while undoing | done | undone | half done, and said | wrong |"
    yield "|---|---|---|---|---|---|---|---|"
    for action in dict.fromkeys(stage.action for stage in run.stages):
        plans = [stage.plan for stage in run.stages if stage.action == action]
        steps = " and ".join(
            f"{len(plan.steps)}, {sum(isinstance(step.call, AwsCall) for step in plan.steps)}" for plan in plans
        )
        own = [it for it in run.judged if it.action == action]
        yield _row(f"`{action}` | {steps}", own)


def _row(name: str, judged: Sequence[Counted]) -> str:
    counts = Counter(it.state for it in judged)
    numbers = [len(judged), sum(it.undoing for it in judged), *(counts[state] for state in STATES)]
    return f"| {name} | {' | '.join(f'{it:,}' for it in numbers)} | {sum(bool(it.wrong) for it in judged)} |"


def progress(one: Counted) -> str:
    """What is printed of a case."""
    wrong = "".join(f"\n  WRONG {what}" for what in one.wrong)
    return f"{one.name:110} {one.state or 'unknown'} {one.took_s:.1f} s{wrong}"


_TEXT = """\
## Orders: what a fault leaves done

Made by `make orders-matrix` (`tests/reliability/orders`); every number here is counted by that run.

Each of the {actions} actions is played on its story as far as an order that has just been accepted: {orders} orders
with {steps} steps, {aws} of them in AWS. Each case begins there, in a database and an AWS of its own, with one fault:

- **AWS**, over HTTP: each of the {calls} calls that the worker makes, its look-ups and its role's keys included, is
  denied, throttled, answered with 503, never answered, or carried out and its answer lost; once, and from then on.
- **Registry**: the record of each step has just been written by somebody else. **Database**: each write fails when it
  is kept, or is kept and said to have failed.
- **Worker**: killed with SIGKILL at each of the {moments} moments that it passes: before and after each call, and when
  each write begins, is written and is kept. It is restarted, or another worker goes on.
- **Server** with the worker in its process: killed while it accepts the order, and at a moment of each step; then the
  plan is handed over to the one started in its place. **Client**: `tenure apply` killed before the plan arrives, before
  the answer does, or while it follows; then given the same file again.
- **While undoing**: under the refusal that leaves an order most to undo, a second fault at each call and each moment.
  Where that is a call to AWS, also under it being throttled, answered with 503, and carried out with its answer lost
  and its look-up denied: a second fault at each call, and at every third moment.

Afterwards the registry is read by SQL, AWS by boto3 with keys of its own, and both are compared, as bytes after ids and
the instants of the run are made one word, with what they were before and with what the same order comes to in health:
an order that says **done** has to have come to all of it, one that says **undone** to nothing of it, and of one that is
**half done** each record and thing that is left has to be named. Nothing may be there twice, no act may stand in the
audit log twice, and the log has to verify. A fault that passes has to end in done, as has every death; one that struck
nothing is counted as wrong.

{cases} cases, {undoing} of them while undoing: {done} done, {undone} undone, {half} half done and said;
**{wrong} wrong**. It took {minutes} minutes on 2 cores at a load of {load} when it began and ended
(seed {seed}).

"""
