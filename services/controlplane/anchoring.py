"""Keeping where the audit log ends in S3, in objects that nobody overwrites.

Each anchor is an object of its own, made only where there is none under its key (``If-None-Match: *``). In a bucket
with Object Lock in compliance mode not even its owner deletes one before its time, so that whoever keeps the database
cannot make the log forget.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from services.controlplane.audit import Actor, write_entry
from services.controlplane.chaining import read_head
from services.controlplane.chores import ChoreFailedError, Doing, Turn
from services.controlplane.store import Database
from services.wire.anchor import Anchor, AnchoredRecord
from services.wire.registry import WhoAmI

if TYPE_CHECKING:
    from services.aws.session import Clients

ANCHOR: Final = "anchor"
"""The chore's name."""
ACTIONS: Final = ("s3:GetObject", "s3:PutObject")
"""What the worker's role needs in the bucket, under the prefix."""
_URI: Final = re.compile(r"s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9!_.*'()/-]*))?", re.ASCII)


class NotAnchoredError(Exception):
    """The anchor was not kept, or it is not known whether it was; ``str()`` says why."""


@dataclass(frozen=True, slots=True)
class AnchorPlace:
    """Where anchors are kept."""

    bucket: str
    prefix: str
    """Empty, or with a slash at its end."""
    account: str
    region: str

    @property
    def arn(self) -> str:
        """Of all the objects there."""
        return f"arn:{partition_of(self.region)}:s3:::{self.bucket}/{self.prefix}*"

    @classmethod
    def of(cls, uri: str, account: str, region: str) -> AnchorPlace:
        """The place that ``s3://bucket/prefix`` names. Raises ``ValueError``."""
        found = _URI.fullmatch(uri)
        if found is None:
            raise ValueError("this takes s3://bucket or s3://bucket/prefix")
        prefix = (found[2] or "").strip("/")
        return cls(found[1], f"{prefix}/" if prefix else "", account, region)


def partition_of(region: str) -> str:
    """Which of AWS's partitions a region is in (AWS General Reference, ARNs)."""
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


class Anchoring:
    """Keeps anchors in one place, with the worker's role."""

    def __init__(self, database: Database, clients: Clients, place: AnchorPlace) -> None:
        self._database = database
        self._clients = clients
        self._place = place

    def anchor(self, actor: Actor) -> AnchoredRecord:
        """Keep where the log ends now; written down in the log before it is tried and after it ended.

        The anchor is of the log that has the first of these entries. Raises ``NotAnchoredError``.
        """
        self._note(actor, "begun", None, None)
        with self._database.read() as connection:
            head = read_head(connection)
        anchor = Anchor(position=head.position, hash=head.hash, at=actor.at)
        key = f"{self._place.prefix}{anchor.position:012d}-{anchor.hash[:16]}.json"
        uri = f"s3://{self._place.bucket}/{key}"
        try:
            version, request_id = self._put(key, anchor)
        except NotAnchoredError as error:
            self._note(actor, "failed", f"{uri}: {error}", None)
            raise
        self._note(actor, "done", f"{uri} has position {anchor.position}", request_id)
        return AnchoredRecord(**anchor.model_dump(), uri=uri, version=version)

    def _put(self, key: str, anchor: Anchor) -> tuple[str | None, str | None]:
        """The version of the object, where its bucket keeps versions, and the id of the request."""
        from botocore.exceptions import BotoCoreError, ClientError

        from services.aws.credentials.ended import CredentialsEndedError
        from services.aws.errors import outcome_of
        from services.aws.session import WrongAccountError

        place, body = self._place, anchor.model_dump_json().encode()
        where = {"Bucket": place.bucket, "Key": key, "ExpectedBucketOwner": place.account}
        try:
            client = cast("Any", self._clients.client("s3", place.account, place.region))
            try:
                answer = client.put_object(**where, Body=body, ContentType="application/json", IfNoneMatch="*")
            except ClientError as error:
                if error.response["ResponseMetadata"].get("HTTPStatusCode") not in (409, 412):
                    raise
                answer = client.get_object(**where)  # there already: ours, where an answer was lost on its way
                if answer["Body"].read() != body:
                    raise NotAnchoredError("another object stands there") from error
        except (BotoCoreError, ClientError, WrongAccountError, CredentialsEndedError) as error:
            raise NotAnchoredError(outcome_of(error)[1]) from error
        return answer.get("VersionId"), answer["ResponseMetadata"].get("RequestId")

    def _note(self, actor: Actor, outcome: str, note: str | None, request_id: str | None) -> None:
        with self._database.write() as connection:
            write_entry(
                connection,
                at=actor.at,
                who=actor.who.user,
                role=actor.who.role,
                action="audit anchor",
                outcome=outcome,
                origin=actor.origin,
                note=note,
                request_id=request_id,
            )


def anchors(anchoring: Anchoring, every: timedelta) -> Doing:
    """Keeping where the log ends, again and again."""

    def anchor(turn: Turn) -> None:
        try:
            anchoring.anchor(Actor(WhoAmI(user=turn.worker, role="worker"), turn.now(), None))
        except NotAnchoredError as error:
            raise ChoreFailedError(f"the audit log's head was not kept: {error}") from None

    return Doing(ANCHOR, every, anchor)
