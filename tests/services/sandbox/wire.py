"""Calls to the sandbox's AWS, and the bytes of its answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from tests.support.sandbox import RunningSandbox

READER, WORKER = "tenure-read", "tenure-worker"
ONCE = Config(retries={"total_max_attempts": 1, "mode": "standard"}, connect_timeout=5)


def client(
    sandbox: RunningSandbox,
    service: str,
    region: str | None = None,
    account: str | None = None,
    *,
    read_timeout: float = 5,
    keys: Mapping[str, str] | None = None,
    role: str = READER,
) -> Any:
    """A client that tries once: of a role in ``account``, or with the operator's own credentials."""
    make: Any = _session().client  # typed per service, while tests name services by a variable
    return make(
        service,
        region_name=region or sandbox.regions[0],
        endpoint_url=sandbox.aws_endpoint_url,
        config=ONCE.merge(Config(read_timeout=read_timeout)),
        **(keys or (credentials(sandbox, account, role) if account else own_credentials(sandbox))),
    )


@cache
def _session() -> boto3.Session:
    """One for all: a session reads its models anew, which takes longer than most tests."""
    return boto3.Session()


def own_credentials(sandbox: RunningSandbox) -> Mapping[str, str]:
    return {
        "aws_access_key_id": sandbox.aws_access_key_id,
        "aws_secret_access_key": sandbox.aws_secret_access_key,
    }


def credentials(sandbox: RunningSandbox, account: str, role: str = READER) -> Mapping[str, str]:
    """Those of a role in ``account``."""
    arn = sandbox.role_arn.replace(READER, role).format(account=account)
    found = client(sandbox, "sts").assume_role(RoleArn=arn, RoleSessionName="tests")["Credentials"]
    return {
        "aws_access_key_id": found["AccessKeyId"],
        "aws_secret_access_key": found["SecretAccessKey"],
        "aws_session_token": found["SessionToken"],
    }


@contextmanager
def answers(of: Any) -> Iterator[list[bytes]]:
    """The bodies of the answers that a client gets in the block."""
    kept: list[bytes] = []

    def keep(response_dict: Mapping[str, Any], **_: Any) -> None:
        kept.append(response_dict["body"])

    of.meta.events.register("before-parse", keep)
    try:
        yield kept
    finally:
        of.meta.events.unregister("before-parse", keep)
