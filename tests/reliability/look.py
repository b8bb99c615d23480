"""Looks at a sandbox whose clock stands: with the console's own fleet, once or again and again."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Self

from services.agreement import default_policy_text, parse_policy
from services.aws.session import AwsSession, AwsSettings
from services.fleet.refresh import Fleet
from services.internal.client import InternalApi
from tests.reliability.faults import HOME
from tests.reliability.picture import Picture, picture_of
from tests.support.sandbox import AT, RunningSandbox

POLICY = parse_policy(default_policy_text())
PATIENCE_S = 20.0
"""How long an answer is waited for: one that is slow comes."""
LIMIT = 32


def standing() -> datetime:
    """The instant at which all clocks stand, the sandbox's and ours."""
    return AT


@contextmanager
def led_to(running: RunningSandbox) -> Iterator[None]:
    """AWS's usual environment leads to the sandbox, whose clock stands, and to nothing else."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(("AWS_", "TENURE_"))]:
        del os.environ[name]
    os.environ.update(running.aws_environment)
    running.set_faults()
    running.stand(AT)
    try:
        yield
    finally:
        running.set_faults()
        running.stand(None)
        os.environ.clear()
        os.environ.update(before)


class Looker:
    """Looks at a sandbox as the console does: a session with AWS, and a fleet that remembers. A context manager."""

    def __init__(self, running: RunningSandbox, read_timeout_s: float | None = None) -> None:
        """``read_timeout_s`` is how long an answer of AWS is waited for; ``None``: with patience."""
        self._aws = AwsSession(
            AwsSettings(
                role_arn=running.role_arn,
                home_region=HOME,
                max_attempts=1,
                read_timeout_s=PATIENCE_S if read_timeout_s is None else read_timeout_s,
            )
        )
        self._api = InternalApi(
            running.api_url, running.tokens["viewer"], now=standing, default_zone=POLICY.default_zone
        )
        self._fleet = self._new()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._api.close()
        self._aws.close()

    def again(self) -> Picture:
        """Asks everybody once more; what was seen before is remembered."""
        return picture_of(self._fleet.refresh(lambda _: None, threading.Event()))

    def first(self) -> Picture:
        """Asks everybody with nothing remembered but the keys of the roles, if they were given out before."""
        return picture_of(self._new().refresh(lambda _: None, threading.Event()))

    def _new(self) -> Fleet:
        return Fleet(self._api, self._aws, POLICY, standing, limit=LIMIT)
