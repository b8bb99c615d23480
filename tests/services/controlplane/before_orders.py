"""The tables as a server made them before there were orders, word for word: what an upgrade begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SQLITE: Final = """
CREATE TABLE audit (
    id VARCHAR(64) NOT NULL,
    at DATETIME NOT NULL,
    who TEXT NOT NULL,
    role VARCHAR(64) NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    tenant VARCHAR(64),
    origin TEXT,
    ticket TEXT,
    note TEXT,
    PRIMARY KEY (id)
);
CREATE INDEX ix_audit_at_id ON audit (at, id);
CREATE INDEX ix_audit_tenant_at_id ON audit (tenant, at, id);
CREATE TABLE marks (
    collection VARCHAR(64) NOT NULL,
    mark VARCHAR(32) NOT NULL,
    PRIMARY KEY (collection)
);
CREATE TABLE parties (
    id VARCHAR(64) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE tokens (
    id VARCHAR(16) NOT NULL,
    digest BLOB NOT NULL,
    user TEXT NOT NULL,
    role VARCHAR(16) NOT NULL,
    expires_at DATETIME,
    PRIMARY KEY (id)
);
CREATE TABLE tenants (
    id VARCHAR(64) NOT NULL,
    name TEXT NOT NULL,
    tier VARCHAR(64) NOT NULL,
    region VARCHAR(32) NOT NULL,
    account VARCHAR(12) NOT NULL,
    zone VARCHAR(64),
    state VARCHAR(32) NOT NULL,
    customer VARCHAR(64) NOT NULL,
    reseller VARCHAR(64),
    service_provider VARCHAR(64),
    PRIMARY KEY (id),
    FOREIGN KEY(customer) REFERENCES parties (id),
    FOREIGN KEY(reseller) REFERENCES parties (id),
    FOREIGN KEY(service_provider) REFERENCES parties (id)
);
CREATE INDEX ix_tenants_customer ON tenants (customer);
CREATE INDEX ix_tenants_reseller ON tenants (reseller);
CREATE INDEX ix_tenants_service_provider ON tenants (service_provider);
CREATE TABLE acknowledgements (
    id VARCHAR(64) NOT NULL,
    tenant VARCHAR(64),
    figure TEXT NOT NULL,
    "by" TEXT NOT NULL,
    at DATETIME NOT NULL,
    until DATETIME NOT NULL,
    assignee TEXT,
    note TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX ix_acknowledgements_tenant ON acknowledgements (tenant);
CREATE TABLE cases (
    id VARCHAR(64) NOT NULL,
    tenant VARCHAR(64) NOT NULL,
    kind VARCHAR(32) NOT NULL,
    scope TEXT NOT NULL,
    state VARCHAR(32) NOT NULL,
    opened_at DATETIME NOT NULL,
    delivered_at DATETIME,
    ended_at DATETIME,
    disabled_at DATETIME,
    reference TEXT,
    summary TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_cases_tenant ON cases (tenant);
CREATE TABLE exports (
    id VARCHAR(64) NOT NULL,
    tenant VARCHAR(64) NOT NULL,
    state VARCHAR(32) NOT NULL,
    requested_at DATETIME NOT NULL,
    requester TEXT NOT NULL,
    reference TEXT,
    progress FLOAT,
    available_at DATETIME,
    complete BOOLEAN,
    delivered_at DATETIME,
    destroyed_at DATETIME,
    failure TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_exports_tenant ON exports (tenant);
CREATE TABLE holds (
    id VARCHAR(64) NOT NULL,
    tenant VARCHAR(64) NOT NULL,
    basis VARCHAR(64) NOT NULL,
    owner TEXT NOT NULL,
    reason TEXT NOT NULL,
    placed_at DATETIME NOT NULL,
    expires_at DATETIME,
    lifted_at DATETIME,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_holds_tenant ON holds (tenant);
CREATE TABLE recovery_tests (
    id VARCHAR(64) NOT NULL,
    tenant VARCHAR(64) NOT NULL,
    store TEXT NOT NULL,
    kind VARCHAR(32) NOT NULL,
    started_at DATETIME NOT NULL,
    ended_at DATETIME,
    succeeded BOOLEAN,
    reference TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_recovery_tests_tenant ON recovery_tests (tenant);
CREATE TABLE slots (
    id VARCHAR(64) NOT NULL,
    tenant VARCHAR(64),
    tier VARCHAR(64),
    region VARCHAR(32),
    starts_at DATETIME NOT NULL,
    ends_at DATETIME NOT NULL,
    zone VARCHAR(64) NOT NULL,
    local_start DATETIME NOT NULL,
    choice VARCHAR(16),
    state VARCHAR(32) NOT NULL,
    reason TEXT NOT NULL,
    scheduled_at DATETIME NOT NULL,
    announced_at DATETIME,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_slots_tenant ON slots (tenant);
CREATE TABLE stores (
    id VARCHAR(64) NOT NULL,
    tenant VARCHAR(64) NOT NULL,
    store TEXT NOT NULL,
    part TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_stores_tenant ON stores (tenant);
CREATE TABLE subscriptions (
    id VARCHAR(64) NOT NULL,
    tenant VARCHAR(64) NOT NULL,
    "order" TEXT,
    started_on DATE NOT NULL,
    ended_on DATE,
    termination_confirmed_at DATETIME,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_subscriptions_tenant ON subscriptions (tenant);
CREATE TABLE tenant_sp_end_customers (
    tenant VARCHAR(64) NOT NULL,
    position INTEGER NOT NULL,
    party VARCHAR(64) NOT NULL,
    PRIMARY KEY (tenant, position),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE,
    FOREIGN KEY(party) REFERENCES parties (id)
);
CREATE INDEX ix_tenant_sp_end_customers_party ON tenant_sp_end_customers (party);
"""

POSTGRESQL: Final = """
CREATE TABLE audit (
    id VARCHAR(64) COLLATE "C" NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    who TEXT NOT NULL,
    role VARCHAR(64) NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    tenant VARCHAR(64) COLLATE "C",
    origin TEXT,
    ticket TEXT,
    note TEXT,
    PRIMARY KEY (id)
);
CREATE INDEX ix_audit_at_id ON audit (at, id);
CREATE INDEX ix_audit_tenant_at_id ON audit (tenant, at, id);
CREATE TABLE marks (
    collection VARCHAR(64) COLLATE "C" NOT NULL,
    mark VARCHAR(32) NOT NULL,
    PRIMARY KEY (collection)
);
CREATE TABLE parties (
    id VARCHAR(64) COLLATE "C" NOT NULL,
    kind VARCHAR(32) NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE tokens (
    id VARCHAR(16) NOT NULL,
    digest BYTEA NOT NULL,
    "user" TEXT NOT NULL,
    role VARCHAR(16) NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id)
);
CREATE TABLE tenants (
    id VARCHAR(64) COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    tier VARCHAR(64) NOT NULL,
    region VARCHAR(32) NOT NULL,
    account VARCHAR(12) NOT NULL,
    zone VARCHAR(64),
    state VARCHAR(32) NOT NULL,
    customer VARCHAR(64) COLLATE "C" NOT NULL,
    reseller VARCHAR(64) COLLATE "C",
    service_provider VARCHAR(64) COLLATE "C",
    PRIMARY KEY (id),
    FOREIGN KEY(customer) REFERENCES parties (id),
    FOREIGN KEY(reseller) REFERENCES parties (id),
    FOREIGN KEY(service_provider) REFERENCES parties (id)
);
CREATE INDEX ix_tenants_customer ON tenants (customer);
CREATE INDEX ix_tenants_reseller ON tenants (reseller);
CREATE INDEX ix_tenants_service_provider ON tenants (service_provider);
CREATE TABLE acknowledgements (
    id VARCHAR(64) COLLATE "C" NOT NULL,
    tenant VARCHAR(64) COLLATE "C",
    figure TEXT NOT NULL,
    by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    assignee TEXT,
    note TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE
);
CREATE INDEX ix_acknowledgements_tenant ON acknowledgements (tenant);
CREATE TABLE cases (
    id VARCHAR(64) COLLATE "C" NOT NULL,
    tenant VARCHAR(64) COLLATE "C" NOT NULL,
    kind VARCHAR(32) NOT NULL,
    scope TEXT NOT NULL,
    state VARCHAR(32) NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    disabled_at TIMESTAMP WITH TIME ZONE,
    reference TEXT,
    summary TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_cases_tenant ON cases (tenant);
CREATE TABLE exports (
    id VARCHAR(64) COLLATE "C" NOT NULL,
    tenant VARCHAR(64) COLLATE "C" NOT NULL,
    state VARCHAR(32) NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    requester TEXT NOT NULL,
    reference TEXT,
    progress FLOAT,
    available_at TIMESTAMP WITH TIME ZONE,
    complete BOOLEAN,
    delivered_at TIMESTAMP WITH TIME ZONE,
    destroyed_at TIMESTAMP WITH TIME ZONE,
    failure TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_exports_tenant ON exports (tenant);
CREATE TABLE holds (
    id VARCHAR(64) COLLATE "C" NOT NULL,
    tenant VARCHAR(64) COLLATE "C" NOT NULL,
    basis VARCHAR(64) NOT NULL,
    owner TEXT NOT NULL,
    reason TEXT NOT NULL,
    placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    lifted_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_holds_tenant ON holds (tenant);
CREATE TABLE recovery_tests (
    id VARCHAR(64) COLLATE "C" NOT NULL,
    tenant VARCHAR(64) COLLATE "C" NOT NULL,
    store TEXT NOT NULL,
    kind VARCHAR(32) NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    succeeded BOOLEAN,
    reference TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_recovery_tests_tenant ON recovery_tests (tenant);
CREATE TABLE slots (
    id VARCHAR(64) COLLATE "C" NOT NULL,
    tenant VARCHAR(64) COLLATE "C",
    tier VARCHAR(64),
    region VARCHAR(32),
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    zone VARCHAR(64) NOT NULL,
    local_start TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    choice VARCHAR(16),
    state VARCHAR(32) NOT NULL,
    reason TEXT NOT NULL,
    scheduled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    announced_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_slots_tenant ON slots (tenant);
CREATE TABLE stores (
    id VARCHAR(64) COLLATE "C" NOT NULL,
    tenant VARCHAR(64) COLLATE "C" NOT NULL,
    store TEXT NOT NULL,
    part TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_stores_tenant ON stores (tenant);
CREATE TABLE subscriptions (
    id VARCHAR(64) COLLATE "C" NOT NULL,
    tenant VARCHAR(64) COLLATE "C" NOT NULL,
    "order" TEXT,
    started_on DATE NOT NULL,
    ended_on DATE,
    termination_confirmed_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    FOREIGN KEY(tenant) REFERENCES tenants (id)
);
CREATE INDEX ix_subscriptions_tenant ON subscriptions (tenant);
CREATE TABLE tenant_sp_end_customers (
    tenant VARCHAR(64) COLLATE "C" NOT NULL,
    position INTEGER NOT NULL,
    party VARCHAR(64) COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, position),
    FOREIGN KEY(tenant) REFERENCES tenants (id) ON DELETE CASCADE,
    FOREIGN KEY(party) REFERENCES parties (id)
);
CREATE INDEX ix_tenant_sp_end_customers_party ON tenant_sp_end_customers (party);
"""

BEFORE_ORDERS: Final[Mapping[str, str]] = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
