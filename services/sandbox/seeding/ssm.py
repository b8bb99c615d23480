"""SSM: maintenance windows with their schedules, tags and past executions."""

from __future__ import annotations

from typing import Any

from moto.ssm.models import FakeMaintenanceWindow, ssm_backends

from services.sandbox.plan import Planting
from services.sandbox.taught.ssm import CREATED_AT, ENABLED, RAN_AT


def seed_ssm(planting: Planting) -> None:
    for plan in planting.windows:
        window: Any = FakeMaintenanceWindow(
            name=plan.name,
            description=plan.description,
            duration=plan.duration_h,
            cutoff=plan.cutoff_h,
            schedule=plan.schedule,
            schedule_timezone=plan.zone,
            schedule_offset=None,  # type: ignore[arg-type] # absent, as where none was given
            start_date=None,  # type: ignore[arg-type]
            end_date=None,  # type: ignore[arg-type]
        )
        window.id = plan.id
        for name, value in ((ENABLED, plan.enabled), (CREATED_AT, plan.created_at), (RAN_AT, plan.ran_at)):
            setattr(window, name, value)
        backend = ssm_backends[plan.account][plan.region]
        backend.windows[plan.id] = window
        if plan.tags:
            backend.add_tags_to_resource("MaintenanceWindow", plan.id, dict(plan.tags))
