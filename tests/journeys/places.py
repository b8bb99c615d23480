"""A maintenance slot of a tier in a region whose tenants lie in two accounts: a window in each, both or neither."""

from __future__ import annotations

from typing import Any, Final

from tests.journeys.acts import DEDICATED, FRANKFURT, NOW, PUBLIC, Act, Check, Played, Scene, each
from tests.support.acting import WORKER, Registry

LIVES: Final = {DEDICATED: "globex-voice", PUBLIC: "tyrell-voice"}
"""The dedicated tenants of Frankfurt by account, once one of them has moved."""


def one_has_moved(scene: Scene) -> None:
    """Where a tenant lives is master data: an operator's PUT, as an import would write it."""
    path = f"/tenants/{LIVES[PUBLIC]}"
    record = scene.registry.get(path)
    assert record is not None
    assert record["account"] == DEDICATED
    Registry(scene.sandbox, scene.sandbox.tokens["operator"]).put(path, {**record, "account": PUBLIC})


def it_has_moved_back(scene: Scene) -> None:
    """While the slot has a window where it lived: nobody of the slot lives there now."""
    path = f"/tenants/{LIVES[PUBLIC]}"
    record = scene.registry.get(path)
    assert record is not None
    Registry(scene.sandbox, scene.sandbox.tokens["operator"]).put(path, {**record, "account": DEDICATED})


def windows_in(scene: Scene, account: str) -> list[dict[str, Any]]:
    """The maintenance windows of the slot that was made, in one of the accounts."""
    named = f"Key=Name,Values=tenure-{scene.known['slot']}"
    found = scene.aws(account, FRANKFURT, "ssm", "describe-maintenance-windows", "--filters", named)
    identities: list[dict[str, Any]] = found["WindowIdentities"]
    return identities


def a_window_in_each(next_at: str, hours: int) -> Check:
    """Each at that time, and over what is tagged as of the tenant that lives there, not of the other."""

    def check(scene: Scene) -> None:
        for account, tenant in LIVES.items():
            (window,) = windows_in(scene, account)
            assert (window["NextExecutionTime"], window["Duration"], window["Enabled"]) == (next_at, hours, True)
            asked = ("ssm", "describe-maintenance-window-targets", "--window-id", window["WindowId"])
            (target,) = scene.aws(account, FRANKFURT, *asked)["Targets"]
            assert target["Targets"] == [{"Key": "tag:tenant", "Values": [tenant]}]

    return check


def somebody_deletes_one(scene: Scene) -> None:
    """Past Tenure: the slot has half of its windows, until it is moved, which makes the other one again."""
    (window,) = windows_in(scene, PUBLIC)
    aws = scene.aws.as_role(WORKER)
    aws(PUBLIC, FRANKFURT, "ssm", "delete-maintenance-window", "--window-id", window["WindowId"])
    assert [len(windows_in(scene, account)) for account in LIVES] == [1, 0]


def in_each_history(scene: Scene) -> None:
    """That the order was accepted, and how it ended, by the audit log of either tenant alone."""
    for tenant in LIVES.values():
        log = [it for it in scene.registry.all("/audit", tenant=tenant) if it["order"] == scene.known["order"]]
        assert [it["outcome"] for it in reversed(log)] == ["accepted", "done"]


def a_window_in_none(scene: Scene) -> None:
    assert [windows_in(scene, account) for account in LIVES] == [[], []]


OVER_PLACES: Final = Played(
    "one-tunnel-down",
    LIVES[PUBLIC],
    (
        Act(
            "slot-schedule",
            "/slots/{made}",
            {"state": "scheduled", "tier": "dedicated", "starts_at": "2026-12-08T21:00:00Z"},
            {
                "start": "2026-12-08 22:00",
                "length": "90m",
                "reason": "Network",
                "tier": "dedicated",
                "region": FRANKFURT,
            },
            tenants=False,
            also=each(a_window_in_each("2026-12-08T22:00+01:00", 2), somebody_deletes_one),
        ),
        Act(
            "slot-move",
            "/slots/{slot}",
            {"starts_at": "2026-12-09T20:00:00Z", "ends_at": "2026-12-09T21:30:00Z", "announced_at": NOW},
            {"slot": "{slot}", "start": "2026-12-09 21:00", "announce": "yes"},
            tenants=False,
            also=a_window_in_each("2026-12-09T21:00+01:00", 2),
        ),
        Act(
            "slot-extend",
            "/slots/{slot}",
            {"ends_at": "2026-12-09T22:30:00Z", "announced_at": None},
            {"slot": "{slot}", "by": "1h"},
            tenants=False,
            also=each(a_window_in_each("2026-12-09T21:00+01:00", 3), it_has_moved_back),
        ),
        Act(
            "slot-cancel",
            "/slots/{slot}",
            {"state": "cancelled"},
            {"slot": "{slot}"},
            tenants=False,
            also=each(a_window_in_none, in_each_history),
        ),
    ),
    before=one_has_moved,
    again=True,
)
