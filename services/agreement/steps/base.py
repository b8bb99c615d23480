"""What all reckonings share: the values of the policy as its file writes them, and the last step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel

from services.agreement.periods import write_length
from services.agreement.policy import Policy
from services.model import Status, Verdict
from services.words import say_instant, say_length


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How a verdict follows from the agreement and the facts."""

    promise: str
    """The clause in one line."""
    policy: tuple[tuple[str, str], ...]
    """Keys of the policy file that it rests on, and their values as the file writes them."""
    steps: tuple[str, ...]
    """The arithmetic; the last step ends in ``→`` and the status."""
    changes_if: str | None
    """What would change the verdict; ``None``: nothing that is known."""


@dataclass(frozen=True, slots=True)
class Step:
    """A last step, and the status that follows from it by itself."""

    text: str
    status: Status


def reckoning(
    verdict: Verdict,
    promise: str,
    policy: Policy,
    keys: Iterable[str],
    steps: Iterable[str],
    last: Step | None,
    changes_if: str | None,
) -> Reckoning:
    """The parts in one. Where ``last`` does not lead to the verdict's status, the verdict's own reason does: somebody
    judged it with what these functions do not see (a registry that is too old)."""
    concluded = last if last is not None and last.status is verdict.status else Step(verdict.reason, verdict.status)
    return Reckoning(
        promise=promise,
        policy=tuple((key, written(policy, key)) for key in keys),
        steps=(*steps, f"{concluded.text} → {verdict.status}"),
        changes_if=changes_if,
    )


def written(policy: Policy, key: str) -> str:
    """A value of the policy by its path (``recovery.rpo.public``), as its file writes it. Raises ``KeyError``."""
    found: Any = policy
    for part in key.split("."):
        if isinstance(found, BaseModel):
            found = getattr(found, part.replace("-", "_"))
        elif isinstance(found, Mapping):
            found = found[part]
        else:
            raise KeyError(key)
    return _written(found)


def _written(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, timedelta):
        return write_length(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_written, value))}]"
    return str(value)


def countdown(
    now: datetime,
    due_at: datetime,
    *,
    due: timedelta,
    at_risk: timedelta | None,
    over: Status = Status.BREACHED,
    allowance: timedelta | None = None,
) -> Step:
    """What the time left says of a clock: the comparison with its horizons, or with the allowance once it is over.

    ``over`` is what an over clock is from ``allowance`` on; before that it is ``at-risk``.
    """
    if now < due_at:
        left = f"{say_instant(due_at)} − {say_instant(now)} = {say_length(due_at - now)}"
        if at_risk is not None and due_at - now <= at_risk:
            return Step(f"{left} ≤ {say_length(at_risk)}, the horizon of at-risk", Status.AT_RISK)
        if due_at - now <= due:
            return Step(f"{left} ≤ {say_length(due)}, the horizon of due", Status.DUE)
        return Step(f"{left} > {say_length(due)}, the horizon of due", Status.OK)
    late = f"{say_instant(now)} − {say_instant(due_at)} = {say_length(now - due_at)} late"
    if allowance is None:
        return Step(late, over)
    if now - due_at < allowance:
        return Step(f"{late} < {say_length(allowance)}, the allowance", Status.AT_RISK)
    return Step(f"{late} ≥ {say_length(allowance)}, the allowance", over)


def by_itself(verdict: Verdict, then: Verdict | None) -> str | None:
    """What the passing of time alone does to the verdict; ``then`` is that of ``verdict.changes_at``."""
    if verdict.changes_at is None:
        return None
    at = say_instant(verdict.changes_at)
    if then is None:
        return f"by itself {at}: no longer judged"
    if then.status is verdict.status:
        return f"by itself {at}: {then.reason}"
    return f"by itself {at}: {then.status}"


def changes(*parts: str | None) -> str | None:
    """Several ways to change a verdict, in one line."""
    return "; ".join(part for part in parts if part) or None


def aged(now: datetime, observed: datetime, max_age: timedelta) -> Iterator[str]:
    """Whether the evidence is young enough."""
    age, sign = now - observed, "≤" if now - observed <= max_age else ">"
    yield f"observed {say_instant(observed)}, {say_length(max(age, timedelta()))} ago {sign} {say_length(max_age)}"
