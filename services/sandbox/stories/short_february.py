"""Three months from the last day of November, into a February that has no such day."""

from __future__ import annotations

from calendar import isleap
from datetime import date

from services.model import LifecycleState, Status
from services.sandbox import endings
from services.sandbox.builder import Builder
from services.sandbox.dates import state_at
from services.sandbox.options import DEDICATED_ACCOUNT
from services.sandbox.stories.base import Expectations, overall, retention

NAME = "short-february"
SENTENCE = (
    "The subscription ended on 30 November of a year before a February of 28 days: three months are over at the end of "
    "the 28th. Everything was done in time."
)


def last_such(today: date) -> date:
    """The last 30 November before ``today`` that a February of 28 days follows."""
    year = today.year - (today <= date(today.year, 11, 30))
    while isleap(year + 1):
        year -= 1
    return date(year, 11, 30)


def plant(builder: Builder) -> Expectations:
    active = builder.tenant("gekko-talk", "Gekko Talk", "dedicated", "eu-west-2")
    ended = last_such(builder.today(active))
    due = state_at(active, ended, builder.at)
    done = LifecycleState.DESTROYED if due is LifecycleState.DESTROYING else due
    tenant = active.model_copy(update={"state": done})
    builder.planting.tenants[-1] = tenant
    endings.ended(builder, tenant, ended)
    if done is LifecycleState.GRACE:
        name = "gekko-talk-core"
        instance = builder.instance(
            DEDICATED_ACCOUNT, tenant.region, name, tier="dedicated", tags=(("tenant", tenant.id),)
        )
        builder.store(tenant, instance.arn)
    elif done is LifecycleState.DISMISSED:
        endings.farewell(builder, tenant)
    state = retention(tenant.id, "state", Status.OK)
    return (state, overall(tenant.id, Status.OK)) if done is LifecycleState.DESTROYED else (state,)
