"""Stands between a client and the server, and tells when the moment has come at which the client is to be killed."""

from __future__ import annotations

import socket
import threading
from typing import Self
from urllib.parse import urlsplit

BEFORE, ANSWERED, FOLLOWED = range(3)
"""The plan has been sent and has not arrived; it has been answered, and the answer has not arrived; the order is being
followed."""
HANDED_OVER = b"POST /orders"
FOLLOWS = b"GET /orders/"
SIZE = 65536


class Relay:
    """A context manager. ``reached`` is set when the moment has come; what is held back then never arrives."""

    def __init__(self, url: str, moment: int) -> None:
        parts = urlsplit(url)
        self._server = (str(parts.hostname), int(parts.port or 80))
        self._moment = moment
        self.reached = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._open: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for one in (self._listening, *self._open):
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
                server = socket.create_connection(self._server)
            except OSError:
                return  # closed: it is over
            self._open += [client, server]
            threading.Thread(target=self._between, args=(client, server), daemon=True).start()

    def _between(self, client: socket.socket, server: socket.socket) -> None:
        held = threading.Event()
        threading.Thread(target=self._back, args=(client, server, held), daemon=True).start()
        followed = handed = False
        try:
            while data := client.recv(SIZE):
                handed = handed or HANDED_OVER in data
                if handed and self._moment == BEFORE:
                    self.reached.set()
                    return
                if handed and self._moment == ANSWERED:
                    held.set()
                server.sendall(data)
                followed = followed or FOLLOWS in data
                if followed and self._moment == FOLLOWED:
                    self.reached.set()
        except OSError:
            return  # either side has gone

    def _back(self, client: socket.socket, server: socket.socket, held: threading.Event) -> None:
        try:
            while data := server.recv(SIZE):
                if held.is_set():
                    self.reached.set()
                    return
                client.sendall(data)
        except OSError:
            return  # as above
