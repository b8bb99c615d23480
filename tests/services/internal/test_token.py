"""The token of the internal API: fetched, refused, fetched anew."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from services.internal.client import InternalApi
from services.internal.token import Bearer, Kept, Token, TokenError
from services.model import INTERNAL, Outcome, Renewal
from services.wire.registry import WhoAmI
from tests.support.api import AT, serve_api, token


def bearer(fetch: Token) -> Bearer:
    return Bearer(fetch, lambda: AT)


def printing(*values: str) -> tuple[Callable[[], str], list[str]]:
    """A command that prints these in turn, the last one again and again; and what it has printed."""
    printed: list[str] = []

    def fetch() -> str:
        printed.append(values[min(len(printed), len(values) - 1)])
        return printed[-1]

    return fetch, printed


def test_a_refused_token_is_fetched_anew_once(tmp_path: Path) -> None:
    """The question is put again with the new one; all collections share a single fetch."""
    fetch, printed = printing("old", token("viewer"))
    with (
        serve_api(tmp_path) as address,
        InternalApi(address, fetch, now=lambda: AT, default_zone="UTC") as api,
    ):
        assert printed == []
        answer = api.registry(threading.Event())
        assert {seen.outcome for seen in answer.observations} == {Outcome.EMPTY}
        assert printed == ["old", token("viewer")]
        who = api.whoami()
        credential = api.credential()
    assert who.outcome is Outcome.SEEN
    assert (credential.name, credential.who, credential.renewal) == (INTERNAL, "viewer@example.org", Renewal.ITSELF)
    assert (credential.ended, credential.error) == (False, None)


def test_a_token_that_stays_refused_has_ended(tmp_path: Path) -> None:
    """A command that prints the same runs once more and no oftener; the refusal says why."""
    fetch, printed = printing("stale")
    with (
        serve_api(tmp_path) as address,
        InternalApi(address, fetch, now=lambda: AT, default_zone="UTC") as api,
    ):
        assert {seen.outcome for seen in api.registry(threading.Event()).observations} == {Outcome.DENIED}
        api.whoami()
        credential = api.credential()
    assert len(printed) == 2
    assert credential.ended
    assert credential.error == "answered 401 Unauthorized: the token is not known here"


def test_a_fixed_token_is_renewed_in_a_shell(tmp_path: Path) -> None:
    """Refused, it has ended; accepted later, it has not."""
    with (
        serve_api(tmp_path) as address,
        InternalApi(address, "nobody", now=lambda: AT, default_zone="UTC") as stranger,
        InternalApi(address, token("viewer"), now=lambda: AT, default_zone="UTC") as api,
    ):
        assert stranger.whoami().outcome is Outcome.DENIED
        assert (stranger.credential().ended, stranger.credential().renewal) == (True, Renewal.SHELL)
        api._bearer.refused("answered 401")
        assert api.credential().ended
        assert api.whoami().outcome is Outcome.SEEN
        assert (api.credential().ended, api.credential().who) == (False, "viewer@example.org")


def test_a_kept_token_is_read_again_when_it_is_refused(tmp_path: Path) -> None:
    """It has ended, and somebody has to put a new one there; once that is done the next question finds it."""
    place = ["old"]
    with (
        serve_api(tmp_path) as address,
        InternalApi(address, Kept("old", lambda: place[0]), now=lambda: AT, default_zone="UTC") as api,
    ):
        assert api.whoami().outcome is Outcome.DENIED
        assert (api.credential().ended, api.credential().renewal) == (True, Renewal.SHELL)
        place[0] = token("viewer")
        api._bearer._again_at = None  # some seconds later
        assert api.whoami().outcome is Outcome.SEEN
        assert (api.credential().ended, api.credential().who) == (False, "viewer@example.org")
    assert "old" not in repr(Kept("old", lambda: ""))


def test_the_end_of_a_kept_token_is_told() -> None:
    """Its time is over until there is another, which is looked for ahead."""
    place = ["one"]
    held = bearer(Kept("one", lambda: place[0]))
    held.introduced(WhoAmI(user="olga", role="viewer", expires_at=AT))
    assert held.credential().expires_at == AT
    assert held.value() == "one"
    place[0] = "two"
    held._fetched = None  # some seconds later
    assert held.value() == "two"


def test_a_command_that_fails_is_a_denied_answer(tmp_path: Path) -> None:
    """The reason stands in the observation and in the credential, and nobody raises."""

    def fetch() -> str:
        raise TokenError("api.token_command: pass ended with 2")

    with InternalApi("http://127.0.0.1:9", fetch, now=lambda: AT, default_zone="UTC") as api:
        seen = api.whoami()
        credential = api.credential()
    assert (seen.outcome, seen.error) == (Outcome.DENIED, "api.token_command: pass ended with 2")
    assert (credential.error, credential.ended) == (seen.error, False)


def test_a_token_near_its_end_is_fetched_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the last minute, and its end is then no longer that of the new one."""
    monkeypatch.setattr("services.internal.token.FETCH_HOLDS_S", 0.0)
    fetch, printed = printing("one", "two")
    held = bearer(fetch)
    assert held.value() == "one"
    held.introduced(WhoAmI(user="olga", role="viewer", expires_at=AT + timedelta(minutes=2)))
    assert held.value() == "one"
    assert held.credential().expires_at == AT + timedelta(minutes=2)
    held.introduced(WhoAmI(user="olga", role="viewer", expires_at=AT + timedelta(seconds=30)))
    assert held.value() == "two"
    assert held.credential().expires_at is None
    assert printed == ["one", "two"]


def test_the_end_of_a_fixed_token_is_told() -> None:
    """As the server says it; past it stays told, for then nothing else renews it."""
    held = bearer("fixed")
    held.introduced(WhoAmI(user="olga", role="viewer", expires_at=AT - timedelta(seconds=1)))
    assert held.credential().expires_at == AT - timedelta(seconds=1)
    assert held.value() == "fixed"


def test_no_token_shows() -> None:
    """Neither the present one nor those before it."""
    fetch, _ = printing("first-secret", "second-secret")
    held = bearer(fetch)
    held.value()
    held._fetched = None
    held.value()
    assert held.hide("first-secret and second-secret") == "(token) and (token)"
    assert "secret" not in repr(held) + repr(held._fetched) + repr(held.credential())


def test_what_no_header_can_carry_is_no_token() -> None:
    """From a command: a reason, without the value; fixed: refused outright."""
    held = bearer(lambda: "two words")
    with pytest.raises(TokenError) as failed:
        held.value()
    assert "two words" not in str(failed.value)
    with pytest.raises(ValueError, match="no header"):
        bearer("")
