"""What an order does, beside its plan; and who has taken back one that was under way."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from services.controlplane.columns import KEY, Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ORDERS = sa.table("orders", sa.column("id", KEY), sa.column("plan", sa.Text), sa.column("action", sa.String))


def upgrade() -> None:
    with op.batch_alter_table("orders") as orders:
        orders.add_column(sa.Column("action", sa.String(64), nullable=False, server_default=""))
        orders.add_column(sa.Column("taken_back_by", sa.Text))
        orders.add_column(sa.Column("taken_back_at", Instant))
    connection = op.get_bind()
    for key in list(connection.execute(sa.select(_ORDERS.c.id)).scalars()):
        plan = connection.execute(sa.select(_ORDERS.c.plan).where(_ORDERS.c.id == key)).scalar_one()
        action = json.loads(plan)["asked"]["action"]
        connection.execute(sa.update(_ORDERS).where(_ORDERS.c.id == key).values(action=action))
