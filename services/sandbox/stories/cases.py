"""Cases whose clocks are nearly over."""

from __future__ import annotations

from datetime import timedelta

from services.model import CaseKind, Status
from services.sandbox import records
from services.sandbox.builder import Builder
from services.sandbox.options import PUBLIC_ACCOUNT
from services.sandbox.stories.base import Expectations, case, overall, recovery

LEFT = timedelta(minutes=40)
HOUR = timedelta(hours=1)


class Conduct:
    """24 hours after the request."""

    NAME = "conduct-case"
    SENTENCE = (
        "A customer was asked to stop an abuse of fax; in 40 minutes the 24 hours are over and it may be disabled."
    )

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        tenant = builder.tenant("sprawl-mart", "Sprawl Mart", "public", "eu-central-1")
        builder.running(tenant)
        instance = builder.instance(PUBLIC_ACCOUNT, tenant.region, "sprawl-mart-db")
        builder.store(tenant, instance.arn)
        made = records.case(
            builder,
            tenant,
            CaseKind.ACCEPTABLE_USE,
            "application fax",
            builder.at - 24 * HOUR + LEFT,
            summary="Unsolicited faxes to thousands of numbers",
        )
        return (
            case(made, Status.AT_RISK),
            recovery(tenant.id, instance, Status.OK),
            overall(tenant.id, Status.AT_RISK),
        )


class Assistance:
    """What a processor owes to the controller."""

    NAME = "assistance-cases"
    SENTENCE = (
        "A customer has to be told of a personal-data breach within four hours more, and a data subject's request is "
        "to be answered in days."
    )

    @staticmethod
    def plant(builder: Builder) -> Expectations:
        tenant = builder.tenant("yoyodyne-phone", "Yoyodyne Phone", "public", "us-east-1")
        builder.running(tenant)
        instance = builder.instance(PUBLIC_ACCOUNT, tenant.region, "yoyodyne-phone-db")
        builder.store(tenant, instance.arn)
        breach = records.case(
            builder,
            tenant,
            CaseKind.BREACH_NOTICE,
            "tenant",
            builder.at - 20 * HOUR,
            summary="Voicemail of one mailbox was read by a stranger",
        )
        request = records.case(
            builder,
            tenant,
            CaseKind.DATA_SUBJECT_REQUEST,
            "mailbox 4711",
            builder.at - timedelta(days=7),
            summary="Access to everything that is stored about a former employee",
        )
        return (
            case(breach, Status.AT_RISK),
            case(request, Status.DUE),
            overall(tenant.id, Status.AT_RISK),
        )
