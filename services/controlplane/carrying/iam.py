"""The IAM document of the worker's role, made from what it writes with, and what it asks to plan and to record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.checks.base import actions_of
from services.checks.iam import VERSION
from services.checks.links import LINKS_PEERING
from services.controlplane.anchoring import ACTIONS, AnchorPlace
from services.controlplane.asking import CHECKS, WINDOW_ACTIONS
from services.controlplane.carrying.writers import WRITERS
from services.controlplane.carrying.writers.base import Writer
from services.orders.names import COPY_NAME, ORDER_TAG, SNAPSHOT_NAME

HANDING = "iam:PassRole"
TAKES_ROLES = "backup.amazonaws.com"
"""The one service that the worker hands a role to."""
DELETING = ("rds:DeleteDBCluster", "rds:DeleteDBInstance")
"""What is deleted is named as a copy, and bears the tag of an order, by which it was made."""
MAKING = ("rds:CreateDBInstance",)
"""What is made bears it from the first."""
TAGGING = ("rds:AddTagsToResource",)
"""No store gets the tag: only what has a name that orders give, copies and snapshots."""
KEYS = ("kms:CreateGrant", "kms:DescribeKey")
"""Used through RDS alone."""
_COPIES = tuple(f"arn:aws:rds:*:*:{kind}:{COPY_NAME}*" for kind in ("cluster", "db"))
_SNAPSHOTS = tuple(f"arn:aws:rds:*:*:{kind}:{SNAPSHOT_NAME}*" for kind in ("cluster-snapshot", "snapshot"))


def writing_actions(writers: Iterable[Writer] | None = None) -> tuple[str, ...]:
    """What these writers call, all of them where none are named; sorted."""
    chosen = WRITERS.values() if writers is None else writers
    return tuple(sorted({action for writer in chosen for action in writer.actions}))


def asking_actions() -> tuple[str, ...]:
    """What is read before a plan is made; sorted."""
    return tuple(sorted({*WINDOW_ACTIONS, *actions_of(CHECKS)}))


def recording_actions() -> tuple[str, ...]:
    """What the recorder reads beside that, of private links; sorted."""
    return actions_of((LINKS_PEERING,))


def worker_policy(anchors: AnchorPlace | None = None) -> dict[str, Any]:
    """The policy of the role that the worker assumes in each account: these writes and reads, no more.

    A role is handed to AWS Backup alone. No database is deleted that is not named as a copy and tagged by an order,
    none made without that tag, and no store gets it (service authorization reference, "Amazon RDS"). What bears
    neither name nor tag before it is made takes no narrower resource than ``*``.
    Where the audit log's head is kept in S3, the role of that bucket's account writes and reads those objects alone.
    """
    apart = {HANDING, *DELETING, *MAKING, *TAGGING, *KEYS}
    writing = [action for action in writing_actions() if action not in apart]
    statements: list[dict[str, Any]] = [
        {"Sid": "TenureWrite", "Effect": "Allow", "Action": writing, "Resource": "*"},
        {"Sid": "TenureAsk", "Effect": "Allow", "Action": list(asking_actions()), "Resource": "*"},
        {"Sid": "TenureRecord", "Effect": "Allow", "Action": list(recording_actions()), "Resource": "*"},
        _tagged("TenureMakeCopy", MAKING, "aws:RequestTag", "*"),
        _tagged("TenureDeleteCopy", DELETING, "aws:ResourceTag", list(_COPIES)),
        {"Sid": "TenureTag", "Effect": "Allow", "Action": list(TAGGING), "Resource": [*_COPIES, *_SNAPSHOTS]},
        {
            "Sid": "TenureUseKeys",
            "Effect": "Allow",
            "Action": list(KEYS),
            "Resource": "*",
            "Condition": {"StringLike": {"kms:ViaService": "rds.*.amazonaws.com"}},
        },
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


def _tagged(sid: str, actions: Iterable[str], key: str, resource: str | list[str]) -> dict[str, Any]:
    condition = {"StringLike": {f"{key}/{ORDER_TAG}": "?*"}}
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resource, "Condition": condition}
