"""The sandbox's arguments, and what its two servers are told.

Imports nothing of weight: the supervisor must be able to start its children at once.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from services.sandbox.fault_spec import Fault, FaultError, parse_fault

STORY_TENANTS = 36
"""How many tenants the stories take: the smallest fleet."""

DEFAULT_SEED = 1
DEFAULT_TENANTS = 60
MOST_TENANTS = 100_000
DEFAULT_RECORD_AFTER_S = 45
"""The first pictures of a demo do not share the processor with the recorder."""

BASE_ACCOUNT = "123456789012"
"""The operator's own account: holds nothing."""
PUBLIC_ACCOUNT = "111122223333"
DEDICATED_ACCOUNT = "444455556666"
ACCOUNTS = (PUBLIC_ACCOUNT, DEDICATED_ACCOUNT)

PUBLIC_REGIONS = ("us-east-1", "eu-central-1", "me-central-1")
DEDICATED_REGIONS = (*PUBLIC_REGIONS, "eu-west-2", "ca-central-1", "ap-southeast-1")
REGIONS = DEDICATED_REGIONS

ROLE_NAME = "tenure-read"
ROLE_ARN = f"arn:aws:iam::{{account}}:role/{ROLE_NAME}"
"""A template: ``{account}`` stands for the account to be read."""

WORKER_ROLE_NAME = "tenure-worker"
WORKER_ROLE_ARN = f"arn:aws:iam::{{account}}:role/{WORKER_ROLE_NAME}"
"""What the worker of the internal API assumes: the one role that writes."""

ACCESS_KEY_ID = "AKIATENURESANDBOX001"
SECRET_ACCESS_KEY = "the-sandbox-verifies-no-signature"  # noqa: S105 - protects nothing: moto looks at the key id alone
HOST = "127.0.0.1"

PEOPLE = {"viewer": "viewer", "operator": "operator", "approver": "approver", "approver2": "approver"}
"""The role of each whose token is printed; what went without a second person is reviewed by another approver."""


@dataclass(frozen=True, slots=True)
class Options:
    """What was asked for on the command line; ``None`` where nothing was."""

    tenants: int | None = None
    seed: int | None = None
    at: datetime | None = None
    port: int | None = None
    state: Path | None = None
    faults: tuple[Fault, ...] = ()
    session_s: int | None = None
    record_after_s: int | None = None
    """When the recorder begins, in seconds; 0: never."""
    parent: int | None = None
    """Whose end ends the sandbox; 0 for nobody."""


@dataclass(frozen=True, slots=True)
class ChildConfig:
    """What a server is told, as one JSON line on its standard input."""

    seed: int
    tenants: int
    at: str
    """The instant that the fleet's facts are relative to, RFC 3339."""
    offset_s: float
    """How far the sandbox's clock runs ahead of this machine's."""
    fd: int
    """The listening socket, inherited."""
    state: str
    temporary: bool
    """Whether the state directory goes when nobody is left to remove it."""
    faults: list[str] = field(default_factory=list)
    session_s: int | None = None
    """How long sessions of AWS last; ``None``: as long as is asked for."""
    tokens: dict[str, str] = field(default_factory=dict)
    """Token by name, those of ``PEOPLE``."""
    aws_endpoint_url: str | None = None
    """Where the worker finds the sandbox's AWS; the AWS server itself is not told."""
    record_after_s: int = 0
    """When the recorder begins, in seconds; 0: never."""

    def to_dict(self) -> dict[str, object]:
        return asdict(self)

    @property
    def instant(self) -> datetime:
        return parse_instant(self.at)


def parse_instant(text: str) -> datetime:
    """An RFC 3339 instant (``2026-11-22T03:00:00Z``) or a day (its first moment, UTC), to the second, in UTC.

    Raises ``ValueError`` for anything else, an instant without an offset included.
    """
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        text += "T00:00:00Z"
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no offset: end it with Z")
    return instant.astimezone(UTC).replace(microsecond=0)


def format_instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{value} is not between {low} and {high}")
        return value

    return parse


def _tenants(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None
    if value < STORY_TENANTS:
        raise argparse.ArgumentTypeError(f"the stories alone take {STORY_TENANTS} tenants; {value} are too few")
    if value > MOST_TENANTS:
        raise argparse.ArgumentTypeError(f"{value} are more than {MOST_TENANTS}")
    return value


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not an instant as 2026-11-22T03:00:00Z: {error}") from None


def _fault(text: str) -> Fault:
    try:
        return parse_fault(text)
    except FaultError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="tenure sandbox",
        description="An embedded AWS and internal API with a seeded fleet. "
        "Prints one JSON line with the settings that a client needs, then serves until SIGINT.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--tenants", type=_tenants, metavar="N", help=f"exactly N tenants, stories included ({DEFAULT_TENANTS})")
    add("--seed", type=_whole(0, 2**63 - 1), metavar="S", help=f"the same seed makes the same fleet ({DEFAULT_SEED})")
    add("--at", type=_instant, metavar="ISO", help="the clock starts here and runs on (now)")
    add("--port", type=_whole(1, 65534), metavar="P", help="of the AWS endpoint; the API gets P+1 (any two free)")
    add("--state", type=Path, metavar="DIR", help="keep the registry and the logs here (a temporary directory)")
    add("--fault", type=_fault, action="append", default=[], metavar="SPEC", help="KIND[:SERVICE[:REGION]][@P]")
    add("--session", type=_whole(1, 43200), metavar="S", help="sessions of AWS end after S seconds (as asked for)")
    add(
        "--record-after",
        type=_whole(0, 86400),
        metavar="S",
        help=f"sample the RPO of every store from S seconds on; 0: never ({DEFAULT_RECORD_AFTER_S})",
    )
    add(
        "--parent",
        type=_whole(0, 2**31 - 1),
        metavar="PID",
        help="end when this process has ended; 0: never (whoever started it)",
    )
    return parser


def parse_options(argv: Sequence[str]) -> Options:
    """The options; prints what is wrong and exits 2 where they cannot be read."""
    found = make_parser().parse_args(argv)
    return Options(
        tenants=found.tenants,
        seed=found.seed,
        at=found.at,
        port=found.port,
        state=found.state,
        faults=tuple(found.fault),
        session_s=found.session,
        record_after_s=found.record_after,
        parent=os.getppid() if found.parent is None else found.parent,
    )
