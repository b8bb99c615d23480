"""The registry, what happens with tenants, and a log without a chain: what there was before orders.

Databases of that time bear no revision, and the oldest have a part of the tables alone: what is missing is made.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from services.controlplane.columns import KEY, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _table(name: str, *columns: sa.Column[Any]) -> None:
    op.create_table(name, *columns, if_not_exists=True)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns), if_not_exists=True)


def _id() -> sa.Column[str]:
    return sa.Column("id", KEY, primary_key=True)


def _tenant(*, nullable: bool = False, ondelete: str | None = None) -> sa.Column[str]:
    return sa.Column("tenant", KEY, sa.ForeignKey("tenants.id", ondelete=ondelete), nullable=nullable)


def upgrade() -> None:
    _registry()
    _operations()
    _cases()
    _log()


def _registry() -> None:
    _table(
        "parties",
        _id(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
    )
    _table(
        "tokens",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("expires_at", Instant),
    )
    _table(
        "tenants",
        _id(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("tier", sa.String(64), nullable=False),
        sa.Column("region", sa.String(32), nullable=False),
        sa.Column("account", sa.String(12), nullable=False),
        sa.Column("zone", sa.String(64)),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("customer", KEY, sa.ForeignKey("parties.id"), nullable=False),
        sa.Column("reseller", KEY, sa.ForeignKey("parties.id")),
        sa.Column("service_provider", KEY, sa.ForeignKey("parties.id")),
    )
    for party in ("customer", "reseller", "service_provider"):
        _index("tenants", party)
    _table(
        "tenant_sp_end_customers",
        sa.Column("tenant", KEY, sa.ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("party", KEY, sa.ForeignKey("parties.id"), nullable=False),
    )
    _index("tenant_sp_end_customers", "party")
    _table(
        "subscriptions",
        _id(),
        _tenant(),
        sa.Column("order", sa.Text),
        sa.Column("started_on", sa.Date, nullable=False),
        sa.Column("ended_on", sa.Date),
        sa.Column("termination_confirmed_at", Instant),
    )
    _table("stores", _id(), _tenant(), sa.Column("store", sa.Text, nullable=False), sa.Column("part", sa.Text))
    for table in ("subscriptions", "stores"):
        _index(table, "tenant")


def _operations() -> None:
    _table(
        "exports",
        _id(),
        _tenant(),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("requested_at", Instant, nullable=False),
        sa.Column("requester", sa.Text, nullable=False),
        sa.Column("reference", sa.Text),
        sa.Column("progress", sa.Float),
        sa.Column("available_at", Instant),
        sa.Column("complete", sa.Boolean),
        sa.Column("delivered_at", Instant),
        sa.Column("destroyed_at", Instant),
        sa.Column("failure", sa.Text),
    )
    _table(
        "slots",
        _id(),
        _tenant(nullable=True),
        sa.Column("tier", sa.String(64)),
        sa.Column("region", sa.String(32)),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("local_start", sa.DateTime, nullable=False),
        sa.Column("choice", sa.String(16)),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("scheduled_at", Instant, nullable=False),
        sa.Column("announced_at", Instant),
    )
    _table(
        "holds",
        _id(),
        _tenant(),
        sa.Column("basis", sa.String(64), nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("placed_at", Instant, nullable=False),
        sa.Column("expires_at", Instant),
        sa.Column("lifted_at", Instant),
    )
    _table(
        "acknowledgements",
        _id(),
        _tenant(nullable=True, ondelete="CASCADE"),
        sa.Column("figure", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("assignee", sa.Text),
        sa.Column("note", sa.Text),
    )
    for table in ("exports", "slots", "holds", "acknowledgements"):
        _index(table, "tenant")


def _cases() -> None:
    _table(
        "cases",
        _id(),
        _tenant(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("delivered_at", Instant),
        sa.Column("ended_at", Instant),
        sa.Column("disabled_at", Instant),
        sa.Column("reference", sa.Text),
        sa.Column("summary", sa.Text, nullable=False),
    )
    _table(
        "recovery_tests",
        _id(),
        _tenant(),
        sa.Column("store", sa.Text, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("succeeded", sa.Boolean),
        sa.Column("reference", sa.Text),
    )
    for table in ("cases", "recovery_tests"):
        _index(table, "tenant")


def _log() -> None:
    _table(
        "audit",
        _id(),
        sa.Column("at", Instant, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("tenant", KEY),
        sa.Column("origin", sa.Text),
        sa.Column("ticket", sa.Text),
        sa.Column("note", sa.Text),
    )
    _index("audit", "at", "id")
    _index("audit", "tenant", "at", "id")
    _table("marks", sa.Column("collection", KEY, primary_key=True), sa.Column("mark", sa.String(32), nullable=False))
