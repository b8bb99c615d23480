"""Private links: a tunnel down, both down, an interface under test, one that AWS does not know, one of nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.model import Status
from services.sandbox import links
from services.sandbox.builder import Builder
from services.sandbox.options import DEDICATED_ACCOUNT
from services.sandbox.stories.base import Expectations, linked, overall
from services.wire.registry import TenantRecord

MINUTE = timedelta(minutes=1)


def _tenant(builder: Builder, id_: str, name: str, region: str) -> TenantRecord:
    tenant = builder.tenant(id_, name, "dedicated", region)
    builder.running(tenant)
    tags = (("tenant", tenant.id),)
    store = builder.instance(DEDICATED_ACCOUNT, region, f"{id_}-core", tier="dedicated", tags=tags)
    builder.store(tenant, store.arn)
    return tenant


class Degraded:
    """One tunnel of two."""

    NAME = "one-tunnel-down"
    SENTENCE = "A dedicated tenant's VPN runs over one of its two tunnels; a second VPN in the account is nobody's."

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        tenant = _tenant(builder, "tyrell-voice", "Tyrell Voice", "eu-central-1")
        link = links.vpn(builder, tenant, (None, 47 * MINUTE))
        stray = links.vpn(builder, tenant, declared=False, tagged=False, name="forgotten")
        return (
            linked(tenant.id, link.id, link.arn, Status.AT_RISK),
            linked(None, stray.arn, stray.arn, Status.UNKNOWN),
            overall(tenant.id, Status.AT_RISK),
        )


class Down:
    """None of two."""

    NAME = "both-tunnels-down"
    SENTENCE = "A dedicated tenant's VPN has lost both tunnels, the second one 12 minutes ago."

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        tenant = _tenant(builder, "weyland-lines", "Weyland Lines", "eu-west-2")
        link = links.vpn(builder, tenant, (190 * MINUTE, 12 * MINUTE))
        return (linked(tenant.id, link.id, link.arn, Status.BREACHED), overall(tenant.id, Status.BREACHED))


class Testing:
    """Down on purpose, and one that is not there."""

    NAME = "line-under-test"
    SENTENCE = (
        "A failover test keeps a Direct Connect interface down while a VPN of the same tenant carries; a second VPN "
        "that the registry declares AWS does not know."
    )

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        tenant = _tenant(builder, "oscorp-net", "Oscorp Net", "us-east-1")
        line = links.interface(builder, tenant, state="testing", up=False)
        spare = links.vpn(builder, tenant, declared=False)
        missing = replace(spare, id=f"{spare.id[:-4]}dead")
        links.declare(builder, tenant, missing.arn)
        return (
            linked(tenant.id, line.id, line.arn, Status.AT_RISK),
            linked(tenant.id, spare.id, spare.arn, Status.OK),
            linked(tenant.id, missing.id, missing.arn, Status.BREACHED),
            overall(tenant.id, Status.BREACHED),
        )
