"""The webhook against a real receiver: signed, tried again under the same id, and never telling its secrets."""

from __future__ import annotations

import hashlib
import hmac
import logging
from datetime import timedelta

import pytest

from services.model import Status
from services.telling.message import Message
from services.telling.sender import Delivery
from services.telling.signing import signature
from services.telling.webhook import WAITS, Webhook, WebhookError
from tests.services.telling.things import AT, Receiver, receiving

SECRET = "correct horse battery"
MESSAGE = Message("m-1", Status.BREACHED, "Tenure: 1 breached", '{"id":"m-1","text":"\\u2192"}')


def webhook(url: str, waited: list[float] | None = None) -> Webhook:
    return Webhook(url, SECRET, lambda: AT, (waited if waited is not None else []).append)


def verified(receiver: Receiver) -> list[bool]:
    """Whether each signature is right, reckoned as a receiver does from the documentation alone."""
    found = []
    for request in receiver.got:
        parts = dict(part.split("=", 1) for part in request.headers["Tenure-Signature"].split(","))
        signed = parts["t"].encode() + b"." + request.body
        right = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        found.append(hmac.compare_digest(parts["v1"], right))
    return found


def test_a_message_arrives_signed() -> None:
    """The receiver has body, id and a signature over the time and the very bytes."""
    with receiving() as receiver:
        assert webhook(receiver.url).send(MESSAGE) == Delivery(done=True)
    (request,) = receiver.got
    assert verified(receiver) == [True]
    assert request.body == MESSAGE.body.encode()
    assert request.headers["Tenure-Id"] == "m-1"
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["Tenure-Signature"].startswith(f"t={int(AT.timestamp())},")


def test_a_signature_is_of_one_body_time_and_secret() -> None:
    """Another of any is another."""
    body = MESSAGE.body.encode()
    others = {
        signature(SECRET, AT, body + b" "),
        signature(SECRET + "!", AT, body),
        signature(SECRET, AT + timedelta(seconds=1), body).replace(
            str(int(AT.timestamp()) + 1), str(int(AT.timestamp()))
        ),
    }
    assert signature(SECRET, AT, body) not in others
    assert len(others) == 3


@pytest.mark.parametrize("first", [0, 429, 500, 503])
def test_a_lost_answer_is_sent_again_under_the_same_id(first: int) -> None:
    """The receiver had it, and nobody knows: it comes twice, and the id says that it is one."""
    waited: list[float] = []
    with receiving(first) as receiver:
        assert webhook(receiver.url, waited).send(MESSAGE).done
    assert [it.headers["Tenure-Id"] for it in receiver.got] == ["m-1", "m-1"]
    assert verified(receiver) == [True, True]
    assert waited == [WAITS[0]]


def test_whoever_does_not_answer_is_left_after_some_tries() -> None:
    """With longer waits each time; the message is not delivered, and that is said."""
    waited: list[float] = []
    with receiving(*[503] * 10) as receiver:
        delivery = webhook(receiver.url, waited).send(MESSAGE)
    assert delivery == Delivery(done=False, error="answered 503")
    assert len(receiver.got) == 1 + len(WAITS)
    assert waited == list(WAITS)


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 413])
def test_a_refusal_is_not_tried_again_and_a_redirect_is_not_followed(status: int) -> None:
    """A redirect could lead to what only this machine reaches."""
    with receiving(status) as receiver:
        delivery = webhook(receiver.url).send(MESSAGE)
    assert delivery == Delivery(done=False, error=f"answered {status}", refused=True)
    assert len(receiver.got) == 1


def test_nobody_there_is_an_error_without_the_address() -> None:
    """Whoever reads the log learns that it failed, and no secret."""
    with receiving() as receiver:
        url = receiver.url
    delivery = webhook(url).send(MESSAGE)
    assert (delivery.done, delivery.error) == (False, "ConnectError")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "http://10.0.0.8/hook",
        "http://169.254.169.254/latest",
        "http://127.0.0.1.example.org/",
        "http://localhost.example.org/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "https://user:hush-hush@example.org/",
        "https://",
        "hook",
        "",
        "http://[::1",
    ],
)
def test_only_https_or_this_machine(url: str) -> None:
    """Nothing is sent where others can listen, and the refusal does not repeat the address."""
    with pytest.raises(WebhookError) as caught:
        webhook(url)
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("url", ["https://hooks.example.org/T/hush-hush", "http://localhost:8080/", "http://[::1]:80/"])
def test_neither_address_nor_secret_is_in_any_name(url: str) -> None:
    """The host tells which it is, a digest tells two of one host apart."""
    one = webhook(url)
    assert "hush" not in one.name + repr(one)
    assert SECRET not in repr(one)
    assert one.name != webhook(url + "other").name


def test_a_short_secret_is_refused() -> None:
    """One that can be guessed signs nothing."""
    with pytest.raises(WebhookError, match="too short"):
        Webhook("https://example.org", "hush", lambda: AT, lambda _: None)


def test_the_address_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Not by the HTTP library either, in a process that logs what libraries tell."""
    with caplog.at_level(logging.INFO), receiving() as receiver:
        webhook(receiver.url).send(MESSAGE)
    assert "hush" not in caplog.text
