"""Buckets: by region, in pages, with versions, a copy, and files that are what they are called."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from botocore.exceptions import ClientError

from services.sandbox.files import MEDIA_TYPES, content
from services.sandbox.fleet import build_fleet
from tests.services.sandbox.wire import client
from tests.support.sandbox import AT, SEED, TENANTS, RunningSandbox

PUBLIC, DEDICATED = "111122223333", "444455556666"
PLANTED = build_fleet(SEED, TENANTS, AT).planting.buckets


def s3(sandbox: RunningSandbox, region: str, account: str) -> Any:
    return client(sandbox, "s3", region, account)


def test_each_region_lists_its_own(sandbox: RunningSandbox) -> None:
    """By region exactly those planted there; without a region all of the account; in pages the same."""
    aws = s3(sandbox, "eu-central-1", PUBLIC)
    mine = {one.name: one for one in PLANTED if one.account == PUBLIC}
    whole = aws.list_buckets()["Buckets"]
    assert {one["Name"]: one["BucketRegion"] for one in whole} == {name: one.region for name, one in mine.items()}
    here = {name for name, one in mine.items() if one.region == "eu-central-1"}
    assert {one["Name"] for one in aws.list_buckets(BucketRegion="eu-central-1")["Buckets"]} == here
    pages = aws.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": 3})
    assert [one for page in pages for one in page["Buckets"]] == whole
    assert all(one["CreationDate"] == mine[one["Name"]].created_at for one in whole)
    for wrong in ({"MaxBuckets": 10_001}, {"ContinuationToken": "!"}):
        with pytest.raises(ClientError) as refused:
            aws.list_buckets(**wrong)
        assert refused.value.response["Error"]["Code"] == "InvalidArgument"


def test_the_tagging_api_names_a_bucket_in_its_region_alone(sandbox: RunningSandbox) -> None:
    """A bucket is tagged where it is, and nowhere else."""
    for region in ("us-east-1", "eu-central-1"):
        tagging = client(sandbox, "resourcegroupstaggingapi", region, PUBLIC)
        pages = tagging.get_paginator("get_resources").paginate(ResourceTypeFilters=["s3"])
        found = {one["ResourceARN"] for page in pages for one in page["ResourceTagMappingList"]}
        assert found == {one.arn for one in PLANTED if (one.account, one.region) == (PUBLIC, region)}


def test_a_protected_bucket_and_one_without(sandbox: RunningSandbox) -> None:
    """Versions and a copy that keeps them locked; the story's bucket has neither."""
    copied = next(one for one in PLANTED if one.replica)
    aws = s3(sandbox, copied.region, copied.account)
    assert aws.get_bucket_versioning(Bucket=copied.name)["Status"] == "Enabled"
    (rule,) = aws.get_bucket_replication(Bucket=copied.name)["ReplicationConfiguration"]["Rules"]
    assert rule["Status"] == "Enabled"
    assert rule["Destination"]["Bucket"] == f"arn:aws:s3:::{copied.replica}"
    lock = aws.get_object_lock_configuration(Bucket=copied.replica)["ObjectLockConfiguration"]
    assert lock["Rule"]["DefaultRetention"] == {"Mode": "COMPLIANCE", "Days": 35}
    bare = s3(sandbox, "me-central-1", PUBLIC)
    assert "Status" not in bare.get_bucket_versioning(Bucket="oscorp-fax-media")
    with pytest.raises(ClientError) as refused:
        bare.get_bucket_replication(Bucket="oscorp-fax-media")
    assert refused.value.response["Error"]["Code"] == "ReplicationConfigurationNotFoundError"


def test_objects_have_versions_that_can_be_read(sandbox: RunningSandbox) -> None:
    """Each file is there in two versions, the older one as it was planted."""
    bucket = next(one for one in PLANTED if one.versioning == "Enabled")
    aws = s3(sandbox, bucket.region, bucket.account)
    versions = aws.list_object_versions(Bucket=bucket.name)["Versions"]
    assert len(versions) == len(bucket.keys) == 6
    for one in versions:
        kind = one["Key"].rpartition(".")[2]
        got = aws.get_object(Bucket=bucket.name, Key=one["Key"], VersionId=one["VersionId"])
        assert got["ContentType"] == MEDIA_TYPES[kind]
        assert got["Body"].read() == content(kind, 2 if one["IsLatest"] else 1)
        assert one["LastModified"] < AT


def test_a_pdf_is_a_pdf() -> None:
    """Every place in its table is where an object begins, and its end names the table."""
    text = content("pdf", 2)
    assert text.startswith(b"%PDF-1.4\n")
    assert text.endswith(b"%%EOF\n")
    start = int(text.split(b"startxref\n")[1].split(b"\n")[0])
    head, entries = text[start:].split(b"\n", 2)[1:]
    first, count = map(int, head.split())
    assert first == 0
    for number in range(1, count):
        place = int(entries[20 * number : 20 * number + 10])
        assert text[place:].startswith(b"%d 0 obj\n" % number)
    assert b"Fax, version 2" in text


def test_a_tiff_is_a_tiff() -> None:
    """Its directory describes a strip that ends where the file ends."""
    text = content("tiff", 3)
    magic, answer, place = struct.unpack_from("<2sHI", text)
    assert (magic, answer) == (b"II", 42)
    (count,) = struct.unpack_from("<H", text, place)
    entries = {}
    for number in range(count):
        tag, kind, items, value = struct.unpack_from("<HHII", text, place + 2 + 12 * number)
        entries[tag] = value
        assert (kind, items) in ((3, 1), (4, 1), (5, 1))
    assert list(entries) == sorted(entries)
    assert entries[273] + entries[279] == len(text)
    assert entries[279] == entries[256] * entries[257] // 8
    assert content("tiff", 1) != text


def test_an_mp3_is_an_mp3() -> None:
    """It is made of whole frames, each with the header of MPEG-1 layer III."""
    text = content("mp3", 1)
    length = 144 * 32_000 // 44_100
    assert len(text) % length == 0
    for place in range(0, len(text), length):
        (header,) = struct.unpack_from(">I", text, place)
        assert header >> 21 == 0x7FF
        assert (header >> 19 & 3, header >> 17 & 3) == (3, 1)
        assert (header >> 12 & 15, header >> 10 & 3) == (1, 0)
