"""A server that answers in raw bytes, for answers that no well-behaved server gives."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias

Handler: TypeAlias = Callable[["Exchange"], None]
DEADLINE = 20.0


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request, and the connection to answer it on."""

    connection: socket.socket
    head: str
    """The request's first line and headers."""
    ending: threading.Event
    """Set when the server ends: a handler that hangs waits for it."""
    body: bytes = b""

    @property
    def method(self) -> str:
        return self.head.split(" ", 1)[0]

    @property
    def target(self) -> str:
        """Path and query."""
        return self.head.split(" ", 2)[1]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    def answer(
        self,
        status: int = 200,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        length: int | None = None,
    ) -> None:
        """Answer and close. ``length`` is what to announce, where that differs from the truth."""
        given = {"Content-Type": "application/json", "Connection": "close"} | dict(headers or {})
        given["Content-Length"] = str(len(body) if length is None else length)
        lines = [f"HTTP/1.1 {status} Words", *(f"{name}: {value}" for name, value in given.items()), "", ""]
        self.connection.sendall("\r\n".join(lines).encode("latin-1") + body)

    def reset(self) -> None:
        """Break the connection off with RST instead of an end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


@dataclass(slots=True)
class Faulty:
    """The running server, with every request it has seen."""

    address: str
    requests: list[str] = field(default_factory=list)
    """Heads, in the order of their arrival."""

    def count(self, path: str) -> int:
        return sum(head.split(" ", 2)[1].partition("?")[0] == path for head in self.requests)


@contextmanager
def serve_faulty(handler: Handler) -> Iterator[Faulty]:
    """Serve ``handler`` on loopback; each connection has a thread and one request."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = Faulty(f"http://127.0.0.1:{listener.getsockname()[1]}")
    ending = threading.Event()
    threads: list[threading.Thread] = []

    def serve(connection: socket.socket) -> None:
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                chunk = connection.recv(65536)
                if not chunk:
                    return
                head += chunk
            head, _, body = head.partition(b"\r\n\r\n")
            text = head.decode("latin-1")
            server.requests.append(text)
            length = re.search(r"(?im)^content-length: *([0-9]+)", text)
            while length is not None and len(body) < int(length[1]):  # what is left unread would end in a reset
                chunk = connection.recv(65536)
                if not chunk:
                    return
                body += chunk
            try:
                handler(Exchange(connection, text, ending, body))
            except OSError:
                return  # the client has gone, which some tests are about

    def accept() -> None:
        while True:
            connection, _ = listener.accept()
            if ending.is_set():
                connection.close()
                return
            thread = threading.Thread(target=serve, args=(connection,), daemon=True)
            threads.append(thread)
            thread.start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield server
    finally:
        ending.set()
        socket.create_connection(listener.getsockname()).close()  # wakes the acceptor
        for thread in (acceptor, *threads):
            thread.join(DEADLINE)
        listener.close()
