"""The IAM document of the worker's role, made from what it writes with and from what it asks before a plan is made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.checks.base import actions_of
from services.checks.iam import VERSION
from services.controlplane.anchoring import ACTIONS, AnchorPlace
from services.controlplane.asking import CHECKS, WINDOW_ACTIONS
from services.controlplane.carrying.writers import WRITERS
from services.controlplane.carrying.writers.base import Writer
from services.orders.windows import ORDER_TAG

HANDING = "iam:PassRole"
TAKES_ROLES = "backup.amazonaws.com"
"""The one service that the worker hands a role to."""
DELETING = ("rds:DeleteDBCluster", "rds:DeleteDBInstance")
"""What is deleted bears the tag of an order, by which it was made."""
MAKING = ("rds:CreateDBInstance",)
"""What is made bears it from the first."""


def writing_actions(writers: Iterable[Writer] | None = None) -> tuple[str, ...]:
    """What these writers call, all of them where none are named; sorted."""
    chosen = WRITERS.values() if writers is None else writers
    return tuple(sorted({action for writer in chosen for action in writer.actions}))


def asking_actions() -> tuple[str, ...]:
    """What is read before a plan is made; sorted."""
    return tuple(sorted({*WINDOW_ACTIONS, *actions_of(CHECKS)}))


def worker_policy(anchors: AnchorPlace | None = None) -> dict[str, Any]:
    """The policy of the role that the worker assumes in each account: these writes and reads, no more.

    A role is handed to AWS Backup alone. No database is deleted that does not bear the tag of an order, and none made
    without it (RDS takes both conditions: service authorization reference, "Amazon RDS"). What bears no tag before it
    is made takes no narrower resource than ``*``.
    Where the audit log's head is kept in S3, the role of that bucket's account writes and reads those objects alone.
    """
    apart = {HANDING, *DELETING, *MAKING}
    writing = [action for action in writing_actions() if action not in apart]
    statements: list[dict[str, Any]] = [
        {"Sid": "TenureWrite", "Effect": "Allow", "Action": writing, "Resource": "*"},
        {"Sid": "TenureAsk", "Effect": "Allow", "Action": list(asking_actions()), "Resource": "*"},
        _tagged("TenureMakeCopy", MAKING, "aws:RequestTag"),
        _tagged("TenureDeleteCopy", DELETING, "aws:ResourceTag"),
        {
            "Sid": "TenurePassRole",
            "Effect": "Allow",
            "Action": HANDING,
            "Resource": "*",
            "Condition": {"StringEquals": {"iam:PassedToService": TAKES_ROLES}},
        },
    ]
    if anchors is not None:
        keeping = {"Sid": "TenureAnchor", "Effect": "Allow", "Action": list(ACTIONS), "Resource": anchors.arn}
        statements.append(keeping)
    return {"Version": VERSION, "Statement": statements}


def _tagged(sid: str, actions: Iterable[str], key: str) -> dict[str, Any]:
    condition = {"StringLike": {f"{key}/{ORDER_TAG}": "?*"}}
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": "*", "Condition": condition}
