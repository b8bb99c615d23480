"""The table of what the server does by itself, one worker at a time: when it did it last, and what became of it."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from services.controlplane.columns import KEY, Instant, metadata

chores = Table(
    "chores",
    metadata,
    Column("name", KEY, primary_key=True),
    Column("tried_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("failure", Text),
    Column("kept", Text),
)
"""``failure``: why the last try failed, empty where it did not; ``kept``: what the next one has to know."""
