"""What ``tenure doctor`` looks at: one finding a thing, each with what to do about it. Nothing here writes anywhere."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Protocol, cast

from console.errors import CommandError
from console.profile import SettingsError, config_path
from console.settings import Settings, load_settings
from services.now import Now, make_now
from services.words import say_length

if TYPE_CHECKING:
    from services.aws.session import AwsSession

SKEW_AT_RISK = timedelta(seconds=30)
SKEW_FAILED = timedelta(minutes=5)
"""AWS refuses requests signed more than five minutes off ("RequestTimeTooSkewed")."""
_STEP = timedelta(seconds=1)
EXPIRY_AT_RISK = timedelta(minutes=10)


class Health(StrEnum):
    """How a thing is."""

    OK = "ok"
    AT_RISK = "at-risk"
    """It works, and something about it should be mended."""
    UNKNOWN = "unknown"
    """It could not be looked at, because of something else that stands above."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's. Text may come from outside and is not sanitized."""

    check: str
    health: Health
    told: str
    advice: str | None = None


class StsClient(Protocol):
    """What is used of boto3's client for STS."""

    def get_caller_identity(self) -> Mapping[str, Any]: ...  # untyped: a Protocol stands for the stubs at run time


def examine_settings(env: Mapping[str, str]) -> tuple[Settings | None, list[Finding]]:
    """The settings with the origin of each value; secrets are named, never shown."""
    try:
        settings = load_settings(env)
    except SettingsError as error:
        return None, [Finding("settings", Health.FAILED, line) for line in error.message.splitlines() if line.strip()]
    path = config_path(env)
    where = str(path) if path.exists() else "the environment alone"
    findings = [Finding("settings", Health.OK, f"profile {settings.profile}, from {where}")]
    for name, origin in sorted(settings.origins.items()):
        if name.rpartition(".")[2].isdigit():
            continue  # an item of a list that is told as a whole
        findings.append(Finding(f"setting {name}", Health.OK, f"{_masked(settings, name)} ({origin})"))
    if settings.api.token is not None and settings.origins.get("api.token", "").startswith(str(path)):
        findings += _readable_secret(path)
    return settings, findings


def _masked(settings: Settings, name: str) -> str:
    value: object = settings
    for part in name.split("."):
        value = value[int(part)] if isinstance(value, tuple) else getattr(value, part)
    return str(value)  # pydantic writes a secret as asterisks


def _readable_secret(path: Path) -> Iterator[Finding]:
    mode = path.stat().st_mode
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        advice = f"chmod 600 {path}, or use api.token_command"
        yield Finding(
            "settings file", Health.AT_RISK, f"holds a token and others may read it ({mode & 0o777:o})", advice
        )


def examine_policy(settings: Settings) -> tuple[str, list[Finding]]:
    """Whether the policy in force is valid; its default zone, UTC where it is not."""
    from console.wiring import load_policy, policy_text

    try:
        policy = load_policy(settings)
        _, where = policy_text(settings)
    except SettingsError as error:
        told = [Finding("agreement", Health.FAILED, line) for line in error.message.splitlines()]
        return "UTC", [
            *told[:-1],
            Finding(told[-1].check, told[-1].health, told[-1].told, "tenure agreement check FILE"),
        ]
    return policy.default_zone, [Finding("agreement", Health.OK, where)]


def skew(check: str, theirs: datetime, ours: datetime) -> Finding:
    """How far our clock is from another's."""
    off = ours - theirs
    told = f"{say_length(abs(off))} {'ahead' if off > timedelta() else 'behind'}" if abs(off) >= _STEP else "in step"
    if abs(off) >= SKEW_FAILED:
        return Finding(check, Health.FAILED, told, "set this machine's clock (NTP); AWS refuses requests so far off")
    if abs(off) >= SKEW_AT_RISK:
        return Finding(check, Health.AT_RISK, told, "set this machine's clock (NTP)")
    return Finding(check, Health.OK, told)


def examine_api(settings: Settings, now: Now, zone: str) -> tuple[frozenset[str], list[Finding]]:
    """The internal API: reachable, its clock, whose token; and the accounts of the registry's tenants."""
    from console.wiring import make_api

    try:
        api = make_api(settings, now, zone)
    except CommandError as error:
        return frozenset(), [Finding("internal API", Health.FAILED, error.message)]
    with api:
        health = api.health()
        if health.value is None:
            told = f"{settings.api.url}: {health.error or health.outcome}"
            advice = "is the address right, the server up, and the way to it open?"
            return frozenset(), [Finding("internal API", Health.FAILED, told, advice)]
        findings = [
            Finding("internal API", Health.OK, f"{settings.api.url} answered in {health.latency_ms} ms"),
            skew("clock, internal API", health.value.now, health.at),
        ]
        who = api.whoami()
        if who.value is None:
            advice = "the token is not, or no longer, good there: get a new one"
            return frozenset(), [*findings, Finding("token", Health.FAILED, who.error or who.outcome, advice)]
        findings.append(_expiry("token", f"{who.value.user}, {who.value.role}", who.value.expires_at, now()))
        registry = api.registry(Event())
    findings += (
        Finding("registry", Health.FAILED, f"{seen.source.operation}: {seen.error or seen.outcome}")
        for seen in registry.observations
        if not seen.outcome.answered
    )
    told = f"{len(registry.tenants)} tenants, {len(registry.stores)} stores, {len(registry.bad)} bad records"
    if registry.bad:
        findings.append(Finding("registry", Health.AT_RISK, told, "tenure list sources names the bad records"))
    else:
        findings.append(Finding("registry", Health.OK, told))
    return frozenset(tenant.account for tenant in registry.tenants), findings


def _expiry(check: str, who: str, ends_at: datetime | None, now: datetime) -> Finding:
    if ends_at is None:
        return Finding(check, Health.OK, who)
    left = ends_at - now
    if left <= timedelta():
        return Finding(check, Health.FAILED, f"{who}, ended {say_length(-left)} ago", "sign in again")
    told = f"{who}, {say_length(left)} left"
    return (
        Finding(check, Health.AT_RISK, told, "sign in again soon")
        if left < EXPIRY_AT_RISK
        else Finding(check, Health.OK, told)
    )


def examine_aws(settings: Settings, accounts: frozenset[str]) -> Iterator[Finding]:
    """The credentials, and the way into each account; AWS's clock against this machine's real one."""
    from console.wiring import make_session

    with closing(make_session(settings)) as session:
        try:
            identity = session.identity()
        except Exception as error:  # noqa: BLE001 - botocore raises what it likes at garbage; all of it is told
            advice = "sign in (aws sso login), or set AWS_PROFILE or aws.profile"
            yield Finding("AWS credentials", Health.FAILED, str(error), advice)
            yield Finding("AWS accounts", Health.UNKNOWN, "without credentials no account can be looked at")
            return
        now = make_now(settings.clock_offset)()
        yield _expiry("AWS credentials", identity.aws_arn or "nobody", identity.expires_at, now)
        named = accounts | {scope.account for scope in settings.aws.scope}
        yield from _examine_accounts(settings, session, sorted(named))
    if not named:
        yield Finding("AWS accounts", Health.UNKNOWN, "the registry named none", "see internal API above")


def _examine_accounts(settings: Settings, session: AwsSession, accounts: list[str]) -> Iterator[Finding]:
    from services.aws.session import FALLBACK_REGION

    region = settings.aws.home_region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    compared = False
    for account in accounts:
        check = f"AWS account {account}"
        try:
            client = cast(StsClient, session.client("sts", account, region or FALLBACK_REGION))
            answer = client.get_caller_identity()
        except Exception as error:  # noqa: BLE001 - as above
            advice = "may the credentials assume aws.role_arn there, and does the role trust them (external id)?"
            yield Finding(check, Health.FAILED, str(error), advice)
            continue
        if answer["Account"] != account:
            yield Finding(check, Health.FAILED, f"the role leads to {answer['Account']}", "mend aws.role_arn")
            continue
        yield Finding(check, Health.OK, answer["Arn"])
        date = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
        if date and not compared:
            compared = True
            yield skew("clock, AWS", parsedate_to_datetime(date).astimezone(UTC), make_now()())


def examine_terminal(env: Mapping[str, str], *, tty: bool, size: os.terminal_size, encoding: str) -> Iterator[Finding]:
    """Whether the console can draw here."""
    if not tty:
        yield Finding("terminal", Health.UNKNOWN, "output does not go to a terminal")
        return
    term = env.get("TERM", "")
    if term in {"", "dumb", "unknown"}:
        yield Finding(
            "terminal", Health.FAILED, f"TERM is {term or 'not set'}", "set TERM, for instance xterm-256color"
        )
    else:
        yield Finding("terminal", Health.OK, f"TERM {term}{', in tmux' if env.get('TMUX') else ''}")
    told = f"{size.columns}×{size.lines}"
    small = size.columns < 80 or size.lines < 24
    yield Finding(
        "terminal size", Health.AT_RISK if small else Health.OK, told, "80×24 is the least" if small else None
    )
    yield Finding("colours", Health.OK, _colours(env, term))
    if encoding.lower().replace("-", "") != "utf8":
        yield Finding("encoding", Health.AT_RISK, encoding, "use a UTF-8 locale (LANG=C.UTF-8)")
    else:
        yield Finding("encoding", Health.OK, "UTF-8")


def _colours(env: Mapping[str, str], term: str) -> str:
    if env.get("NO_COLOR"):
        return "none (NO_COLOR)"
    if env.get("COLORTERM", "") in {"truecolor", "24bit"}:
        return "true colour"
    return "256" if "256color" in term else "16"
