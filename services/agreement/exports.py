"""An export request judged: made in time, complete, fetched, and gone after its window.

Clause ``right-to-be-forgotten``. An export that failed, is incomplete or was not delivered is a reason to
escalate and never one to destroy early.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.agreement.basics import FORGOTTEN
from services.agreement.periods import PeriodError, ZoneError
from services.agreement.policy import Policy
from services.agreement.schedule import ALWAYS, Phase, after, approach, judged, span
from services.agreement.windows import Preparation, Window, preparation_of, window_of
from services.model import Export, ExportState, Status, Tenant, Verdict
from services.words import say_instant, say_length


def export_figure(export: Export) -> str:
    """The name under which it is judged."""
    return f"export.{export.id}"


def judge_export(export: Export, tenant: Tenant, policy: Policy, now: datetime) -> Verdict:
    """Judge an export by its record. Never raises.

    Until the package is there: the time the policy gives to make it, or until hosted data may go if that is sooner;
    ``breached`` from then on. While the window is open: ``due`` near its close; ``unproven`` and then ``at-risk``
    where nobody verified that the package is complete, ``at-risk`` where it is not. When it has closed and the package
    is not recorded as destroyed: ``at-risk``, and ``breached`` after ``erasure.allowance``.
    """
    figure = export_figure(export)
    try:
        phases = list(_phases(export, tenant, policy))
    except (ZoneError, PeriodError) as error:
        return Verdict(Status.UNKNOWN, figure, FORGOTTEN, f"its clocks cannot be reckoned: {error}")
    return judged(figure, FORGOTTEN, phases, now)


def _phases(export: Export, tenant: Tenant, policy: Policy) -> Iterator[Phase]:
    if export.state is ExportState.CANCELLED:
        yield Phase(ALWAYS, Status.NOT_APPLICABLE, "cancelled")
    elif export.state in (ExportState.REQUESTED, ExportState.PREPARING):
        yield from _preparing(export, preparation_of(export, tenant, policy), policy)
    elif export.state is ExportState.FAILED:
        yield from _failed(export, preparation_of(export, tenant, policy))
    else:
        window = window_of(export, tenant, policy)
        if window is None:
            reason = f"recorded {export.state}, and not since when the package is available"
            yield Phase(ALWAYS, Status.UNKNOWN, reason, export.requested_at)
        elif export.destroyed_at is not None:
            yield from _destroyed(export.destroyed_at, window, policy)
        else:
            yield from _open(export, window, policy)
            yield from _over(export, window, policy)


def _preparing(export: Export, preparation: Preparation, policy: Policy) -> Iterator[Phase]:
    clock = preparation.clock
    done = "" if export.progress is None else f", {export.progress:.0%} done"
    what = f"{export.state}{done}; the package is to be available by {say_instant(clock.ends_at)}"
    if clock.ends_at < preparation.uncut:
        what += ", when hosted data is due for destruction"
    yield from approach(
        clock.starts_at,
        clock.ends_at,
        what,
        due=policy.due.export_preparation,
        at_risk=policy.at_risk.export_preparation,
        at=clock.ends_at,
    )
    late = f"{export.state}{done}; the package was to be available by {say_instant(clock.ends_at)}"
    yield Phase(clock.ends_at, Status.BREACHED, late, clock.ends_at, clock.ends_at, clock.ends_at - clock.starts_at)


def _failed(export: Export, preparation: Preparation) -> Iterator[Phase]:
    clock = preparation.clock
    why = f": {export.failure}" if export.failure else ""
    at, length = clock.ends_at, clock.ends_at - clock.starts_at
    said = f"failed{why}; a package is to be available by {say_instant(at)}"
    yield Phase(ALWAYS, Status.AT_RISK, said, at, at, length)
    yield Phase(at, Status.BREACHED, f"failed{why}; a package was to be available by {say_instant(at)}", at, at, length)


def say_window(window: Window) -> str:
    """When it closes, and that the outer clock cut it."""
    clock = window.clock
    if clock.starts_at >= clock.ends_at:
        whose = "the outer clock" if window.cut else "its window"
        return f"no window is left: {whose} ended {say_instant(clock.ends_at)}"
    cut = f", cut by the outer clock from {say_instant(window.uncut)}" if window.cut else ""
    return f"the window closes {say_instant(clock.ends_at)}{cut}"


def _fetched(export: Export) -> str:
    if export.complete is False:
        return "the package is incomplete"
    if export.complete is None:
        return "nobody verified that the package is complete"
    if export.delivered_at is None:
        return "complete, not fetched yet"
    return f"complete, delivered {say_instant(export.delivered_at)}"


def _open(export: Export, window: Window, policy: Policy) -> Iterator[Phase]:
    """While the window is open."""
    clock = window.clock
    said = f"{_fetched(export)}; {say_window(window)}"
    closed_early = export.state is ExportState.CLOSED
    if closed_early:
        said = f"recorded closed, and not when the package was destroyed; {say_window(window)}"
    course = approach(
        clock.starts_at,
        clock.ends_at,
        said,
        due=policy.due.export_window,
        at_risk=policy.at_risk.export_window,
        at=clock.ends_at,
    )
    for phase in course:
        status = phase.status
        if export.complete is False or closed_early:
            status = Status.AT_RISK
        elif export.complete is None:
            status = Status.UNPROVEN if status is Status.OK else Status.AT_RISK
        yield Phase(phase.since, status, said, phase.at, phase.due_at, phase.length)


def _over(export: Export, window: Window, policy: Policy) -> Iterator[Phase]:
    """When it has closed and nothing records that the package is gone."""
    at, length = window.clock.ends_at, span(window.clock)
    allowance = policy.erasure.allowance
    cut = f", cut by the outer clock from {say_instant(window.uncut)}" if window.cut else ""
    late = f"the window closed {say_instant(at)}{cut}; nothing shows that the package is destroyed"
    if export.complete is False:
        yield Phase(at, Status.BREACHED, f"the package was never complete; {late}", at, at, length)
        return
    breach = after(at, allowance)
    yield Phase(at, Status.AT_RISK, f"{late}; a breach from {say_instant(breach)}", at, at, length)
    yield Phase(breach, Status.BREACHED, f"{late} within the allowance of {say_length(allowance)}", at, at, length)


def _destroyed(at: datetime, window: Window, policy: Policy) -> Iterator[Phase]:
    closes = window.clock.ends_at
    gone = f"the package was destroyed {say_instant(at)}; its window closed {say_instant(closes)}"
    if at >= after(closes, policy.erasure.allowance):
        yield Phase(ALWAYS, Status.NOT_APPLICABLE, f"{gone}, {say_length(at - closes)} before", at)
        return
    if at >= closes:
        yield Phase(ALWAYS, Status.OK, gone, at)
        return
    early = f"the package was destroyed {say_instant(at)}, before its window closes {say_instant(closes)}"
    yield Phase(ALWAYS, Status.BREACHED, early, at, at, span(window.clock))
    yield Phase(closes, Status.NOT_APPLICABLE, early.replace("closes", "closed"), at)
