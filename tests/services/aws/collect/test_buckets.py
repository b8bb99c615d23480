"""Buckets and the settings that protect their objects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from services.aws.collect.buckets import BUCKETS, read_lock, read_replication
from services.aws.facts_storage import Bucket, ReplicationRule
from services.model import Observation, Outcome
from tests.services.aws.collect.fake_client import HERE, FakeClient, metadata, records, refusal

MADE = datetime(2026, 1, 1, tzinfo=UTC)
COPY = "arn:aws:s3:::copy"
RULE = {"ID": "all", "Status": "Enabled", "Filter": {}, "Destination": {"Bucket": COPY}}


def listed(*names: str, **members: Any) -> list[dict[str, Any]]:
    return [{"Name": name, "CreationDate": MADE, "BucketRegion": HERE.region, **members} for name in names]


def raising(code: str, status: int = 404) -> Callable[..., Any]:
    def tell(**_: Any) -> Any:
        raise refusal(code, status)

    return tell


ABSENT: dict[str, Callable[..., Any]] = {
    "get_bucket_versioning": lambda **_: {},
    "get_bucket_replication": raising("ReplicationConfigurationNotFoundError"),
    "get_object_lock_configuration": raising("ObjectLockConfigurationNotFoundError"),
}
"""A bucket that nobody has set up."""
KEPT = ABSENT | {"get_bucket_versioning": lambda **_: {"Status": "Enabled"}}


def seen(buckets: list[dict[str, Any]], gets: Any = KEPT) -> Observation[Any]:
    client = FakeClient({"list_buckets": lambda **_: [{"Buckets": buckets, **metadata()}]}, gets)
    return client.observe(BUCKETS)


def test_a_bucket_is_read_with_its_settings() -> None:
    """Versioning, replication and object lock."""
    gets = {
        "get_bucket_versioning": lambda **_: {"Status": "Enabled"},
        "get_bucket_replication": lambda **_: {"ReplicationConfiguration": {"Role": "r", "Rules": [RULE]}},
        "get_object_lock_configuration": lambda **_: {
            "ObjectLockConfiguration": {
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}},
            }
        },
    }
    (bucket,) = records(seen(listed("media"), gets))
    assert bucket == Bucket(
        arn="arn:aws:s3:::media",
        identifier="media",
        account=HERE.account,
        region=HERE.region,
        created_at=MADE,
        versioning="Enabled",
        replication=(ReplicationRule("all", enabled=True, whole=True, destination=COPY),),
        object_lock="COMPLIANCE",
        lock_days=30,
    )


def test_settings_that_a_bucket_does_not_have_are_none() -> None:
    """S3 says so by errors of their own."""
    (bucket,) = records(seen(listed("media")))
    assert (bucket.versioning, bucket.replication, bucket.object_lock, bucket.unread) == ("Enabled", (), None, ())


def test_a_bucket_that_never_kept_versions_is_not_asked_for_what_needs_them() -> None:
    """Neither replication nor object lock can be set up without."""
    client = FakeClient({"list_buckets": lambda **_: [{"Buckets": listed("media"), **metadata()}]}, ABSENT)
    (bucket,) = records(client.observe(BUCKETS))
    assert bucket.versioning is None
    assert [name for name, _ in client.asked] == ["list_buckets", "get_bucket_versioning"]


def test_the_region_is_asked_for_and_others_are_left_out() -> None:
    """A server that answers with all buckets does not make them this region's."""
    buckets = [*listed("here"), *listed("there", BucketRegion="eu-west-1"), *listed("somewhere", BucketRegion=None)]
    client = FakeClient({"list_buckets": lambda **_: [{"Buckets": buckets, **metadata()}]}, KEPT)
    assert [it.identifier for it in records(client.observe(BUCKETS))] == ["here", "somewhere"]
    assert client.asked[0][1]["BucketRegion"] == HERE.region
    assert {it["ExpectedBucketOwner"] for name, it in client.asked if name.startswith("get_")} == {HERE.account}


def test_a_setting_that_a_bucket_refuses_stays_with_the_bucket() -> None:
    """A bucket's own policy may refuse what the role may do; its neighbours are read all the same."""

    def versioning(Bucket: str, **_: Any) -> dict[str, Any]:  # noqa: N803 # as AWS names it
        if Bucket == "closed":
            raise refusal("AccessDenied", 403)
        return {"Status": "Enabled"}

    closed, media = records(seen(listed("closed", "media"), KEPT | {"get_bucket_versioning": versioning}))
    assert [(it.operation, it.outcome) for it in closed.unread] == [("GetBucketVersioning", Outcome.DENIED)]
    assert (media.identifier, media.unread) == ("media", ())


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        ("SlowDown", 503, Outcome.THROTTLED),
        ("InternalError", 500, Outcome.FAILED),
        ("ExpiredToken", 400, Outcome.DENIED),
    ],
)
def test_a_service_in_trouble_fails_the_whole(code: str, status: int, outcome: Outcome) -> None:
    """That is not the bucket's own affair."""
    answer = seen(listed("a", "b"), KEPT | {"get_bucket_replication": raising(code, status)})
    assert (answer.outcome, answer.value) == (outcome, None)


def test_an_answer_that_cannot_be_read_fails_the_whole() -> None:
    """A rule without a destination says nothing that may be judged."""
    broken = {"ReplicationConfiguration": {"Rules": [{"Status": "Enabled"}]}}
    answer = seen(listed("a"), KEPT | {"get_bucket_replication": lambda **_: broken})
    assert answer.outcome is Outcome.FAILED
    assert "Bucket" in (answer.error or "")


def test_a_bucket_deleted_in_between_is_gone() -> None:
    """Between being listed and being asked about."""

    def versioning(Bucket: str, **_: Any) -> dict[str, Any]:  # noqa: N803 # as AWS names it
        if Bucket == "gone":
            raise refusal("NoSuchBucket", 404)
        return {"Status": "Enabled"}

    answer = seen(listed("gone", "media"), KEPT | {"get_bucket_versioning": versioning})
    assert [it.identifier for it in records(answer)] == ["media"]


@pytest.mark.parametrize(
    ("rule", "whole"),
    [
        ({}, True),
        ({"Filter": {}}, True),
        ({"Filter": {"Prefix": ""}}, True),
        ({"Prefix": ""}, True),
        ({"Prefix": "faxes/"}, False),
        ({"Filter": {"Prefix": "faxes/"}}, False),
        ({"Filter": {"Tag": {"Key": "a", "Value": "b"}}}, False),
        ({"Filter": {"And": {"Prefix": "", "Tags": [{"Key": "a", "Value": "b"}]}}}, False),
    ],
)
def test_a_rule_that_is_narrowed_is_not_whole(rule: dict[str, Any], *, whole: bool) -> None:
    """By a prefix or by tags, in the old form or in the new."""
    answer = {"ReplicationConfiguration": {"Rules": [{"Destination": {"Bucket": COPY}, **rule}]}}
    assert [it.whole for it in read_replication(answer)] == [whole]


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ({}, (None, None)),
        ({"ObjectLockEnabled": "Enabled"}, ("enabled", None)),
        (
            {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Years": 2}}},
            ("GOVERNANCE", 730),
        ),
    ],
)
def test_the_default_retention_of_an_object_lock(lock: dict[str, Any], wanted: tuple[str | None, int | None]) -> None:
    """In days, whatever it is written in."""
    assert read_lock({"ObjectLockConfiguration": lock}) == wanted
