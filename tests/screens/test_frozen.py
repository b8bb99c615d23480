"""What is said of credentials, and of a picture that stands still because they have ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from screens import frozen
from screens.states import notices
from services.fleet.agenda import PROBES
from services.fleet.snapshot import FleetSnapshot, SourceView
from services.model import BASE, INTERNAL, Credential, Renewal
from tests.support.fleet import ACCOUNTS, AT, healthy_fleet

MINUTE = timedelta(minutes=1)


def credential(name: str = BASE, minutes: float | None = None, renewal: Renewal = Renewal.SSO) -> Credential:
    """One that ends so many minutes after ``AT``; ended where they are none or fewer."""
    ends = None if minutes is None else AT + minutes * MINUTE
    return Credential(name, expires_at=ends, renewal=renewal, ended=ends is not None and ends <= AT)


def held(*credentials: Credential) -> FleetSnapshot:
    return replace(healthy_fleet(), credentials=credentials)


BASE_43 = credential(minutes=43)
TOKEN_480 = credential(INTERNAL, 480, Renewal.SHELL)
ROLE_14, ROLE_9 = (credential(ACCOUNTS[0], minutes, Renewal.ITSELF) for minutes in (14, 9))
ROLE_OVER = credential(ACCOUNTS[1], -1, Renewal.ITSELF)
ENDLESS = credential()


@pytest.mark.parametrize(
    ("credentials", "first"),
    [
        ((), None),
        ((ENDLESS,), None),
        ((BASE_43, TOKEN_480), BASE_43),
        ((ENDLESS, TOKEN_480), TOKEN_480),
        ((BASE_43, ROLE_14, TOKEN_480), BASE_43),  # it renews itself, and in time: nobody's concern
        ((BASE_43, ROLE_9, TOKEN_480), ROLE_9),
        ((ENDLESS, ROLE_14), ROLE_14),
        ((BASE_43, ROLE_OVER), ROLE_OVER),
        ((replace(BASE_43, ended=True), ROLE_OVER), replace(BASE_43, ended=True)),
        ((BASE_43, ROLE_OVER, replace(TOKEN_480, ended=True)), replace(TOKEN_480, ended=True)),
    ],
)
def test_which_ends_first(credentials: tuple[Credential, ...], first: Credential | None) -> None:
    """What has ended stands before what ends; what renews itself counts where its renewal is overdue."""
    assert frozen.ends_first(credentials, AT) == first


@pytest.mark.parametrize(
    ("credential", "said"),
    [
        (
            credential(minutes=-2),
            "AWS credentials ended 12:02:31Z; the picture is of 12:03:51Z. S signs in.",
        ),
        (
            replace(credential(minutes=20, renewal=Renewal.MFA), ended=True),  # AWS says so before its time
            "AWS credentials have ended; the picture is of 12:03:51Z. S signs in.",
        ),
        (
            replace(credential(renewal=Renewal.SHELL), ended=True),
            "AWS credentials have ended; facts of 12:03:51Z. Renew in a shell, then r.",
        ),
        (
            credential(minutes=-0.5, renewal=Renewal.ITSELF),
            "AWS credentials ended 12:04:01Z; facts of 12:03:51Z. Renews itself; r tries.",
        ),
        (
            credential(INTERNAL, -1, Renewal.SHELL),
            "The API's token ended 12:03:31Z; facts of 12:03:51Z. Set a new one, then r.",
        ),
        (
            credential(minutes=-60 * 24, renewal=Renewal.SSO),
            "AWS credentials ended 22 Nov 12:04Z; the picture is of 12:03:51Z. S signs in.",
        ),
    ],
    ids=["sso", "mfa", "shell", "itself", "token", "yesterday"],
)
def test_a_frozen_picture_says_what_ended_when_and_the_way_out(credential: Credential, said: str) -> None:
    """One line, the same through the list of notices."""
    fleet = held(credential)
    assert frozen.notice(fleet, AT) == said
    assert said in notices(fleet, AT, trouble=None)


def test_the_next_try_counts_down() -> None:
    """What renews itself is found out by one question, and the line says when that is asked; past times are none."""
    fleet = held(credential(minutes=-1, renewal=Renewal.ITSELF))
    probe = SourceView(PROBES[BASE], next_at=AT + timedelta(seconds=72))
    other = replace(fleet.sources[0], next_at=AT + timedelta(seconds=5))
    fleet = replace(fleet, sources=(other, probe, *fleet.sources[1:]))
    assert "Tried again in 1:12." in (frozen.notice(fleet, AT) or "")
    assert "Tried again in 0:02." in (frozen.notice(fleet, AT + timedelta(seconds=70)) or "")
    assert "r tries" in (frozen.notice(fleet, AT + timedelta(seconds=73)) or "")


@pytest.mark.parametrize("name", [BASE, INTERNAL])
def test_the_try_is_that_of_the_reader(name: str) -> None:
    """The question whose time is told is the one that the reader asks."""
    gone = credential(name, -1, Renewal.ITSELF)
    at = AT + MINUTE
    fleet = replace(held(gone), sources=(SourceView(PROBES[name], next_at=at),))
    assert frozen.next_try(fleet, gone, AT) == at


def test_nothing_was_read_before() -> None:
    """Credentials that had ended before the first answer leave no picture to date."""
    fleet = FleetSnapshot(AT, credentials=(credential(minutes=-1),))
    assert "nothing was read before" in (frozen.notice(fleet, AT) or "")


def test_nothing_is_said_where_nothing_has_ended() -> None:
    """An account's role that has ended freezes nothing: its sources tell of it."""
    fleet = held(BASE_43, ROLE_OVER)
    assert frozen.notice(fleet, AT) is None
    assert frozen.not_written(fleet, AT) is None


def test_why_nothing_is_written() -> None:
    """The reason names what ended, and the key that works where it is said."""
    fleet = held(credential(minutes=-1))
    assert frozen.not_written(fleet, AT, "F2") == "Nothing is written: AWS credentials ended. F2 signs in."
    fleet = held(credential(INTERNAL, -1, Renewal.SHELL))
    assert "Nothing is written: the token ended." in (frozen.not_written(fleet, AT) or "")


@pytest.mark.parametrize("renewal", list(Renewal))
@pytest.mark.parametrize("name", [BASE, INTERNAL])
def test_what_is_said_fits_its_place(name: str, renewal: Renewal) -> None:
    """The notice in 78 cells; what is flashed, and said in a form, in 75."""
    fleet = held(credential(name, -1, renewal))
    assert len(frozen.notice(fleet, AT) or "") <= frozen.WIDTH
    assert len(frozen.not_written(fleet, AT, "F2") or "") <= 75
    assert len(frozen.no_sign_in(fleet, AT) or "") <= 75


def soon(minutes: float, renewal: Renewal = Renewal.SSO) -> FleetSnapshot:
    return held(credential(minutes=minutes, renewal=renewal))


@pytest.mark.parametrize(
    ("fleet", "pressed"),
    [
        (soon(43), False),
        (soon(9), True),
        (soon(-1), True),
        (soon(-1, Renewal.SHELL), False),
        (soon(9, Renewal.ITSELF), False),
        (held(replace(ENDLESS, error="no token in the cache")), True),
        (held(), False),
    ],
)
def test_when_the_footer_names_the_key(fleet: FleetSnapshot, pressed: bool) -> None:
    """Where one can sign in, and has to, or soon will."""
    assert frozen.presses_to_sign_in(fleet, AT) is pressed


def test_the_identity_tells_where_the_picture_has_no_credentials() -> None:
    """A reader that lists none still knows when the operator's own end."""
    fleet = healthy_fleet()
    ends: datetime | None = fleet.identity.expires_at
    (own,) = frozen.credentials_of(fleet)
    assert (own.name, own.expires_at) == (BASE, ends)
