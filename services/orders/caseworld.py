"""What the actions on cases have in common (clauses ``acceptable-use`` and ``processing``)."""

from __future__ import annotations

from collections.abc import Collection

from services.agreement.cases import CLOCK_OF
from services.model import Case, CaseKind, CaseState
from services.orders.base import Field, RefusedError
from services.orders.clocks import moved_of_case
from services.orders.world import World
from services.wire import nouns
from services.wire.operations import CaseRecord
from services.wire.orders import MovedClock, TenantChange
from services.wire.registry import TenantRecord
from services.words import say_instant

WHICH = Field("case", "Case", "its id", "record", collection="cases")
ASSISTANCE = frozenset({CaseKind.DATA_SUBJECT_REQUEST, CaseKind.BREACH_NOTICE})


def case_of(world: World, kinds: Collection[CaseKind]) -> tuple[CaseRecord, TenantRecord]:
    """The case that is named, and its tenant. Raises ``RefusedError`` for one of another tenant or kind, and for one
    that is closed."""
    tenant = world.tenants()[0]
    record = world.record(CaseRecord, world.needed("case"))
    if record.tenant != tenant.id:
        raise RefusedError(f"case {record.id} is one of {record.tenant}", "fields.case")
    if record.kind not in kinds:
        raise RefusedError(f"case {record.id} is of the kind {record.kind}", "fields.case")
    if record.state is CaseState.CLOSED:
        raise RefusedError(f"case {record.id} is closed", "fields.case")
    return record, tenant


def begun(world: World, before: CaseRecord | None, after: Case, tenant: TenantRecord) -> tuple[MovedClock, ...]:
    """The clock that begins. Raises ``RefusedError`` where none can be reckoned."""
    one = None if before is None else nouns.case(before)
    found = moved_of_case(one, after, world.noun(tenant), world.policy)
    if not found:
        raise RefusedError(f"{tenant.id}: the clock {CLOCK_OF[after.kind]} cannot be reckoned", tenant.id)
    return found


def told(record: CaseRecord, after: str) -> TenantChange:
    """The case before and after."""
    delivered = "" if record.delivered_at is None else f", delivered {say_instant(record.delivered_at)}"
    return TenantChange(tenant=record.tenant, before=f"case {record.id} {record.state}{delivered}", after=after)
