"""Anchors of the audit log in S3: each an object of its own, never overwritten, and in the log whatever came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from services.aws.session import AwsSession
from services.controlplane.anchor_routes import add_anchor_route
from services.controlplane.anchoring import ACTIONS, Anchoring, AnchorPlace, anchors
from services.controlplane.app import create_app
from services.controlplane.audit import read_entries
from services.controlplane.chaining import read_head
from services.controlplane.chore_book import read_chores
from services.controlplane.chores import Chore
from services.controlplane.store import Database
from services.wire.anchor import Anchor
from services.wire.chain import verify
from services.wire.operations import AuditHead, AuditRecord
from tests.services.controlplane.carrying.writers.losing import PUBLIC, working
from tests.support.api import AT, TOKENS, bearer, serve_app
from tests.support.sandbox import RunningSandbox

BUCKET, REGION = "tenure-anchors", "eu-central-1"
PLACE = AnchorPlace(BUCKET, "audit/", PUBLIC, REGION)
OPERATOR = bearer("operator")


@pytest.fixture
def session(faulty: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsSession]:
    with working(faulty, monkeypatch) as session:
        yield session


@pytest.fixture
def s3(session: AwsSession) -> Iterator[Any]:
    """The client that anchors are written with; the bucket is new."""
    client: Any = session.client("s3", PUBLIC, REGION)
    client.create_bucket(
        Bucket=BUCKET,
        CreateBucketConfiguration={"LocationConstraint": REGION},
        ObjectLockEnabledForBucket=True,
    )
    yield client
    for version in client.list_object_versions(Bucket=BUCKET).get("Versions", []):
        client.delete_object(Bucket=BUCKET, Key=version["Key"], VersionId=version["VersionId"])
    client.delete_bucket(Bucket=BUCKET)


def serving(url: str, session: AwsSession, place: AnchorPlace | None = PLACE) -> Any:
    """The application with a place for anchors and no worker."""
    app = create_app(url, now=lambda: AT, tokens=TOKENS)
    if place is not None:
        app.router.routes = [it for it in app.router.routes if getattr(it, "path", "") != "/anchors"]
        add_anchor_route(app, Anchoring(app.state.database, session, place), lambda: AT)
    return app


@pytest.fixture
def http(url: str, session: AwsSession, s3: Any) -> Iterator[httpx.Client]:
    with (
        serve_app(serving(url, session)) as address,
        httpx.Client(base_url=address, trust_env=False, headers=OPERATOR, timeout=30) as client,
    ):
        yield client


def log(http: httpx.Client) -> list[AuditRecord]:
    """The entries, the oldest first."""
    return [AuditRecord.model_validate(it) for it in reversed(http.get("/audit").json()["items"])]


def objects(s3: Any) -> dict[str, bytes]:
    keys = [it["Key"] for it in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]
    return {key: s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() for key in keys}


def test_an_anchor_is_an_object_that_verifies_the_log(http: httpx.Client, s3: Any) -> None:
    """Each in an object of its own, of the log as it stood; together with the log they verify, and the log tells of
    them before and after."""
    uris = []
    for _ in range(2):
        answer = http.post("/anchors")
        assert answer.status_code == 201
        uris.append(answer.json()["uri"])
        assert answer.json()["version"]
    kept = objects(s3)
    assert sorted(f"s3://{BUCKET}/{key}" for key in kept) == sorted(uris)
    anchors = [Anchor.model_validate_json(body) for body in kept.values()]
    entries = log(http)
    head = AuditHead.model_validate(http.get("/audit/head").json())
    assert [(it.who, it.action, it.outcome) for it in entries] == [
        ("operator@example.org", "audit anchor", outcome) for outcome in ("begun", "done", "begun", "done")
    ]
    assert all(it.request_id for it in entries if it.outcome == "done")
    assert sorted(it.position for it in anchors) == [1, 3]
    assert verify(entries, head, *(it.head for it in anchors)) == []
    cut = AuditHead(position=2, hash=entries[1].hash or "")
    assert verify(entries[:2], cut, *(it.head for it in anchors))[0].position == 3


def test_an_object_that_is_there_is_never_overwritten(http: httpx.Client, s3: Any, session: AwsSession) -> None:
    """Somebody else's under the very key: the anchor is refused, the object stays, and the log says that it failed."""
    first = http.post("/anchors").json()
    (key,) = objects(s3)
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"mine", IfNoneMatch="*")
    assert json.loads(objects(s3)[key])["hash"] == first["hash"]

    def foreign(params: dict[str, Any], **_: Any) -> None:
        s3.meta.events.unregister("before-parameter-build.s3.PutObject", foreign)
        s3.put_object(Bucket=BUCKET, Key=params["Key"], Body=b"somebody else's")

    s3.meta.events.register("before-parameter-build.s3.PutObject", foreign)
    refused = http.post("/anchors")
    assert refused.status_code == 502
    assert "another object stands there" in refused.json()["detail"]
    assert b"somebody else's" in objects(s3).values()
    assert [it.outcome for it in log(http)][-2:] == ["begun", "failed"]


def test_an_answer_that_is_lost_is_not_taken_for_done(http: httpx.Client, s3: Any) -> None:
    """It is not known whether it was kept: said so, in the log too; the next anchor is another object."""
    event = "after-call.s3.PutObject"

    def lose(**_: Any) -> None:
        from botocore.exceptions import ReadTimeoutError

        raise ReadTimeoutError(endpoint_url="the sandbox")

    s3.meta.events.register(event, lose)
    refused = http.post("/anchors")
    s3.meta.events.unregister(event, lose)
    assert refused.status_code == 502
    assert "ReadTimeoutError" in refused.json()["detail"]
    assert http.post("/anchors").status_code == 201
    assert [it.outcome for it in log(http)] == ["begun", "failed", "begun", "done"]
    assert len(objects(s3)) == 2


def test_anchors_are_made_by_themselves_on_their_interval(
    url: str, session: AwsSession, s3: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Each in an object of its own, by whichever worker looks first when it is due; what fails is told by log, figures
    and audit log, is tried again, and no object is written over."""
    at = AT
    with closing(Database(url)) as database:
        places = {"one": PLACE, "two": PLACE, "bad": replace(PLACE, bucket="nobody-has-this")}
        chores = {
            name: Chore(anchors(Anchoring(database, session, place), timedelta(hours=1)), name, database, lambda: at)
            for name, place in places.items()
        }
        assert [chores["one"].look(), chores["two"].look()] == [True, False]
        at += timedelta(hours=1)
        first = objects(s3)
        assert not chores["bad"].look()
        with database.read() as connection:
            (standing,) = read_chores(connection)
        assert (standing.name, standing.done_at, standing.failed) == ("anchor", AT, True)
        assert "NoSuchBucket" in caplog.text
        at += timedelta(minutes=1)
        assert chores["two"].look()
        kept = objects(s3)
        assert (len(first), len(kept)) == (1, 2)
        assert first.items() <= kept.items()
        with database.read() as connection:
            items, _, _ = read_entries(connection, None, None, 100)
            head = read_head(connection)
    entries = [AuditRecord.model_validate(it) for it in reversed(items)]
    outcomes = [
        ("one", "begun"),
        ("one", "done"),
        ("bad", "begun"),
        ("bad", "failed"),
        ("two", "begun"),
        ("two", "done"),
    ]
    assert [(it.who, it.outcome) for it in entries] == outcomes
    assert {it.role for it in entries} == {"worker"}
    assert verify(entries, head, *(Anchor.model_validate_json(it).head for it in kept.values())) == []


@pytest.mark.parametrize("change", [{"bucket": "nobody-has-this"}, {"account": "999999999999"}])
def test_a_place_that_refuses_is_told(url: str, session: AwsSession, s3: Any, change: dict[str, str]) -> None:
    """A bucket that there is not, and one of another account: 502 with AWS's words, and an entry that it failed."""
    app = serving(url, session, replace(PLACE, **change))
    with (
        serve_app(app) as address,
        httpx.Client(base_url=address, trust_env=False, headers=OPERATOR, timeout=30) as http,
    ):
        refused = http.post("/anchors")
        assert (refused.status_code, "the anchor was not kept" in refused.json()["detail"]) == (502, True)
        assert [it.outcome for it in log(http)] == ["begun", "failed"]
    assert objects(s3) == {}


def test_a_server_without_a_place_says_so(address: str) -> None:
    """409, and the log is not told of what was never begun; a viewer may not ask at all."""
    with httpx.Client(base_url=address, trust_env=False) as http:
        assert http.post("/anchors", headers=bearer("viewer")).status_code == 403
        refused = http.post("/anchors", headers=OPERATOR)
        assert (refused.status_code, "--anchor" in refused.json()["detail"]) == (409, True)
        assert http.get("/audit/head", headers=OPERATOR).json()["position"] == 0


@pytest.mark.parametrize(
    ("uri", "place"),
    [
        ("s3://tenure-anchors", ("tenure-anchors", "")),
        ("s3://tenure-anchors/", ("tenure-anchors", "")),
        ("s3://a.b-c/audit/2026/", ("a.b-c", "audit/2026/")),
    ],
)
def test_a_place_is_a_bucket_and_a_prefix(uri: str, place: tuple[str, str]) -> None:
    """With or without slashes at the end."""
    found = AnchorPlace.of(uri, PUBLIC, REGION)
    assert (found.bucket, found.prefix) == place


@pytest.mark.parametrize("uri", ["tenure-anchors", "s3://", "s3://Upper", "https://x/y", "s3://bucket/a b"])
def test_what_is_no_place_is_refused(uri: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="s3://bucket"):
        AnchorPlace.of(uri, PUBLIC, REGION)


def test_these_are_the_calls(http: httpx.Client, s3: Any) -> None:
    """What the role is given in the documentation is what is called."""
    called = set()
    s3.meta.events.register("before-call.s3", lambda model, **_: called.add(f"s3:{model.name}"))
    http.post("/anchors")
    assert called <= set(ACTIONS)
    assert "s3:PutObject" in called
