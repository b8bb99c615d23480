"""The schema of a database: made where there is none, brought up to date where an earlier version made it.

All of it happens in the caller's transaction, on PostgreSQL under a lock of its own: of several servers that start at
once one does it, and the others find it done.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, inspect, select, text

from services.controlplane import chore_tables, marks, operation_tables, order_tables, sample_tables, tables
from services.controlplane.chaining import begin
from services.controlplane.columns import metadata

REVISION: Final = "0008"
"""What this version's tables are: the last file of ``migrations/versions``."""
FOLDER: Final = Path(__file__).parent / "migrations"
DECLARED_IN: Final = (tables, operation_tables, order_tables, sample_tables, chore_tables, marks)
"""All of these are imported before ``metadata`` is whole."""

_log: Final = logging.getLogger("tenure.controlplane")
_LOCK: Final = 0x7E_0E_CE
_version = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


class NewerDatabaseError(ValueError):
    """A later version of Tenure has written to the database: this one would read it wrongly."""


def bring_up_to_date(connection: Connection) -> None:
    """Make or upgrade all tables. Raises ``NewerDatabaseError`` and leaves everything as it was."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    there = set(inspect(connection).get_table_names())
    if not there & metadata.tables.keys():
        metadata.create_all(connection)
        begin(connection)
        _version.create(connection, checkfirst=True)
        connection.execute(insert(_version).values(version_num=REVISION))
        return
    standing = connection.execute(select(_version.c.version_num)).scalar() if _version.name in there else None
    if standing != REVISION:
        _upgrade(connection, standing)


def revision_of(connection: Connection) -> str | None:
    """The revision of an open database."""
    return connection.execute(select(_version.c.version_num)).scalar()


def _upgrade(connection: Connection, standing: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    if standing is not None and standing not in {
        script.revision for script in ScriptDirectory.from_config(config).walk_revisions()
    }:
        raise NewerDatabaseError(
            f"it was written by a newer version of tenure (its revision is {standing}, this version's {REVISION}): "
            "install that version, or one after it"
        )
    command.upgrade(config, REVISION)
    _log.info("the database was upgraded from revision %s to %s", standing or "none", REVISION)
