"""The worker's IAM document where the audit log's head is kept in S3, against an AWS that enforces it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from services.controlplane.anchoring import ACTIONS, Anchoring, AnchorPlace, NotAnchoredError
from services.controlplane.audit import Actor
from services.controlplane.carrying.iam import worker_policy
from services.controlplane.store import Database
from services.wire.anchor import Anchor
from services.wire.registry import WhoAmI
from tests.services.controlplane.carrying.writers.losing import PUBLIC
from tests.support.api import AT
from tests.support.cli import tenure
from tests.support.enforcing import Enforced, enforced
from tests.support.sandbox import RunningSandbox

PLACE = AnchorPlace("tenure-kept", "audit/", PUBLIC, "eu-central-1")
ACTOR = Actor(WhoAmI(user="one", role="worker"), AT, None)


@pytest.fixture
def iam(faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Enforced]:
    """With a bucket for anchors."""
    for name, value in faulty.aws_environment.items():
        monkeypatch.setenv(name, value)
    with enforced(faulty, "tenure-worker") as enforcing, closing(enforcing.session()) as session:
        s3: Any = session.client("s3", PUBLIC, PLACE.region)
        with enforcing.off():
            s3.create_bucket(Bucket=PLACE.bucket, CreateBucketConfiguration={"LocationConstraint": PLACE.region})
        yield enforcing
        with enforcing.off():
            for item in s3.list_objects_v2(Bucket=PLACE.bucket).get("Contents", []):
                s3.delete_object(Bucket=PLACE.bucket, Key=item["Key"])
            s3.delete_bucket(Bucket=PLACE.bucket)


def kept_twice(iam: Enforced, database: Database, place: AnchorPlace = PLACE) -> str | None:
    """An anchor, and the same once more as after a lost answer; why one was refused, ``None`` where none was."""
    with closing(iam.session()) as session:
        anchoring = Anchoring(database, session, place)
        try:
            kept = anchoring.anchor(ACTOR)
            key = kept.uri.removeprefix(f"s3://{place.bucket}/")
            anchoring._put(key, Anchor(position=kept.position, hash=kept.hash, at=kept.at))
        except NotAnchoredError as error:
            return str(error)
    return None


def test_anchors_are_kept_with_what_is_generated_and_nowhere_else(iam: Enforced, tmp_path: Path) -> None:
    """With the place's own document both calls go through, and none is spare; beside its prefix, and with the document
    of a worker that keeps no anchors, all is refused."""
    with closing(Database(f"sqlite:///{tmp_path / 'registry.db'}")) as database:
        iam.let_role(worker_policy(PLACE))
        assert kept_twice(iam, database) is None
        beside = AnchorPlace(PLACE.bucket, "elsewhere/", PLACE.account, PLACE.region)
        assert "AccessDenied" in (kept_twice(iam, database, beside) or "")
        for action in ACTIONS:
            policy = worker_policy(PLACE)
            policy["Statement"][-1]["Action"].remove(action)
            iam.let_role(policy)
            assert "AccessDenied" in (kept_twice(iam, database) or ""), action
        iam.let_role(worker_policy())
        assert "AccessDenied" in (kept_twice(iam, database) or "")


def test_the_command_prints_the_document_of_what_it_is_told(tmp_path: Path) -> None:
    """Without a place S3's objects are none of its business; with one the prefix of that bucket is."""
    bare = json.loads(tenure("worker", "--policy", home=tmp_path).stdout)
    assert bare == worker_policy()
    words = ("--anchor", "s3://tenure-kept/audit", "--anchor-account", PUBLIC, "--anchor-region", "cn-north-1")
    more = json.loads(tenure("worker", "--policy", *words, home=tmp_path).stdout)
    assert more["Statement"][:-1] == bare["Statement"]
    assert more["Statement"][-1] == {
        "Sid": "TenureAnchor",
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": "arn:aws-cn:s3:::tenure-kept/audit/*",
    }
