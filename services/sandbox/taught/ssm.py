"""SSM maintenance windows: changes, client tokens, executions, the next execution, pages.

Read from the API reference of 2014-11-06 (UpdateMaintenanceWindow, DescribeMaintenanceWindows,
DescribeMaintenanceWindowExecutions, DescribeMaintenanceWindowSchedule).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from moto.core.responses import ActionResult
from moto.ssm.exceptions import DoesNotExistException, ValidationException
from moto.ssm.responses import SimpleSystemManagerResponse as Response

from services.agreement import ZoneError
from services.now import Now
from services.sandbox.schedule import ScheduleError, executions
from services.sandbox.taught.tokens import TokenError, take

DEFAULT_RESULTS = 50
FEWEST_RESULTS, MOST_RESULTS = 10, 100
SHOWN_AHEAD = 10

ENABLED = "tenure_enabled"
CREATED_AT = "tenure_created_at"
RAN_AT = "tenure_ran_at"
MADE_BY = "tenure_client_token"
"""Attributes of a moto window, or of a target of one, beside moto's own."""


NOW = "tenure_now"
"""The attribute of the response class that tells the time."""


def teach(now: Now) -> None:
    """Change moto's SSM in this process; ``now`` is the sandbox's clock."""
    setattr(Response, NOW, staticmethod(now))
    for method in (
        describe_maintenance_windows,
        get_maintenance_window,
        create_maintenance_window,
        register_target_with_maintenance_window,
        update_maintenance_window,
        describe_maintenance_window_executions,
        describe_maintenance_window_schedule,
    ):
        setattr(Response, method.__name__, method)


def _now(response: Response) -> datetime:
    moment: datetime = getattr(response, NOW)()
    return moment


def _ahead(window: Any, now: datetime) -> Iterator[datetime]:
    """The executions to come; none of a window that is off, or whose schedule nobody can read."""
    if not getattr(window, ENABLED, True):
        return
    with suppress(ScheduleError, ZoneError):
        yield from executions(window.schedule, window.schedule_timezone, getattr(window, CREATED_AT, now), now)


def _say(window: Any, now: datetime) -> dict[str, Any]:
    following = next(_ahead(window, now), None)
    answer = {
        **window.to_json(),
        "Enabled": getattr(window, ENABLED, True),
        "NextExecutionTime": write_time(following) if following else None,
    }
    return {name: value for name, value in answer.items() if value is not None}


_CREATE = Response.create_maintenance_window
_REGISTER = Response.register_target_with_maintenance_window


def describe_maintenance_windows(self: Response) -> ActionResult:
    found = self.ssm_backend.describe_maintenance_windows(None)
    for each in self._get_param("Filters", None) or ():
        if each["Key"] == "Name":
            found = [window for window in found if window.name in each["Values"]]
        elif each["Key"] == "Enabled":
            wanted = {value.lower() == "true" for value in each["Values"]}
            found = [window for window in found if getattr(window, ENABLED, True) in wanted]
        else:
            raise ValidationException(f"{each['Key']} is no key of a filter: Name, Enabled")
    return _page(self, "WindowIdentities", [_say(window, _now(self)) for window in found], "WindowId")


def get_maintenance_window(self: Response) -> ActionResult:
    window = self.ssm_backend.get_maintenance_window(self._get_param("WindowId"))
    created = getattr(window, CREATED_AT, None) or _now(self)
    dates = {"CreatedDate": created, "ModifiedDate": created, "AllowUnassociatedTargets": False}
    return ActionResult({**_say(window, _now(self)), **dates})


def create_maintenance_window(self: Response) -> ActionResult:
    """The same client token makes the same window, however often it is sent."""
    token = self._get_param("ClientToken", None)
    for window in self.ssm_backend.windows.values():
        if token and getattr(window, MADE_BY, None) == token:
            return ActionResult({"WindowId": window.id})
    answer = _CREATE(self)
    said: Any = answer.result
    made: Any = self.ssm_backend.windows[said["WindowId"]]
    setattr(made, CREATED_AT, _now(self))
    setattr(made, MADE_BY, token)
    return answer


def register_target_with_maintenance_window(self: Response) -> ActionResult:
    """As above: a token registers once. A window that is not there is refused."""
    token = self._get_param("ClientToken", None)
    window: Any = self.ssm_backend.get_maintenance_window(self._get_param("WindowId"))
    for target in window.targets.values():
        if token and getattr(target, MADE_BY, None) == token:
            return ActionResult({"WindowTargetId": target.window_target_id})
    answer = _REGISTER(self)
    said: Any = answer.result
    setattr(window.targets[said["WindowTargetId"]], MADE_BY, token)
    return answer


def update_maintenance_window(self: Response) -> ActionResult:
    window: Any = self.ssm_backend.windows.get(self._get_param("WindowId"))
    if window is None:
        raise DoesNotExistException(self._get_param("WindowId"))
    replaced = self._get_param("Replace", None)
    for name, attribute in (
        ("Name", "name"),
        ("Description", "description"),
        ("StartDate", "start_date"),
        ("EndDate", "end_date"),
        ("Schedule", "schedule"),
        ("ScheduleTimezone", "schedule_timezone"),
        ("ScheduleOffset", "schedule_offset"),
        ("Duration", "duration"),
        ("Cutoff", "cutoff"),
        ("Enabled", ENABLED),
    ):
        value = self._get_param(name, None)
        if value is not None:
            setattr(window, attribute, value)
        elif replaced:  # what is left out is taken back
            setattr(window, attribute, True if attribute == ENABLED else None)
    answer = _say(window, _now(self))
    answer.pop("NextExecutionTime", None)
    return ActionResult(answer)


def describe_maintenance_window_executions(self: Response) -> ActionResult:
    window: Any = self.ssm_backend.get_maintenance_window(self._get_param("WindowId"))
    found = [
        {
            "WindowId": window.id,
            "WindowExecutionId": str(uuid5(NAMESPACE_URL, f"{window.id}/{started.isoformat()}")),
            "Status": "SUCCESS",
            "StartTime": started,
            "EndTime": started,
        }
        for started in getattr(window, RAN_AT, ())
    ]
    for each in self._get_param("Filters", None) or ():
        bound = datetime.fromisoformat(each["Values"][0]).astimezone(UTC)
        before = each["Key"] == "ExecutedBefore"
        found = [one for one in found if (one["StartTime"] < bound) is before]
    return _page(self, "WindowExecutions", found, "WindowExecutionId")


def describe_maintenance_window_schedule(self: Response) -> ActionResult:
    now = _now(self)
    wanted = self._get_param("WindowId", None)
    windows = [self.ssm_backend.get_maintenance_window(wanted)] if wanted else self.ssm_backend.windows.values()
    found = [
        {"WindowId": window.id, "Name": window.name, "ExecutionTime": write_time(at)}
        for window in windows
        for at in islice(_ahead(window, now), SHOWN_AHEAD)
    ]
    return _page(self, "ScheduledWindowExecutions", found, "ExecutionTime", "WindowId")


def write_time(at: datetime) -> str:
    """As SSM writes an execution's time: in the window's zone, without the seconds where there are none."""
    text = at.isoformat(timespec="seconds" if at.second else "minutes")
    return text.replace("+00:00", "Z")


def _page(response: Response, member: str, found: list[dict[str, Any]], *keys: str) -> ActionResult:
    size = response._get_int_param("MaxResults", DEFAULT_RESULTS)  # noqa: SLF001 - moto's own way to a parameter
    if not FEWEST_RESULTS <= size <= MOST_RESULTS:
        raise ValidationException(f"MaxResults must be between {FEWEST_RESULTS} and {MOST_RESULTS}")
    token = response._get_param("NextToken", None)  # noqa: SLF001 - as above
    try:
        items, following = take(found, lambda one: "\n".join(str(one[key]) for key in keys), size, token)
    except TokenError:
        raise ValidationException("The specified token isn't valid.") from None
    return ActionResult({member: items, "NextToken": following})
