"""An export request, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from services.agreement.exports import judge_export
from services.agreement.periods import PeriodError, ZoneError
from services.agreement.policy import Policy
from services.agreement.steps.base import Reckoning, Step, by_itself, changes, countdown, reckoning
from services.agreement.windows import Preparation, Window, preparation_of, window_of
from services.model import Export, ExportState, Status, Tenant, Verdict
from services.words import say_instant, say_length

_MAKING = (ExportState.REQUESTED, ExportState.PREPARING, ExportState.FAILED)


def explain_export(verdict: Verdict, export: Export, tenant: Tenant, policy: Policy, now: datetime) -> Reckoning:
    """How the verdict on an export comes about. Never raises."""
    promise = "an export asked for is made, stays available for a time, and is destroyed"
    making = export.state in _MAKING
    keys = [*_keys(policy, making=making)]
    steps: list[str] = [f"requested {say_instant(export.requested_at)} by {export.requester}"]
    last: Step | None = None
    act = "the package is available" if making else "the package is recorded fetched, complete or destroyed"
    try:
        if making:
            preparation = preparation_of(export, tenant, policy)
            steps += _prepared(preparation, export, policy)
            last = _making(export, preparation, policy, now)
        elif export.state is ExportState.CANCELLED:
            act = ""
        else:
            window = window_of(export, tenant, policy)
            if window is not None:
                steps += _opened(window, export, policy)
                last = _opened_step(export, window, policy, now)
    except (ZoneError, PeriodError):
        pass  # the verdict's reason says so
    when = verdict.changes_at
    then = judge_export(export, tenant, policy, when) if when is not None else None
    return reckoning(verdict, promise, policy, keys, steps, last, changes(act, by_itself(verdict, then)))


def _keys(policy: Policy, *, making: bool) -> Iterator[str]:
    clock = "export_preparation" if making else "export_window"
    if making:
        yield "export.prepare_within"
    else:
        yield from ("export.window", "export.window_starts", "return-or-delete.within", "erasure.allowance")
    yield f"due.{clock}"
    if getattr(policy.at_risk, clock) is not None:
        yield f"at_risk.{clock}"


def _prepared(preparation: Preparation, export: Export, policy: Policy) -> Iterator[str]:
    clock = preparation.clock
    period = policy.export.prepare_within
    yield f"{say_instant(export.requested_at)} + {period}: over at {say_instant(preparation.uncut)}"
    if clock.ends_at < preparation.uncut:
        yield f"hosted data is due for destruction before that: {say_instant(clock.ends_at)}"


def _making(export: Export, preparation: Preparation, policy: Policy, now: datetime) -> Step:
    last = countdown(
        now,
        preparation.clock.ends_at,
        due=policy.due.export_preparation,
        at_risk=policy.at_risk.export_preparation,
    )
    if export.state is ExportState.FAILED and last.status is not Status.BREACHED:
        return Step(f"failed; {last.text}", Status.AT_RISK)
    return last


def _opened(window: Window, export: Export, policy: Policy) -> Iterator[str]:
    since = export.requested_at if policy.export.window_starts == "requested" else export.available_at
    if export.available_at is not None:
        took = say_length(export.available_at - export.requested_at)
        yield f"available {say_instant(export.available_at)}, {took} after the request"
    if since is not None:
        from_what = "the request" if policy.export.window_starts == "requested" else "that day"
        yield f"{policy.export.window} from {from_what}: the window closes {say_instant(window.uncut)}"
    if window.cut:
        yield f"cut to the outer clock of return-or-delete: {say_instant(window.clock.ends_at)}"


def _opened_step(export: Export, window: Window, policy: Policy, now: datetime) -> Step:
    closes = window.clock.ends_at
    if export.destroyed_at is not None:
        return _destroyed(export.destroyed_at, closes, policy, now)
    if now >= closes and export.complete is False:
        return Step(f"the window closed {say_instant(closes)}, and the package was never complete", Status.BREACHED)
    last = countdown(
        now,
        closes,
        due=policy.due.export_window,
        at_risk=policy.at_risk.export_window,
        allowance=policy.erasure.allowance,
    )
    if now >= closes:
        return Step(f"not recorded destroyed: {last.text}", last.status)
    if export.state is ExportState.CLOSED:
        return Step(f"recorded closed before the window is over: {last.text}", Status.AT_RISK)
    if export.complete is False:
        return Step(f"incomplete: {last.text}", Status.AT_RISK)
    if export.complete is None:
        status = Status.UNPROVEN if last.status is Status.OK else Status.AT_RISK
        return Step(f"not verified to be complete: {last.text}", status)
    return last


def _destroyed(at: datetime, closes: datetime, policy: Policy, now: datetime) -> Step:
    gone = f"destroyed {say_instant(at)}"
    if at < closes:
        status = Status.BREACHED if now < closes else Status.NOT_APPLICABLE
        return Step(f"{gone} < {say_instant(closes)}, the close of the window", status)
    late, allowance = at - closes, policy.erasure.allowance
    said = f"{gone} − {say_instant(closes)} = {say_length(late)}"
    if late < allowance:
        return Step(f"{said} < {say_length(allowance)}, the allowance", Status.OK)
    return Step(f"{said} ≥ {say_length(allowance)}, the allowance; done, and no longer judged", Status.NOT_APPLICABLE)
