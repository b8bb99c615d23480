"""The tables of orders: the plan as it was handed over, and how far each of its steps is."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from services.controlplane.columns import KEY, Instant, metadata
from services.wire.orders import OrderState

OPEN = (OrderState.WAITING, OrderState.ACCEPTED, OrderState.RUNNING)

orders = Table(
    "orders",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("plan", Text, nullable=False),
    Column("action", String(64), nullable=False, server_default=""),
    Column("state", String(16), nullable=False, index=True),
    Column("author", Text, nullable=False),
    Column("role", String(16), nullable=False),
    Column("origin", Text),
    Column("ticket", Text),
    Column("reason", Text),
    Column("created_at", Instant, nullable=False),
    Column("approved_by", Text),
    Column("approved_at", Instant),
    Column("ended_at", Instant),
    Column("failure", Text),
    Column("worker", Text),
    Column("break_glass_until", Instant),
    Column("reviewed_by", Text),
    Column("reviewed_at", Instant),
    Column("taken_back_by", Text),
    Column("taken_back_at", Instant),
    Index("ix_orders_created_at_id", "created_at", "id"),
)
"""``action``: as in the plan, which is long. ``worker``: who carries it out; empty until one has taken it."""

order_tenants = Table(
    "order_tenants",
    metadata,
    Column("order", KEY, ForeignKey("orders.id"), primary_key=True),
    Column("tenant", KEY, primary_key=True, index=True),
)
"""Whom an order concerns. No reference: what was done is kept longer than whom it was done to."""

order_steps = Table(
    "order_steps",
    metadata,
    Column("order", KEY, ForeignKey("orders.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(16), nullable=False),
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("request_id", Text),
    Column("attempts", Integer, nullable=False, default=0),
    Column("result", Text),
    Column("error", Text),
)

workers = Table(
    "workers",
    metadata,
    Column("name", KEY, primary_key=True),
    Column("seen_at", Instant, nullable=False),
)
"""Who carries orders out, and when each was last known to be alive."""
