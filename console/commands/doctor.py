"""``tenure doctor``: whether everything that the console stands on is there."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from typing import Annotated, Literal

from cyclopts import Parameter

from console.diagnosis import (
    Finding,
    Health,
    examine_api,
    examine_aws,
    examine_policy,
    examine_settings,
    examine_terminal,
)
from console.errors import FAILED, OK
from console.output import print_json
from console.waiting import Task
from services.now import make_now
from services.text import clean


def doctor(*, output: Annotated[Literal["table", "json"], Parameter(name=["--output", "-o"])] = "table") -> int:
    """Check settings, agreement, internal API, credentials, each account, clock skew and terminal.

    Exits 0 when nothing failed, 4 when something did; what to do stands behind the arrow.
    """
    findings = []
    for finding in _as_they_come():
        findings.append(finding)
        if output == "table":
            sys.stdout.write(_line(finding))
            sys.stdout.flush()
    if output == "json":
        print_json([_document(finding) for finding in findings])
    return FAILED if any(finding.health is Health.FAILED for finding in findings) else OK


def examine() -> Iterator[Finding]:
    """Everything, in the order in which one thing stands on another."""
    yield from examine_terminal(
        os.environ, tty=sys.stdout.isatty(), size=shutil.get_terminal_size(), encoding=sys.stdout.encoding
    )
    settings, findings = examine_settings(os.environ)
    yield from findings
    if settings is None:
        for check in ("agreement", "internal API", "AWS credentials"):
            yield Finding(check, Health.UNKNOWN, "not looked at without settings")
        return
    zone, findings = examine_policy(settings)
    yield from findings
    accounts, findings = examine_api(settings, make_now(settings.clock_offset), zone)
    yield from findings
    yield from examine_aws(settings, accounts)


def _as_they_come() -> Iterator[Finding]:
    """The findings of ``examine``, each asked for on a daemon thread: an interrupt ends us though a server hangs."""
    findings = examine()
    while (one := Task("doctor", lambda: next(findings, None)).wait()) is not None:
        yield one


def _line(finding: Finding) -> str:
    advice = f"  → {clean(finding.advice)}" if finding.advice else ""
    return f"{finding.health:<8} {clean(finding.check):<32}  {clean(finding.told)}{advice}\n"


def _document(finding: Finding) -> dict[str, str | None]:
    return {"check": finding.check, "status": finding.health.value, "told": finding.told, "advice": finding.advice}
