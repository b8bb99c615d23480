"""The schemas that client and server share."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from pydantic import BaseModel, ValidationError

from services.wire.registry import PartyRecord, StoreRecord, SubscriptionRecord, TenantRecord
from services.wire.zones import known_zone
from tests.support.registry import ACCOUNT, party, store, tenant

HEAVY = ("fastapi", "sqlalchemy", "uvicorn", "starlette", "boto3", "textual")


@pytest.mark.parametrize("id_", ["a", "A.b_c-9", "x" * 64])
def test_ids_that_may_be(id_: str) -> None:
    """The vendor's own, within the alphabet."""
    assert party(id_).id == id_


@pytest.mark.parametrize("id_", ["", "x" * 65, "a b", "a/b", "a\n", "é", "a\x00", "\u202ea"])
def test_ids_that_may_not_be(id_: str) -> None:
    """An id stands in paths and in logs."""
    with pytest.raises(ValidationError):
        PartyRecord(id=id_, kind="customer", name="x")


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:rds:eu-central-1:{ACCOUNT}:db:orders",
        f"arn:aws:rds:me-central-1:{ACCOUNT}:cluster:shared",
        "arn:aws:s3:::files-of-tenants",
        f"arn:aws-cn:rds:cn-north-1:{ACCOUNT}:db:orders",
        f"arn:aws-us-gov:rds:us-gov-west-1:{ACCOUNT}:db:orders",
    ],
)
def test_arns_of_every_partition(arn: str) -> None:
    """Also those without region and account."""
    assert StoreRecord(id="s", tenant="acme", store=arn).store == arn


@pytest.mark.parametrize("arn", ["", "orders", "arn:aws:rds", f"arn:aws:rds:x:{ACCOUNT}:", "arn:aws:s3:::a\x1b[31m"])
def test_what_is_no_arn(arn: str) -> None:
    """An empty resource and control characters neither."""
    with pytest.raises(ValidationError):
        store("s", "acme", "x").model_validate({"id": "s", "tenant": "acme", "store": arn})


@pytest.mark.parametrize("region", ["us-east-1", "me-central-1", "ap-southeast-2", "us-gov-west-1"])
def test_regions(region: str) -> None:
    """Any of AWS's, whatever a tier offers."""
    assert tenant("acme", region=region).region == region


@pytest.mark.parametrize("model", [PartyRecord, TenantRecord, SubscriptionRecord, StoreRecord])
def test_patterns_mean_the_same_to_whoever_reads_the_document(model: type[BaseModel]) -> None:
    """Every pattern of the schema is one that other languages' engines read, and holds no raw control character."""
    schema = json.dumps(model.model_json_schema())
    patterns = re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', schema)
    assert patterns
    for pattern in map(json.loads, patterns):
        assert pattern.isprintable()
        re.compile(pattern)


@pytest.mark.parametrize("zone", ["Europe/Rome", "Asia/Dubai", "UTC", "America/Argentina/Buenos_Aires"])
def test_zones_that_are_known(zone: str) -> None:
    """Those of the IANA database."""
    assert known_zone(zone)


@pytest.mark.parametrize(
    "zone", ["", "Europe", "Mars/Base", "/etc/passwd", "../UTC", "\x00", "\ud800", "x" * 5000, "é"]
)
def test_zones_that_are_not_and_raise_nothing(zone: str) -> None:
    """Whatever the text, the answer is no."""
    assert not known_zone(zone)


def test_the_client_needs_nothing_of_the_server() -> None:
    """Reading the registry imports neither the extra `server` nor anything else that is slow to start."""
    code = f"import sys, services.internal.client; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"
