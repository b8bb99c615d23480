"""What the marks of an order's steps say of it."""

from __future__ import annotations

from typing import Final

from services.wire.orders import OrderRecord, OrderState, StepProgress, StepState

CARRIED_OUT: Final = frozenset({StepState.DONE, StepState.UNDONE, StepState.STUCK})


def in_doubt(progress: StepProgress) -> bool:
    """Whether a call that was not done may have been carried out: one that was refused the first time was not."""
    if progress.state is StepState.RUNNING:
        return True
    return progress.state is StepState.FAILED and (progress.attempts > 1 or progress.result is not None)


def how_it_ended(order: OrderRecord, failure: str | None) -> tuple[OrderState, str | None]:
    """The state of an order none of whose steps goes on, and what is left of one that failed."""
    if failure is None:
        return OrderState.DONE, None
    left = [
        step.says
        for step, progress in zip(order.plan.steps, order.steps, strict=True)
        if progress.state in (StepState.DONE, StepState.STUCK, StepState.RUNNING)
    ]
    if not left:
        return OrderState.UNDONE, failure
    return OrderState.HALF_DONE, f"{failure}; left: {'; '.join(left)}"


def was_done(order: OrderRecord, number: int) -> bool:
    """Whether a step was carried out, though it may be undone by now."""
    return number <= len(order.steps) and order.steps[number - 1].state in CARRIED_OUT
