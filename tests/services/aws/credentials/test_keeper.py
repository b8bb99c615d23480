"""Keys that are kept, renewed, ended and found again."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.credentials import ReadOnlyCredentials
from botocore.exceptions import ClientError

from services.aws.credentials.ended import CredentialsEndedError
from services.aws.credentials.keeper import Keeper, Keys
from services.model import Renewal

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def expired() -> ClientError:
    return ClientError({"Error": {"Code": "ExpiredToken", "Message": "is expired"}}, "GetCallerIdentity")


@dataclass
class World:
    """A clock, somebody who gives keys out, and an STS."""

    now: datetime = AT
    life: timedelta | None = HOUR
    failing: Exception | None = None
    sts: Exception | None = None
    fetched: int = 0
    verified: list[str] = field(default_factory=list)

    def keeper(self, **more: Any) -> Keeper:
        return Keeper("tests", self.fetch, self.verify, lambda: self.now, **more)

    def fetch(self) -> Keys:
        self.fetched += 1
        if self.failing is not None:
            raise self.failing
        frozen = ReadOnlyCredentials(f"key-{self.fetched}", "hidden", "hidden")
        return Keys(frozen, self.now + self.life if self.life is not None else None)

    def verify(self, keys: ReadOnlyCredentials) -> None:
        self.verified.append(str(keys.access_key))
        if self.sts is not None:
            raise self.sts


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr("services.aws.credentials.keeper.FAILURE_HOLDS_S", 0.0)
    monkeypatch.setattr("services.aws.credentials.keeper.AHEAD_HOLDS_S", 0.0)
    return World()


def key(keeper: Keeper) -> str:
    return str(keeper.get_frozen_credentials().access_key)


def ended(keeper: Keeper) -> str | None:
    return keeper.held.ended


@pytest.mark.parametrize(
    ("life", "kept_for"),
    [(HOUR, timedelta(minutes=45)), (timedelta(minutes=20), timedelta(minutes=15)), (timedelta(hours=8), 7.75 * HOUR)],
)
def test_keys_are_renewed_ahead_of_their_end(world: World, life: timedelta, kept_for: timedelta) -> None:
    """A quarter of an hour, or a quarter of a shorter life."""
    world.life = life
    keeper = world.keeper()
    assert key(keeper) == "key-1"
    world.now = AT + kept_for - timedelta(seconds=1)
    assert key(keeper) == "key-1"
    world.now = AT + kept_for
    assert key(keeper) == "key-2"


def test_a_renewal_that_fails_costs_nobody_anything_until_the_end(world: World) -> None:
    """Calls go on with the present keys, the reason is told; past the end it is raised."""
    keeper = world.keeper()
    key(keeper)
    world.failing = OSError("no way there")
    world.now = AT + HOUR - timedelta(seconds=1)
    assert key(keeper) == "key-1"
    told = keeper.credential("1", None, Renewal.ITSELF, timedelta())
    assert (told.error, told.ended) == ("OSError: no way there", False)
    world.now = AT + HOUR
    with pytest.raises(OSError, match="no way"):
        key(keeper)
    assert keeper.credential("1", None, Renewal.ITSELF, timedelta()).ended is False
    world.failing = None
    assert key(keeper).startswith("key-")
    assert keeper.credential("1", None, Renewal.ITSELF, timedelta()).error is None


def test_others_do_not_wait_for_a_renewal_ahead(world: World) -> None:
    """While one thread renews, all others sign with the keys that are there."""
    keeper = world.keeper()
    key(keeper)
    world.now = AT + timedelta(minutes=50)
    seen: list[str] = []
    original = world.fetch

    def slow() -> Keys:
        thread = threading.Thread(target=lambda: seen.append(key(keeper)))
        thread.start()
        thread.join(5)
        return original()

    keeper._fetch = slow
    assert key(keeper) == "key-2"
    assert seen == ["key-1"]


def test_a_failure_is_shared(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls that come soon after it do not ask again."""
    monkeypatch.setattr("services.aws.credentials.keeper.FAILURE_HOLDS_S", 60.0)
    keeper = world.keeper()
    world.failing = OSError("no way there")
    for _ in range(5):
        with pytest.raises(OSError, match="no way"):
            key(keeper)
    assert world.fetched == 1


def test_the_end_by_time_of_what_nobody_renews(world: World) -> None:
    """Ended for who looks, and for who calls; with an instant for the header."""
    keeper = world.keeper()
    key(keeper)
    told = keeper.credential("aws", "who", Renewal.SHELL, timedelta(days=1))
    assert (told.ended, told.expires_at) == (False, AT + HOUR + timedelta(days=1))
    world.now = AT + HOUR
    assert keeper.credential("aws", "who", Renewal.SHELL, timedelta()).ended
    world.life = timedelta()
    with pytest.raises(CredentialsEndedError, match="ExpiredToken"):
        key(keeper)
    assert keeper.credential("aws", "who", Renewal.SHELL, timedelta()).error


def test_keys_that_renew_themselves_are_not_ended_by_silence(world: World) -> None:
    """Nobody has called for hours: the next call renews them, so no end is told."""
    keeper = world.keeper()
    key(keeper)
    world.now = AT + 5 * HOUR
    told = keeper.credential("aws", "who", Renewal.ITSELF, timedelta())
    assert (told.ended, told.expires_at) == (False, None)
    assert key(keeper) == "key-2"


def test_a_sign_in_that_lasts_longer_than_its_keys_is_what_counts(world: World) -> None:
    """Of a token that gives keys by the hour, the token's end is told."""
    keeper = world.keeper()
    key(keeper)
    told = keeper.credential("aws", None, Renewal.SSO, timedelta(), AT + 8 * HOUR)
    assert told.expires_at == AT + 8 * HOUR


def test_a_suspicion_is_looked_into(world: World) -> None:
    """Ended only where STS says so too; once ended, they are good again when it takes new ones."""
    keeper = world.keeper()
    key(keeper)
    keeper.suspect("ExpiredToken: says RDS")
    assert ended(keeper) is None
    world.sts = OSError("no answer")
    keeper._suspected = None
    keeper.suspect("ExpiredToken: says RDS")
    assert ended(keeper) is None
    world.sts = expired()
    keeper.suspect("ExpiredToken: says RDS")
    assert ended(keeper) == "ExpiredToken: says RDS"
    with pytest.raises(ClientError, match="ExpiredToken"):
        key(keeper)
    assert ended(keeper)
    world.sts = None
    assert key(keeper) == "key-3"
    assert ended(keeper) is None


def test_an_unclear_answer_leaves_what_has_ended_ended(world: World) -> None:
    """A network that fails proves neither: the mark stays with its reason."""
    keeper = world.keeper()
    key(keeper)
    keeper.end("ExpiredToken: said STS")
    world.sts = OSError("no answer")
    with pytest.raises(OSError, match="no answer"):
        key(keeper)
    assert ended(keeper) == "ExpiredToken: said STS"


def test_the_gate_comes_first(world: World) -> None:
    """Keys that are good are of no use where those that they were made from have ended."""
    base = world.keeper()
    role = world.keeper(gate=base.get_frozen_credentials)
    key(role)
    base.end("ExpiredToken: said STS")
    world.failing = CredentialsEndedError("MfaNeeded: a code")
    with pytest.raises(CredentialsEndedError, match="MfaNeeded"):
        key(role)


def test_forgotten_and_given(world: World) -> None:
    """What was forgotten is got anew; what is given is used."""
    keeper = world.keeper()
    key(keeper)
    keeper.forget()
    assert key(keeper) == "key-2"
    keeper.take(Keys(ReadOnlyCredentials("mine", "hidden", None), None))
    assert key(keeper) == "mine"
    assert "hidden" not in repr(keeper) + repr(keeper.held)
