"""2,000 calls of `DescribeDBInstances`, each answered with a database after 50 ms by an AWS in a process of its own:
the console's collector, fan-out and clients, those made before, with 64 calls under way at once, beside latency × calls
÷ 64; the best of three. And the processor time of a call, beside that of the client's own method alone, called from as
many threads."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, cast

from services.aws.collect.base import Place
from services.aws.collect.instances import INSTANCES
from services.aws.fanout import fan_out
from services.aws.session import AwsSession, AwsSettings
from services.model import Outcome
from services.now import make_now
from tests.bench.measured import Measured
from tests.bench.programs.late_aws import LATE_S
from tests.support.pty import ROOT

CALLS = 2_000
LIMIT = 64
TIMES = 3
REGIONS = ("eu-central-1", "eu-west-2", "us-east-1", "ca-central-1", "ap-southeast-1")
PLACES = [Place(f"{account:012}", region) for account in range(10) for region in REGIONS]


@contextmanager
def late_aws() -> Iterator[str]:
    """The address of an AWS that takes its time."""
    argv = [sys.executable, "-m", "tests.bench.programs.late_aws"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        try:
            if process.stdout is None:
                raise AssertionError("the server has no output")
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def session(url: str) -> AwsSession:
    """A session whose clients lead there."""
    os.environ |= {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret"}
    os.environ |= {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    role = "arn:aws:iam::{account}:role/tenure-read"
    return AwsSession(AwsSettings(endpoint_url=url, role_arn=role, max_concurrency=LIMIT))


def through_the_fan(aws: AwsSession) -> None:
    """All calls, as the console makes them."""
    calls = [INSTANCES.call(aws, PLACES[index % len(PLACES)]) for index in range(CALLS)]
    now = make_now()
    seen = list(fan_out(calls, cancel=threading.Event(), limit=LIMIT, now=now))
    if len(seen) != CALLS or {it.outcome for it in seen} != {Outcome.SEEN}:
        raise AssertionError(f"{len(seen)} answers: {next((it.error for it in seen if it.error), None)}")


def by_the_client(aws: AwsSession) -> None:
    """All calls, the client's own method alone."""
    clients = [cast(Any, aws.client("rds", place.account, place.region)) for place in PLACES]
    with ThreadPoolExecutor(LIMIT) as pool:
        list(pool.map(lambda index: clients[index % len(PLACES)].describe_db_instances(), range(CALLS)))


def taken(action: Callable[[], None]) -> tuple[float, float]:
    """Seconds that pass, and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - wall, time.process_time() - cpu


def measure() -> Iterator[Measured]:
    """The time of all, and the processor's of one."""
    with late_aws() as url:
        aws = session(url)
        through_the_fan(aws)  # makes the clients, and opens their connections
        ours: list[tuple[float, float]] = []
        theirs: list[tuple[float, float]] = []
        for _ in range(TIMES):
            ours.append(taken(lambda: through_the_fan(aws)))
            theirs.append(taken(lambda: by_the_client(aws)))
        aws.close()
    ideal = LATE_S * CALLS / LIMIT
    yield Measured(f"{CALLS:,} AWS calls of 50 ms", min(ours)[0], "s", 1.8, ideal, f"latency ÷ {LIMIT}")
    mine, bare = (min(cpu for _, cpu in found) / CALLS for found in (ours, theirs))
    yield Measured("processor time of an AWS call", mine, "s", 1.5, bare, "boto3's own method")


if __name__ == "__main__":
    for measured in measure():
        print(measured.row())  # noqa: T201
