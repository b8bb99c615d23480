"""The actions, each on a story; the stories are told in ``services/sandbox/stories``."""

from __future__ import annotations

from typing import Final

from tests.journeys.acts import (
    DEDICATED,
    FRANKFURT,
    NOW,
    PUBLIC,
    SINGAPORE,
    UNTIL,
    VIRGINIA,
    Act,
    Played,
    a_recovery_point_of,
    a_slot_that_has_begun,
    a_snapshot_of,
    each,
    ended_the_day_before_yesterday,
    ends_then,
    fax_alone,
    globex_runs_on_its_standby,
    its_rto,
    no_window,
    one_window,
    tested_and_tidied,
    the_database_still_runs,
    today_in_dubai,
    where_globex_runs,
)
from tests.journeys.clusters import ON_CLUSTERS
from tests.journeys.places import OVER_PLACES

SLOW, WONKA = f"arn:aws:rds:{VIRGINIA}:{PUBLIC}:db:acme-slow-db", f"arn:aws:rds:{FRANKFURT}:{PUBLIC}:db:wonka-desk-db"
PENDANT = f"arn:aws:rds:{SINGAPORE}:{DEDICATED}:db:pendant-press-core"
GLOBEX = f"arn:aws:rds:{FRANKFURT}:{DEDICATED}:db:globex-voice-core"
SUBSCRIPTION, TENANT = "/subscriptions/sub-{tenant}-1", "/tenants/{tenant}"

TABLE: Final[tuple[Played, ...]] = (
    Played(
        "grace-ending",
        "soylent-help",
        (Act("renew", TENANT, {"state": "active"}, {"until": UNTIL}, also=ends_then),),
    ),
    Played(
        "export-preparing",
        "bluth-help",
        (
            Act(
                "export-cancel",
                "/exports/exp-bluth-help",
                {"state": "cancelled"},
                {"export": "exp-bluth-help", "reason": "withdrawn by its IT"},
            ),
            Act(
                "export-register",
                "/exports/{made}",
                {"state": "requested", "reference": "DPO-2026-7", "checked_by": "dpo@example.org"},
                {
                    "reference": "DPO-2026-7",
                    "requested": "2026-11-20",
                    "requester": "it@bluth-help.example",
                    "checked_by": "dpo@example.org",
                },
            ),
            Act("confirm-termination", SUBSCRIPTION, {"termination_confirmed_at": NOW}, {"by": "letter"}),
        ),
    ),
    Played(
        "state-lags",
        "duff-contact",
        (
            Act("dismiss", TENANT, {"state": "dismissed"}, also=the_database_still_runs("duff-contact-db", FRANKFURT)),
            Act("reinstate", TENANT, {"state": "active"}, {"until": UNTIL}, also=ends_then),
        ),
    ),
    Played(
        "restore-tests",
        "initrode-pbx",
        (Act("disable", TENANT, {"state": "grace"}, also=the_database_still_runs("initrode-pbx-db", FRANKFURT)),),
        before=ended_the_day_before_yesterday,
    ),
    Played(
        "unprotected-bucket",
        "oscorp-fax",
        (
            Act(
                "terminate-breach",
                TENANT,
                {"state": "dismissed"},
                {"breach": "Resold numbers to robocallers"},
                also=today_in_dubai,
            ),
        ),
    ),
    Played(
        "held-not-by-law",
        "weyland-desk",
        (
            Act(
                "hold-place",
                "/holds/{made}",
                {"basis": "union-law", "owner": "legal", "placed_at": NOW, "lifted_at": None},
                {"basis": "union-law", "owner": "legal", "reason": "Cartel case 7"},
            ),
            Act("hold-lift", "/holds/hold-weyland-desk", {"lifted_at": NOW}, {"hold": "hold-weyland-desk"}),
        ),
    ),
    Played(
        "conduct-case",
        "sprawl-mart",
        (
            Act(
                "case-open",
                "/cases/{made}",
                {"kind": "acceptable-use", "state": "open", "scope": "application voice", "delivered_at": None},
                {"scope": "application voice", "summary": "Robocalls"},
            ),
            Act(
                "case-deliver",
                "/cases/{case}",
                {"delivered_at": "{yesterday}"},
                {"case": "{case}", "delivered": "{yesterday}"},
            ),
            Act(
                "case-disable",
                "/cases/{case}",
                {"state": "disabled", "disabled_at": NOW, "disabled_scope": "application voice"},
                {"case": "{case}"},
                also=fax_alone,
            ),
            Act("case-correct", "/cases/{case}", {"state": "corrected", "ended_at": NOW}, {"case": "{case}"}),
            Act("case-reinstate", "/cases/{case}", {"state": "closed", "reinstated_at": NOW}, {"case": "{case}"}),
            Act(
                "case-close",
                "/cases/case-sprawl-mart-1",
                {"state": "closed", "ended_at": NOW, "outcome": "the numbers were its own"},
                {"case": "case-sprawl-mart-1", "outcome": "the numbers were its own"},
            ),
        ),
    ),
    Played(
        "assistance-cases",
        "yoyodyne-phone",
        (
            Act(
                "assist-answer",
                "/cases/case-yoyodyne-phone-1",
                {"ended_at": NOW, "outcome": "told by telephone, then by mail"},
                {"case": "case-yoyodyne-phone-1", "outcome": "told by telephone, then by mail"},
            ),
            Act(
                "assist-close",
                "/cases/case-yoyodyne-phone-1",
                {"state": "closed"},
                {"case": "case-yoyodyne-phone-1"},
            ),
            Act(
                "assist-open",
                "/cases/{made}",
                {"kind": "data-subject-request", "state": "open", "delivered_at": "{yesterday}"},
                {"kind": "data-subject-request", "received": "{yesterday}", "scope": "mailbox 12"},
            ),
        ),
    ),
    Played(
        "restore-tests",
        "acme-slow",
        (
            Act(
                "restore-test",
                "/recovery-tests/{made}",
                {"store": SLOW, "kind": "restore", "started_at": NOW, "ended_at": NOW, "succeeded": True},
                {"store": SLOW, "reference": "protocol 8"},
                also=each(tested_and_tidied("acme-slow-db", VIRGINIA), its_rto("ok")),
            ),
            Act(
                "test-record",
                "/recovery-tests/{made}",
                {"store": SLOW, "kind": "restore", "succeeded": True, "started_at": "{yesterday}"},
                {
                    "store": SLOW,
                    "kind": "restore",
                    "started": "{yesterday}",
                    "ended": "{later}",
                    "succeeded": "yes",
                    "reference": "protocol 9",
                },
            ),
        ),
        before=its_rto("breached"),
    ),
    Played(
        "nine-minutes-behind",
        "globex-voice",
        (
            Act(
                "failover-test",
                "/recovery-tests/{made}",
                {"store": GLOBEX, "kind": "failover", "started_at": NOW, "ended_at": NOW, "succeeded": True},
                {"store": GLOBEX, "reference": "protocol 12"},
                also=globex_runs_on_its_standby,
            ),
        ),
        before=where_globex_runs,
    ),
    Played(
        "slot-in-a-gap",
        "spacely-voice",
        (
            Act(
                "slot-schedule",
                "/slots/{made}",
                {"state": "scheduled", "starts_at": "2026-12-08T22:00:00Z", "ends_at": "2026-12-08T23:30:00Z"},
                {"start": "2026-12-08 22:00", "zone": "Europe/London", "length": "90m", "reason": "Upgrade"},
                also=one_window("2026-12-08T22:00Z", 2),
            ),
            Act(
                "slot-move",
                "/slots/{slot}",
                {"starts_at": "2026-12-09T21:00:00Z", "ends_at": "2026-12-09T22:30:00Z", "announced_at": NOW},
                {"slot": "{slot}", "start": "2026-12-09 21:00", "announce": "yes"},
                tenants=False,
                also=one_window("2026-12-09T21:00Z", 2),
            ),
            Act(
                "slot-extend",
                "/slots/{slot}",
                {"ends_at": "2026-12-09T23:30:00Z", "announced_at": None},
                {"slot": "{slot}", "by": "1h"},
                tenants=False,
                also=one_window("2026-12-09T21:00Z", 3),
            ),
            Act(
                "slot-cancel",
                "/slots/{slot}",
                {"state": "cancelled"},
                {"slot": "{slot}"},
                tenants=False,
                also=no_window,
            ),
            Act("slot-done", "/slots/begun", {"state": "done"}, {"slot": "begun"}, tenants=False),
        ),
        before=a_slot_that_has_begun,
    ),
    OVER_PLACES,
    *ON_CLUSTERS,
    Played(
        "no-standby",
        "pendant-press",
        (
            Act(
                "backup-start",
                "/orders/{order}",
                {"state": "done"},
                {"store": PENDANT, "method": "snapshot"},
                also=a_snapshot_of("pendant-press-core", DEDICATED, SINGAPORE),
            ),
        ),
    ),
    Played(
        "expired-point",
        "wonka-desk",
        (
            Act(
                "backup-start",
                "/orders/{order}",
                {"state": "done"},
                {"store": WONKA, "method": "backup", "vault": "suite-daily", "keep": "35"},
                also=a_recovery_point_of(WONKA, PUBLIC, FRANKFURT, "suite-daily"),
            ),
        ),
    ),
)
