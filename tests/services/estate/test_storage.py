"""Buckets as stores: what their versions and copies are worth, and where that was seen."""

from __future__ import annotations

from typing import Any

import pytest

from services.aws.facts_storage import UnreadSetting
from services.estate.join import Estate
from services.estate.kinds import BUCKET, CLUSTER, INSTANCE, StoreKind, kind_of
from services.estate.ownership import Owners
from services.estate.sighting import Sighting
from services.estate.storage import VERSIONS
from services.model import Observation, Outcome
from tests.services.estate.things import (
    HERE,
    NOW,
    OTHER,
    THERE,
    ago,
    answers,
    bucket,
    failed,
    instance,
    recovery_point,
    rule,
    seen,
)

LIST = "ListBuckets"


def estate(*observations: Observation[Any]) -> Estate:
    made = Estate()
    for observation in observations:
        made.put(observation)
    made.refresh()
    return made


def sighting(made: Estate, name: str = "media") -> Sighting:
    return next(it for it in made.sightings() if it.resource.identifier == name)


def told(made: Estate, name: str = "media") -> list[tuple[Any, str]]:
    return [(point.at, point.note) for point in sighting(made, name).points if point.kind == VERSIONS]


def test_versions_with_a_copy_are_a_restore_point_of_the_moment_they_were_seen() -> None:
    """Versions alone guard against no loss of the bucket."""
    assert told(estate(*answers(bucket("media", copied_to="copy"), bucket("copy")))) == [(NOW, "copied to copy")]
    assert told(estate(*answers(bucket("media")))) == []


def test_the_copy_of_a_bucket_is_guarded_by_what_it_copies() -> None:
    """Losing it loses nothing."""
    made = estate(*answers(bucket("media", copied_to="copy"), bucket("copy")))
    assert told(made, "copy") == [(NOW, "copy of media")]
    made = estate(*answers(bucket("media", copied_to="copy", versioning="Suspended"), bucket("copy")))
    assert told(made, "copy") == []


def test_a_copy_that_is_not_seen_has_no_date() -> None:
    """It may be gone: it proves nothing."""
    made = estate(*answers(bucket("media", copied_to="far")))
    assert told(made) == [(None, "its copy arn:aws:s3:::far is not seen")]


@pytest.mark.parametrize(
    ("media", "copy", "trouble"),
    [
        ({"versioning": "Suspended"}, {}, "its versioning is suspended"),
        ({"replication": (rule("copy", enabled=False),)}, {}, "its replication to copy is disabled"),
        ({"replication": (rule("copy", whole=False),)}, {}, "only part of it is copied to copy"),
        ({}, {"versioning": None}, "its copy copy keeps no versions"),
        ({}, {"versioning": "Suspended"}, "its copy copy keeps no versions"),
    ],
)
def test_what_is_wrong_with_a_copy_is_told(media: dict[str, Any], copy: dict[str, Any], trouble: str) -> None:
    """And is no restore point."""
    made = estate(*answers(bucket("media", **({"copied_to": "copy"} | media)), bucket("copy", **copy)))
    assert told(made) == []
    assert sighting(made).troubles == (trouble,)


def test_a_bucket_copied_to_itself_has_no_copy() -> None:
    """Though S3 would not take such a rule."""
    assert told(estate(*answers(bucket("media", copied_to="media")))) == []


@pytest.mark.parametrize("first", [HERE, THERE])
def test_a_copy_in_another_region_is_found_whichever_is_heard_first(first: Any) -> None:
    """The older of the two sights dates the point, and both calls are among its sources."""
    heard = {
        HERE: answers(bucket("media", copied_to="copy")),
        THERE: answers(bucket("copy", THERE), place=THERE, at=ago(minutes=2)),
    }
    second = THERE if first == HERE else HERE
    made = estate(*heard[first])
    for observation in heard[second]:
        made.put(observation)
    made.refresh()
    assert told(made) == [(ago(minutes=2), "copied to copy in 111122223333 eu-west-1")]
    regions = {it.source.region for it in sighting(made).latest if it.source.operation == LIST}
    assert regions == {"eu-central-1", "eu-west-1"}


def test_a_copy_elsewhere_that_changes_is_noticed() -> None:
    """Its versions suspended, or deleted, or its region refused."""
    made = estate(*answers(bucket("media", copied_to="copy")), *answers(bucket("copy", THERE), place=THERE))
    made.put(failed(LIST, place=THERE))
    made.refresh()
    assert Outcome.DENIED in {it.outcome for it in sighting(made).latest}
    made.put(seen(LIST, bucket("copy", THERE, versioning="Suspended"), place=THERE))
    made.refresh()
    assert sighting(made).troubles == ("its copy copy keeps no versions",)
    made.put(seen(LIST, place=THERE))
    made.refresh()
    assert [at for at, _ in told(made)] == [None]


def test_a_bucket_that_is_copied_to_another_place_than_before_takes_its_copies_along() -> None:
    """The old copy is none any more, the new one is, and so when the bucket is deleted."""
    far = answers(bucket("old", THERE), bucket("new", THERE), place=THERE)
    made = estate(*answers(bucket("media", copied_to="old")), *far)
    assert [len(told(made, name)) for name in ("old", "new")] == [1, 0]
    made.put(seen(LIST, bucket("media", copied_to="new")))
    made.refresh()
    assert [len(told(made, name)) for name in ("old", "new")] == [0, 1]
    made.put(seen(LIST))
    assert made.refresh()[1] == {"arn:aws:s3:::media"}
    assert [len(told(made, name)) for name in ("old", "new")] == [0, 0]


def test_a_setting_that_a_bucket_refuses_is_an_answer_that_is_missing() -> None:
    """Of that bucket alone."""
    closed = bucket("closed", unread=(UnreadSetting("GetBucketReplication", Outcome.DENIED, "AccessDenied: no"),))
    made = estate(*answers(closed, bucket("media")))
    (missing,) = (it for it in sighting(made, "closed").latest if not it.outcome.answered)
    assert (missing.source.service, missing.source.operation) == ("s3", "GetBucketReplication")
    assert missing.error == "closed: AccessDenied: no"
    assert all(it.outcome.answered for it in sighting(made).latest)


def test_a_bucket_that_does_not_tell_to_whom_it_copies_may_be_anybodys_origin() -> None:
    """Nobody is without a copy on its silence; in its own account, and until it tells."""
    closed = bucket("closed", unread=(UnreadSetting("GetBucketReplication", Outcome.DENIED, "AccessDenied: no"),))
    made = estate(*answers(bucket("media")), *answers(bucket("far", OTHER), place=OTHER))
    assert (told(made), told(made, "far")) == ([], [])
    made.put(seen(LIST, closed, bucket("media")))
    made.refresh()
    assert (told(made), told(made, "far")) == ([(None, "closed may copy to it")], [])
    made.put(seen(LIST, bucket("closed", copied_to="media"), bucket("media")))
    made.refresh()
    assert told(made) == [(NOW, "copy of closed")]


def test_the_sources_of_a_bucket_are_its_inventory_and_the_vaults() -> None:
    """A place's databases say nothing of it."""
    made = estate(*answers(bucket("media"), instance("orders")))
    assert [it.source.operation for it in sighting(made).latest] == list(BUCKET.operations)
    assert sighting(made).listed_by == BUCKET.listing(HERE)


def test_a_bucket_is_where_it_was_listed() -> None:
    """Its ARN does not tell."""
    made = estate(*answers(bucket("media", THERE), place=THERE))
    assert made.home_of("arn:aws:s3:::media") == THERE
    assert made.home_of("arn:aws:s3:::other") is None


def test_a_bucket_becomes_a_store() -> None:
    """With its owners, troubles and restore points."""
    media = bucket("media", versioning="Suspended")
    made = estate(*answers(media, recovery_point("p", media)))
    store = sighting(made).as_store(Owners(("acme",), (("acme", "faxes/"),), None))
    assert (store.kind, store.engine, store.name, store.multi_az) == ("s3-bucket", "s3", "media", False)
    assert (store.tenants, store.parts) == (("acme",), (("acme", "faxes/"),))
    assert store.troubles == ("its versioning is suspended",)
    assert [it.kind for it in store.points] == ["backup-recovery-point"]
    assert store.listed_by == BUCKET.listing(HERE)


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        ("arn:aws:s3:::media", BUCKET),
        ("arn:aws:rds:eu-central-1:111122223333:db:orders", INSTANCE),
        ("arn:aws:rds:eu-central-1:111122223333:cluster:crm", CLUSTER),
        ("arn:aws:rds:eu-central-1:111122223333:snapshot:s", None),
        ("arn:aws:dynamodb:eu-central-1:111122223333:table/t", None),
        ("media", None),
    ],
)
def test_the_kind_that_an_arn_names(arn: str, kind: StoreKind | None) -> None:
    """``None`` for what is no store that is read."""
    assert kind_of(arn) is kind
