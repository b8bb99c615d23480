"""The tables as a server made them before there were orders: what an upgrade begins with.

Word for word, but for the types that each database has its own word for, and for quotes that change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TABLES: Final = """
CREATE TABLE audit (
    id {key} NOT NULL,
    at {instant} NOT NULL,
    who TEXT NOT NULL,
    role VARCHAR(64) NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    tenant {key},
    origin TEXT,
    ticket TEXT,
    note TEXT,
    PRIMARY KEY (id)
);
CREATE INDEX ix_audit_at_id ON audit (at, id);
CREATE INDEX ix_audit_tenant_at_id ON audit (tenant, at, id);
CREATE TABLE marks (
    collection {key} NOT NULL,
    mark VARCHAR(32) NOT NULL,
    PRIMARY KEY (collection)
);
CREATE TABLE parties (
    id {key} NOT NULL,
    kind VARCHAR(32) NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE tokens (
    id VARCHAR(16) NOT NULL,
    digest {bytes} NOT NULL,
    "user" TEXT NOT NULL,
    role VARCHAR(16) NOT NULL,
    expires_at {instant},
    PRIMARY KEY (id)
);
CREATE TABLE tenants (
    id {key} NOT NULL,
    name TEXT NOT NULL,
    tier VARCHAR(64) NOT NULL,
    region VARCHAR(32) NOT NULL,
    account VARCHAR(12) NOT NULL,
    zone VARCHAR(64),
    state VARCHAR(32) NOT NULL,
    customer {key} NOT NULL,
    reseller {key},
    service_provider {key},
    PRIMARY KEY (id),
    FOREIGN KEY(customer) REFERENCES parties (id),
    FOREIGN KEY(reseller) REFERENCES parties (id),
    FOREIGN KEY(service_provider) REFERENCES parties (id)
);
CREATE INDEX ix_tenants_customer ON tenants (customer);
CREATE INDEX ix_tenants_reseller ON tenants (reseller);
CREATE INDEX ix_tenants_service_provider ON tenants (service_provider);
CREATE TABLE acknowledgements (
    id {key} NOT NULL,
    tenant {key},
    figure TEXT NOT NULL,
    "by" TEXT NOT NULL,
    at {instant} NOT NULL,
    until {instant} NOT NULL,
    assignee TEXT,
    note TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX ix_acknowledgements_tenant ON acknowledgements (tenant);
CREATE TABLE cases (
    id {key} NOT NULL,
    tenant {key} NOT NULL,
    kind VARCHAR(32) NOT NULL,
    scope TEXT NOT NULL,
    state VARCHAR(32) NOT NULL,
    opened_at {instant} NOT NULL,
    delivered_at {instant},
    ended_at {instant},
    disabled_at {instant},
    reference TEXT,
    summary TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_cases_tenant ON cases (tenant);
CREATE TABLE exports (
    id {key} NOT NULL,
    tenant {key} NOT NULL,
    state VARCHAR(32) NOT NULL,
    requested_at {instant} NOT NULL,
    requester TEXT NOT NULL,
    reference TEXT,
    progress FLOAT,
    available_at {instant},
    complete BOOLEAN,
    delivered_at {instant},
    destroyed_at {instant},
    failure TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_exports_tenant ON exports (tenant);
CREATE TABLE holds (
    id {key} NOT NULL,
    tenant {key} NOT NULL,
    basis VARCHAR(64) NOT NULL,
    owner TEXT NOT NULL,
    reason TEXT NOT NULL,
    placed_at {instant} NOT NULL,
    expires_at {instant},
    lifted_at {instant},
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_holds_tenant ON holds (tenant);
CREATE TABLE recovery_tests (
    id {key} NOT NULL,
    tenant {key} NOT NULL,
    store TEXT NOT NULL,
    kind VARCHAR(32) NOT NULL,
    started_at {instant} NOT NULL,
    ended_at {instant},
    succeeded BOOLEAN,
    reference TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_recovery_tests_tenant ON recovery_tests (tenant);
CREATE TABLE slots (
    id {key} NOT NULL,
    tenant {key},
    tier VARCHAR(64),
    region VARCHAR(32),
    starts_at {instant} NOT NULL,
    ends_at {instant} NOT NULL,
    zone VARCHAR(64) NOT NULL,
    local_start {wall} NOT NULL,
    choice VARCHAR(16),
    state VARCHAR(32) NOT NULL,
    reason TEXT NOT NULL,
    scheduled_at {instant} NOT NULL,
    announced_at {instant},
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_slots_tenant ON slots (tenant);
CREATE TABLE stores (
    id {key} NOT NULL,
    tenant {key} NOT NULL,
    store TEXT NOT NULL,
    part TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_stores_tenant ON stores (tenant);
CREATE TABLE subscriptions (
    id {key} NOT NULL,
    tenant {key} NOT NULL,
    "order" TEXT,
    started_on DATE NOT NULL,
    ended_on DATE,
    termination_confirmed_at {instant},
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_subscriptions_tenant ON subscriptions (tenant);
CREATE TABLE tenant_sp_end_customers (
    tenant {key} NOT NULL,
    position INTEGER NOT NULL,
    party {key} NOT NULL,
    PRIMARY KEY (tenant, position),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE,
    FOREIGN KEY(party) REFERENCES parties (id)
);
CREATE INDEX ix_tenant_sp_end_customers_party ON tenant_sp_end_customers (party);
"""

BEFORE_ORDERS: Final[Mapping[str, str]] = {
    "sqlite": TABLES.format(key="VARCHAR(64)", instant="DATETIME", wall="DATETIME", bytes="BLOB"),
    "postgresql": TABLES.format(
        key='VARCHAR(64) COLLATE "C"',
        instant="TIMESTAMP WITH TIME ZONE",
        wall="TIMESTAMP WITHOUT TIME ZONE",
        bytes="BYTEA",
    ),
}
