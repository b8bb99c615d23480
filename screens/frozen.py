"""What is said of credentials: which end first, what stands still when they have ended, and the way out. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.fleet.snapshot import FleetSnapshot
from services.model import BASE, INTERNAL, SOON, Credential, Renewal

SIGN_IN, SIGN_IN_TYPING = "S", "F2"
"""The key that opens the sign-in; the one where letters are typed."""
WIDTH = 78
"""Cells of the line that says it, in a terminal of 80."""
_MINUTES_UP_TO, _HOURS_UP_TO = timedelta(hours=2), timedelta(days=2)
_ASKED = frozenset({Renewal.SSO, Renewal.MFA})
_ORDER = (BASE, INTERNAL)
_PROBES = {BASE: "GetCallerIdentity", INTERNAL: "GET /whoami"}
"""The one question that is asked by time while its credential has ended; see ``services.fleet.agenda``."""


def has_ended(credential: Credential, now: datetime) -> bool:
    """Whether it opens nothing any more, by what was said or by its time."""
    return credential.ended or (credential.expires_at is not None and credential.expires_at <= now)


def credentials_of(fleet: FleetSnapshot) -> tuple[Credential, ...]:
    """The picture's credentials; where it has none, what the identity tells of the operator's own."""
    identity = fleet.identity
    if fleet.credentials or (identity.expires_at is None and not fleet.credentials_refused):
        return fleet.credentials
    own = Credential(BASE, identity.aws_arn, identity.expires_at, Renewal.SHELL, ended=fleet.credentials_refused)
    return (own,)


def ends_first(credentials: tuple[Credential, ...], now: datetime) -> Credential | None:
    """The one that has ended, else the one that ends first; ``None`` where none is known to end.

    What renews itself counts only where its renewal is overdue, unless nothing else ends.
    """
    over = [it for it in credentials if has_ended(it, now)]
    if over:
        return min(over, key=lambda it: _ORDER.index(it.name) if it.name in _ORDER else len(_ORDER))
    ending = [(it.expires_at, index, it) for index, it in enumerate(credentials) if it.expires_at is not None]
    pressing = [one for one in ending if one[2].renewal is not Renewal.ITSELF or one[0] - now < SOON]
    return min(pressing or ending, default=(None, 0, None))[2]


def left(ends: datetime, now: datetime) -> str:
    """The time left, cut: ``43m``, ``8h``, ``30d``."""
    rest = ends - now
    if rest <= _MINUTES_UP_TO:
        return f"{rest // timedelta(minutes=1)}m"
    return f"{rest // timedelta(hours=1)}h" if rest <= _HOURS_UP_TO else f"{rest // timedelta(days=1)}d"


def can_sign_in(fleet: FleetSnapshot) -> Credential | None:
    """The operator's own credentials, where signing in makes them good again."""
    return next((it for it in fleet.credentials if it.name == BASE and it.renewal in _ASKED), None)


def no_sign_in(fleet: FleetSnapshot, now: datetime) -> str | None:
    """Why signing in would not help, and what does; ``None`` where it does."""
    own, gone = can_sign_in(fleet), fleet.frozen
    if gone is not None and gone is not own:
        return f"Nothing to sign in to. {way_out(fleet, gone, now)}"
    if own is not None:
        return None
    base = next((it for it in fleet.credentials if it.name == BASE), None)
    if base is None:
        return "Nothing is known of the AWS credentials yet; r asks."
    how = "renew themselves" if base.renewal is Renewal.ITSELF else "are renewed in a shell, then r"
    return f"Nothing to sign in to: AWS credentials {how}."


def presses_to_sign_in(fleet: FleetSnapshot, now: datetime) -> bool:
    """Whether the key belongs in the footer: one can sign in, and has to, or soon will."""
    own = can_sign_in(fleet)
    if own is None or no_sign_in(fleet, now) is not None:
        return False
    ends = own.expires_at
    return has_ended(own, now) or own.error is not None or (ends is not None and ends - now < SOON)


def notice(fleet: FleetSnapshot, now: datetime) -> str | None:
    """One line, where the picture stands still: what ended, when, of when the picture is, and the way out."""
    gone = fleet.frozen
    if gone is None:
        return None
    subject, verb = ("The API's token", "has") if gone.name == INTERNAL else ("AWS credentials", "have")
    when = _at(gone.expires_at, now) if gone.expires_at is not None and gone.expires_at <= now else None
    ended = f"{subject} ended {when}" if when else f"{subject} {verb} ended"
    seen = seen_at(fleet, gone)
    at = _at(seen, now) if seen else None
    pictures = (f"; the picture is of {at}", f"; facts of {at}", "") if at else ("; nothing was read before", "")
    all_ways = [f"{ended}{picture}. {way_out(fleet, gone, now)}" for picture in pictures]
    return next((said for said in all_ways if len(said) <= WIDTH), all_ways[-1])


def way_out(fleet: FleetSnapshot, gone: Credential, now: datetime, key: str = SIGN_IN) -> str:
    """What makes it good again; one sentence."""
    if gone.renewal in _ASKED and gone.name == BASE:
        return f"{key} signs in."
    if gone.renewal is Renewal.ITSELF:
        again = next_try(fleet, gone, now)
        return f"Tried again in {_countdown(again - now)}." if again else "Renews itself; r tries."
    return "Set a new one, then r." if gone.name == INTERNAL else "Renew in a shell, then r."


def not_written(fleet: FleetSnapshot, now: datetime, key: str = SIGN_IN) -> str | None:
    """Why nothing can be written now; ``None`` where it can be."""
    gone = fleet.frozen
    if gone is None:
        return None
    which = "the token" if gone.name == INTERNAL else "AWS credentials"
    return f"Nothing is written: {which} ended. {way_out(fleet, gone, now, key)}"


def seen_at(fleet: FleetSnapshot, gone: Credential) -> datetime | None:
    """When a source that the credential opens last answered; ``None``: none did."""
    internal = gone.name == INTERNAL
    seen = [it.last_seen_at for it in fleet.sources if (it.source.service == "internal") == internal]
    return max((at for at in seen if at is not None), default=None)


def next_try(fleet: FleetSnapshot, gone: Credential, now: datetime) -> datetime | None:
    """When it is next found out by itself whether the credential is good again; ``None``: that is not known."""
    probe = _PROBES.get(gone.name)
    asked = (it.next_at for it in fleet.sources if it.source.operation == probe)
    return min((at for at in asked if at is not None and at > now), default=None)


def renewed(credential: Credential) -> str:
    """How it is made good again, in some words."""
    return {
        Renewal.ITSELF: "renews itself",
        Renewal.SSO: f"{SIGN_IN} signs in with a device code",
        Renewal.MFA: f"{SIGN_IN} asks for the code of the MFA device",
        Renewal.SHELL: "by a new token in the settings" if credential.name == INTERNAL else "in a shell, then r",
    }[credential.renewal]


def _at(at: datetime, now: datetime) -> str:
    return f"{at:%H:%M:%S}Z" if now - at < timedelta(hours=20) else f"{at:%d %b %H:%M}Z"


def _countdown(rest: timedelta) -> str:
    seconds = max(int(rest.total_seconds()), 0)
    return f"{seconds // 60}:{seconds % 60:02}"
