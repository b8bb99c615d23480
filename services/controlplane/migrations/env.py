"""Alembic's environment: the connection, and the transaction that it is in, are the caller's."""

from __future__ import annotations

from alembic import context

from services.controlplane.columns import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
