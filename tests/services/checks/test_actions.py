"""What the collectors call, against what they declare."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from services.aws.collect.base import Place
from services.aws.fanout import fan_out
from services.aws.session import AwsSession, AwsSettings
from services.checks import CHECKS, actions_of
from services.checks.base import collectors_of
from services.checks.iam import action_of
from tests.support.sandbox import RunningSandbox


class Recording(AwsSession):
    """Notes every API call that a client makes, AssumeRole included."""

    def __init__(self, settings: AwsSettings) -> None:
        super().__init__(settings)
        self.actions: set[str] = set()
        self._recorded: set[int] = set()

    def _client(self, service: str, account: str | None, region: str) -> object:
        client: Any = super()._client(service, account, region)
        if id(client) not in self._recorded:
            self._recorded.add(id(client))
            client.meta.events.register("before-call", self._record)
        return client

    def _record(self, model: Any, **_: object) -> None:
        self.actions.add(action_of(model.service_model.service_name, model.name))


def test_the_collectors_call_no_action_that_the_policy_does_not_have(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every call is recorded where botocore sends it, in every place, so that each collector finds something to ask
    further about; besides them only STS is called."""
    for name, value in sandbox.aws_environment.items():
        monkeypatch.setenv(name, value)
    session = Recording(AwsSettings(role_arn=sandbox.role_arn))
    session.identity()
    places = [Place(account, region) for account in sandbox.accounts for region in sandbox.regions]
    calls: list[Any] = [collector.call(session, place) for place in places for collector in collectors_of(CHECKS)]
    seen = list(fan_out(calls, cancel=threading.Event(), limit=32, now=sandbox.now))
    session.close()
    assert all(it.outcome.answered for it in seen)
    assert session.actions - {"sts:AssumeRole", "sts:GetCallerIdentity"} == set(actions_of(CHECKS))
    assert {"sts:AssumeRole", "sts:GetCallerIdentity"} <= session.actions
