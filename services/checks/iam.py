"""The IAM documents of the console, made from the declared checks; and by what name IAM knows what a client calls."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.checks.base import Check, actions_of

VERSION = "2012-10-17"
"""Of the policy language (IAM user guide, "IAM JSON policy elements: Version")."""

_PREFIXES = {"resourcegroupstaggingapi": "tag"}
_NAMES = {
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
}


def action_of(service: str, operation: str) -> str:
    """The IAM action of an operation of a service as boto3 names it (Service Authorization Reference)."""
    named = f"{_PREFIXES.get(service, service)}:{operation}"
    return _NAMES.get(named, named)


def iam_policy(checks: Iterable[Check]) -> dict[str, Any]:
    """The IAM policy document of the role that the console assumes in each account: these checks' reads, no more.

    Most of these take no narrower resource than ``*`` (Service Authorization Reference); what takes one, buckets and
    vaults, is all to be seen. ``sts:GetCallerIdentity`` needs no permission.
    """
    return _document({"Sid": "TenureRead", "Effect": "Allow", "Action": list(actions_of(checks)), "Resource": "*"})


def operator_policy(role_arns: Iterable[str]) -> dict[str, Any]:
    """The policy of the operators' own credentials: they assume these roles, and nothing else."""
    return _document(
        {"Sid": "TenureAssume", "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": sorted(set(role_arns))}
    )


def trust_policy(principal: str, external_id: str | None = None) -> dict[str, Any]:
    """The trust policy of the role in each account: ``principal`` may assume it, with the external id if there is one.

    ``principal`` is the ARN of the operators' role or user, or of their account (``arn:aws:iam::111122223333:root``).
    """
    more = {"Condition": {"StringEquals": {"sts:ExternalId": external_id}}} if external_id else {}
    return _document(
        {
            "Sid": "TenureTrust",
            "Effect": "Allow",
            "Principal": {"AWS": principal},
            "Action": "sts:AssumeRole",
            **more,
        }
    )


def _document(statement: dict[str, Any]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": [statement]}
