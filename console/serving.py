"""What the server and its workers are told on the command line and in the environment, and have in common."""

from __future__ import annotations

import os
import socket
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

from cyclopts import Parameter

from console.errors import CommandError, UsageError

if TYPE_CHECKING:
    from services.agreement import Policy
    from services.controlplane.embedding import Hands
    from services.controlplane.store import Database

ROLE_VARIABLE: Final = "TENURE_WORKER_ROLE_ARN"
EXTERNAL_ID_VARIABLE: Final = "TENURE_WORKER_EXTERNAL_ID"
TAG_VARIABLE: Final = "TENURE_TAGS_TENANT"
TAG_LENGTH: Final = 128
"""The longest key of a tag in AWS."""

DatabaseOption: TypeAlias = Annotated[
    str | None,
    Parameter(
        name="--database", help="A SQLite file, made where missing, or a URL (~/.local/share/tenure/registry.db)."
    ),
]
RoleOption: TypeAlias = Annotated[
    str | None,
    Parameter(
        name="--worker-role",
        help=f"The role that orders are carried out with: arn:aws:iam::{{account}}:role/… ({ROLE_VARIABLE}).",
    ),
]
TagOption: TypeAlias = Annotated[
    str | None,
    Parameter(
        name="--tags-tenant",
        env_var=TAG_VARIABLE,
        help="The tag that attributes a resource to a tenant, as tags.tenant of the consoles' profiles (tenant).",
    ),
]
RecordOption: TypeAlias = Annotated[
    bool | None,
    Parameter(
        name="--record",
        negative="--no-record",
        help="Sample the RPO of every store, also while no console is open; one of several workers does "
        "(where a worker role is named).",
    ),
]


def open_database(database: str | None) -> Database:
    """The database that the option names. Raises ``CommandError``."""
    try:
        from sqlalchemy.exc import SQLAlchemyError

        from services.controlplane.store import Database
    except ImportError as error:
        raise CommandError(f"this needs the extra `server`: pip install 'tenure[server]' ({error})") from error
    try:
        return Database(database_url(database))
    except (SQLAlchemyError, OSError, ValueError, ImportError) as error:  # the last: no driver for such a database
        raise CommandError(f"the database cannot be opened: {error}") from error


def database_url(database: str | None) -> str:
    """SQLAlchemy's URL of what the option names: a file, or already a URL; of PostgreSQL with the driver that comes
    with Tenure, where it names none."""
    if database is not None and "://" in database:
        scheme, _, rest = database.partition("://")
        return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else database
    if database is not None:
        return f"sqlite:///{Path(database).expanduser().absolute()}"
    home = os.environ.get("XDG_DATA_HOME")
    folder = (Path(home) if home else Path.home() / ".local/share") / "tenure"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CommandError(f"{folder} cannot be made: {error}") from error
    return f"sqlite:///{folder / 'registry.db'}"


def clock_offset() -> timedelta:
    """How far this process's clock runs ahead. Raises ``UsageError``."""
    value = os.environ.get("TENURE_CLOCK_OFFSET", "0")
    try:
        return timedelta(seconds=float(value))
    except (ValueError, OverflowError):
        raise UsageError("TENURE_CLOCK_OFFSET is no number of seconds") from None


def policy_of(agreement: Path | None) -> Policy:
    """The policy that orders are planned by. Raises ``UsageError`` with each mistake at its line."""
    from services.agreement import PolicyError, default_policy_text, parse_policy

    named = agreement or (Path(value) if (value := os.environ.get("TENURE_AGREEMENT")) else None)
    if named is None:
        return parse_policy(default_policy_text())
    try:
        return parse_policy(named.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{named} cannot be read: {error}") from error
    except PolicyError as error:
        lines = [f"{named}:{it.line}:{it.column}: {it.path}: {it.message}" for it in error.problems]
        raise UsageError("\n".join(lines)) from error


def tag_of(tag: str | None) -> str:
    """The key of the tag that attributes a resource to a tenant. Raises ``UsageError``."""
    from services.orders.world import TENANT_TAG

    if tag is None:
        return TENANT_TAG
    if not 1 <= len(tag) <= TAG_LENGTH:
        raise UsageError(f"--tags-tenant: a tag's key has 1 to {TAG_LENGTH} characters")
    return tag


def hands_of(name: str | None, role: str | None, *, record: bool | None = None) -> Hands:
    """A worker of that name, of this machine's where there is none, with its role in AWS. Raises ``UsageError``.

    Unless told, it records where a role is named: without one AWS may not be reached at all.
    """
    from services.aws.session import AwsSession, AwsSettings
    from services.controlplane.embedding import Hands

    role = role or os.environ.get(ROLE_VARIABLE) or None
    try:
        settings = AwsSettings(
            role_arn=role,
            external_id=os.environ.get(EXTERNAL_ID_VARIABLE) or None,
            session_name="tenure-worker",
            clock_offset=clock_offset(),
        )
    except ValueError as error:
        raise UsageError(f"--worker-role: {error}") from None
    records = role is not None if record is None else record
    return Hands(name or socket.gethostname() or "worker", AwsSession(settings), record=records)
