"""Items, and targets of the tests: one in memory, and a real receiver on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from services.model import Status
from services.telling.items import Item, Key
from services.telling.message import Message
from services.telling.sender import Delivery

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)


def item(tenant: str | None, status: Status, figure: str = "grace", reason: str = "grace ends") -> Item:
    return Item(Key(tenant, figure), status, "retention", "right-to-be-forgotten", reason, AT)


@dataclass
class Memory:
    """Takes messages, unless it was told how a delivery ends instead."""

    name: str = "memory"
    got: list[Message] = field(default_factory=list)
    ends: list[Delivery] = field(default_factory=list)
    """The next ones; then all are taken."""

    def send(self, message: Message) -> Delivery:
        delivery = self.ends.pop(0) if self.ends else Delivery(done=True)
        if delivery.done:
            self.got.append(message)
        return delivery


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came over the wire."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver(ThreadingHTTPServer):
    """Answers each POST with the next status; 0: keeps it, and lets the connection drop without a word."""

    daemon_threads = True

    def __init__(self, *statuses: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.statuses = list(statuses)
        self.got: list[Received] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook?key=hush-hush"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(Received(self.path, dict(self.headers.items()), body))
        status = self.server.statuses.pop(0) if self.server.statuses else 204
        if not status:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Nothing is printed."""


@contextmanager
def receiving(*statuses: int) -> Iterator[Receiver]:
    """A receiver on a free port of loopback."""
    receiver = Receiver(*statuses)
    thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.shutdown()
        receiver.server_close()
        thread.join(20)
