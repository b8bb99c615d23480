"""What the clocks say of a tenant at an instant: the clocks, its due state, and a verdict for each clock that runs.

The recorded state is what somebody did and evidence supports; the due state follows the clocks. A clock never
pretends that an act was done: where the record lags behind, or runs ahead, that is a verdict of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.agreement.basics import HOSTED_DATA
from services.agreement.life import life_of
from services.agreement.policy import Policy
from services.model import Clock, Export, Hold, LifecycleState, Tenant, Verdict


def tenant_clocks(
    tenant: Tenant,
    policy: Policy,
    *,
    export_available: datetime | None = None,
    export_requested: datetime | None = None,
    exports: Sequence[Export] = (),
    holds: Sequence[Hold] = (),
) -> tuple[Clock, ...]:
    """The clocks that follow from a tenant's end date, past or to come; the instants in UTC.

    ``exports`` are the tenant's: each whose package may still stand has an ``export_window``; the soonest close of
    those that were delivered complete and requested after the end is when ``hosted_data`` is due, if that is before
    its own end, but never before the grace has ended. ``holds`` move no clock: what they excuse is the verdicts' word.

    ``export_available`` tells of one such export without a record of it (as it is taken to be requested after the
    end unless ``export_requested`` says otherwise). An export that failed, is incomplete or was not delivered must
    not be given so.

    Without an agreed end only the windows are there. Empty where the clocks cannot be reckoned (an unknown zone, an
    end beyond the calendar): ``lifecycle_verdicts`` then says ``unknown`` and why, ``reckon_clocks`` raises.
    """
    return life_of(tenant, policy, exports, holds, export_available, export_requested).clocks


def state_due(
    tenant: Tenant,
    policy: Policy,
    now: datetime,
    *,
    export_available: datetime | None = None,
    export_requested: datetime | None = None,
    exports: Sequence[Export] = (),
    holds: Sequence[Hold] = (),
) -> LifecycleState | None:
    """The state that the clocks call for at ``now``; ``None`` where they cannot be reckoned.

    ``destroyed`` is due when the outer clock of ``return-or-delete`` is over; that it may be reached earlier, as
    soon as no residue remains, no clock says. While a hold by law stands, no more than ``dismissed`` is due.
    """
    return life_of(tenant, policy, exports, holds, export_available, export_requested).at(now).due


def lifecycle_verdicts(
    tenant: Tenant,
    policy: Policy,
    now: datetime,
    *,
    export_available: datetime | None = None,
    export_requested: datetime | None = None,
    hosted_data_met_at: datetime | None = None,
    exports: Sequence[Export] = (),
    holds: Sequence[Hold] = (),
) -> tuple[Verdict, ...]:
    """A verdict for each clock that runs or is unmet (its name is the figure), and for ``state``. Never raises.

    ``hosted_data_met_at`` is when an inventory found no readable store; without it, the data of a tenant whose
    destruction is not recorded as finished is taken to be there. A verdict's ``at`` is the clock's end, that of
    ``state`` the instant since when the due state is due. The windows of ``exports`` are judged by ``judge_export``.
    """
    found = life_of(tenant, policy, exports, holds, export_available, export_requested).at(now).verdicts
    if hosted_data_met_at is not None and hosted_data_met_at <= now:
        return tuple(verdict for verdict in found if verdict.figure != HOSTED_DATA)
    return found
