"""Clients of the sandbox's AWS with the worker's role, whose answers may be lost on the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from services.aws.session import AwsSession, AwsSettings
from services.controlplane.carrying.writers import WRITERS
from services.controlplane.carrying.writers.base import Result, Writer
from services.sandbox.options import WORKER_ROLE_ARN
from services.wire.orders import AwsCall
from tests.support.sandbox import RunningSandbox

PUBLIC, DEDICATED = "111122223333", "444455556666"
KEY = "0123456789abcdef0123456789abcdef-2"


@contextmanager
def working(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsSession]:
    """The worker's session in a sandbox; each call is tried once."""
    for name, value in sandbox.aws_environment.items():
        monkeypatch.setenv(name, value)
    with closing(AwsSession(AwsSettings(role_arn=WORKER_ROLE_ARN, max_attempts=1))) as session:
        yield session


def call(
    service: str, operation: str, account: str = PUBLIC, region: str = "eu-central-1", **parameters: Any
) -> AwsCall:
    return AwsCall(service=service, operation=operation, account=account, region=region, parameters=parameters)


def writer_of(of: AwsCall) -> Writer:
    return WRITERS[of.service, of.operation]


def client_of(session: AwsSession, of: AwsCall) -> Any:
    return session.client(of.service, of.account, of.region)


@contextmanager
def lost(client: Any, of: AwsCall) -> Iterator[None]:
    """AWS carries the call out, and its answer never comes."""

    def lose(**_: Any) -> None:
        raise ReadTimeoutError(endpoint_url="the sandbox")

    event = f"after-call.{of.service}.{of.operation}"
    client.meta.events.register(event, lose)
    try:
        with pytest.raises(ReadTimeoutError):
            yield
    finally:
        client.meta.events.unregister(event, lose)


def carry_out(session: AwsSession, of: AwsCall, key: str = KEY) -> Result:
    """As the worker does: looked up, then done."""
    writer, client = writer_of(of), client_of(session, of)
    return writer.find(client, of, key) or writer.do(client, of, key)


def lose_and_find(session: AwsSession, of: AwsCall, count: Callable[[], int]) -> Result:
    """Carries a call out whose answer is lost, sends it once more, and looks it up: ``count`` is the same all along."""
    writer, client = writer_of(of), client_of(session, of)
    assert writer.find(client, of, KEY) is None
    with lost(client, of):
        writer.do(client, of, KEY)
    after = count()
    found = writer.find(client, of, KEY)
    assert found is not None
    again = writer.do(client, of, KEY)
    assert {name: again[name] for name in found} == found
    assert count() == after
    return again
