"""Assistance to the controller (clause ``processing``): a data subject's request, a personal-data breach to tell of."""

from __future__ import annotations

from services.agreement import case_clock
from services.agreement.cases import CLAUSE_OF
from services.model import CaseKind, CaseState
from services.orders.base import Action, Draft, Field, RefusedError, Steps
from services.orders.caseworld import ASSISTANCE, WHICH, begun, case_of, told
from services.orders.world import World, change, create, made
from services.wire import nouns
from services.wire.operations import CaseRecord
from services.wire.orders import NOW, Confirmation, MovedClock, TenantChange
from services.words import say_instant

PROCESSING = CLAUSE_OF[CaseKind.DATA_SUBJECT_REQUEST]
KINDS = tuple(sorted(ASSISTANCE))


def _open(world: World) -> Draft:
    """The clock runs from when the request reached the vendor, or the breach was known to it."""
    kind = CaseKind(world.chosen("kind", KINDS))
    received, reference = world.past("received"), world.value("reference")
    steps = Steps()
    changes: list[TenantChange] = []
    clocks: list[MovedClock] = []
    warnings: list[str] = []
    for position, tenant in enumerate(world.tenants()):
        record = made(
            CaseRecord,
            id=world.fresh_id("case", position),
            tenant=tenant.id,
            kind=kind,
            scope=world.needed("scope"),
            state=CaseState.OPEN,
            opened_at=world.now,
            delivered_at=received,
            reference=reference,
            summary=world.value("summary") or "",
        )
        for other in world.of(CaseRecord, tenant.id):
            if reference is not None and (other.kind, other.reference) == (kind, reference):
                raise RefusedError(f"{tenant.id}: case {other.id} is {reference} already", "fields.reference")
        (clock,) = begun(world, None, nouns.case(record), tenant)
        due = say_instant(clock.after) if clock.after is not None else "once"
        if clock.after is not None and clock.after <= world.now:
            warnings.append(f"{tenant.id}: it was due by {due}: it is late already")
        create(steps, record, f"case {record.id} ({kind}) of {tenant.id} opened", "deleted", now=("opened_at",))
        after = f"case {record.id} open, due by {due}"
        changes.append(TenantChange(tenant=tenant.id, before="no such case", after=after))
        clocks.append(clock)
    return Draft(tuple(changes), steps.all, tuple(clocks), warnings=tuple(warnings))


def _answer(world: World) -> Draft:
    """Answered to the customer, or the customer told."""
    record, tenant = case_of(world, ASSISTANCE)
    if record.ended_at is not None:
        raise RefusedError(f"case {record.id} was answered {say_instant(record.ended_at)}", "fields.case")
    at = world.past("answered") if world.value("answered") else None
    if at is not None and record.delivered_at is not None and at < record.delivered_at:
        received = say_instant(record.delivered_at)
        raise RefusedError(f"case {record.id} was received {received}: no answer came before", "fields.answered")
    steps = Steps()
    members = {"ended_at": at or NOW, "outcome": world.needed("outcome")}
    said = f"case {record.id} answered{'' if at is None else f' {say_instant(at)}'}"
    change(steps, record, said, "not answered", **members)
    clock = case_clock(nouns.case(record), world.noun(tenant), world.policy)
    late = clock is not None and (at or world.now) >= clock.ends_at
    warning = f"it was due by {say_instant(clock.ends_at)}: this is late" if clock is not None and late else None
    return Draft((told(record, "answered"),), steps.all, warnings=() if warning is None else (warning,))


def _close(world: World) -> Draft:
    """Only what was answered."""
    record, _ = case_of(world, ASSISTANCE)
    if record.ended_at is None:
        raise RefusedError(f"case {record.id} is not answered: assist-answer first", "fields.case")
    steps = Steps()
    change(steps, record, f"case {record.id} closed", f"{record.state} again", state=CaseState.CLOSED)
    return Draft((told(record, "closed"),), steps.all)


ACTIONS = (
    Action(
        "assist-open",
        "Open an assistance case",
        PROCESSING,
        Confirmation.REVERSIBLE,
        _open,
        (
            Field("kind", "Kind", kind="choice", choices=KINDS),
            Field("received", "Received", "when it reached the vendor, or was known to it", "instant"),
            Field("scope", "About", "whom or what it is about"),
            Field("reference", "Reference", "of the mail or the ticket", required=False),
            Field("summary", "Summary", required=False),
        ),
        key="P",
    ),
    Action(
        "assist-answer",
        "Record that an assistance case is answered",
        PROCESSING,
        Confirmation.REVERSIBLE,
        _answer,
        (
            WHICH,
            Field("outcome", "Outcome", "what was answered, and where that is kept"),
            Field("answered", "Answered", "an instant; empty: now", "instant", required=False),
        ),
        many=False,
    ),
    Action(
        "assist-close",
        "Close an assistance case",
        PROCESSING,
        Confirmation.REVERSIBLE,
        _close,
        (WHICH,),
        many=False,
    ),
)
