"""Starts the two servers, says when they are ready, and ends them: on a signal, and with whoever started it.

Imports nothing of weight, so that the servers start at once.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from services.now import make_now
from services.sandbox import options as constants
from services.sandbox.aws_config import write_aws_config
from services.sandbox.options import ChildConfig, Options, format_instant
from services.sandbox.server import Server
from services.sandbox.state import State, StateError, open_state
from services.sandbox.watch import ProcessWatch

START_S = 120.0
"""How long the servers may take to be ready."""
END_S = 3.0
"""How long they may take to end before they are killed."""
POLL_S = 0.25
"""How often to look where the system cannot tell."""


class SandboxError(Exception):
    """Why the sandbox cannot go on."""


def run(options: Options) -> int:
    """The sandbox from its start to its end. Returns the exit code: 0 ended as asked, 1 could not start or go on."""
    try:
        state = open_state(options, make_now()())
    except StateError as error:
        say(str(error))
        return 1
    supervisor = Supervisor(options, state)
    try:
        supervisor.run()
    except SandboxError as error:
        say(str(error))
        return 1
    finally:
        supervisor.end()
        state.remove()
    return 0


def say(text: str) -> None:
    """A line of progress."""
    with contextlib.suppress(OSError):  # nobody reads it any more
        sys.stderr.write(f"sandbox: {text}\n")
        sys.stderr.flush()


class Supervisor:
    def __init__(self, options: Options, state: State) -> None:
        self._options = options
        self._state = state
        self._tokens = {name: secrets.token_urlsafe(24) for name in constants.PEOPLE}
        self._servers: list[Server] = []
        self._ending = False

    def run(self) -> None:
        """Serve until a signal comes or whoever started the sandbox is gone. Raises ``SandboxError``."""
        watch = ProcessWatch(self._options.parent or 0)
        if watch.gone():
            return
        with selectors.DefaultSelector() as selector, _signals(selector, self._stop):
            if watch.fd is not None:
                selector.register(watch.fd, selectors.EVENT_READ, watch.ended)
            ports = self._start(selector)
            deadline = time.monotonic() + START_S
            announced = False
            while not self._ending and not watch.gone():
                for key, _ in selector.select(POLL_S):
                    key.data()
                self._check()
                if not announced and all(server.facts is not None for server in self._servers):
                    announced = True
                    self._announce(ports)
                if not announced and time.monotonic() > deadline:
                    late = ", ".join(server.name for server in self._servers if server.facts is None)
                    raise SandboxError(f"not ready after {START_S:.0f} s: {late}")

    def end(self) -> None:
        """End both servers: ask, then kill."""
        for server in self._servers:
            server.ask_to_end()
        deadline = time.monotonic() + END_S
        for server in self._servers:
            server.wait(max(0.0, deadline - time.monotonic()))

    def _stop(self) -> None:
        self._ending = True

    def _start(self, selector: selectors.BaseSelector) -> tuple[int, int]:
        """Start both and return their ports, on which they can be called from now on, with patience."""
        sockets = _bind(self._options.port)
        try:
            for name, listener in zip(("aws", "api"), sockets, strict=True):
                config = self._config(name, listener.fileno(), sockets[0].getsockname()[1])
                server = Server.start(name, config, self._state.directory / f"{name}.log", listener.fileno())
                self._servers.append(server)
                selector.register(server.reports, selectors.EVENT_READ, self._reader(server, selector))
            return sockets[0].getsockname()[1], sockets[1].getsockname()[1]
        finally:
            for listener in sockets:
                listener.close()

    def _config(self, name: str, fd: int, aws_port: int) -> ChildConfig:
        state = self._state
        of_api = name == "api"
        wanted = self._options.record_after_s
        return ChildConfig(
            seed=state.seed,
            tenants=state.tenants,
            at=format_instant(state.at),
            offset_s=state.offset_s,
            fd=fd,
            state=str(state.directory),
            temporary=state.temporary,
            faults=[str(fault) for fault in self._options.faults if fault.kind.of_api is of_api],
            session_s=self._options.session_s,
            tokens=self._tokens if of_api else {},
            aws_endpoint_url=f"http://{constants.HOST}:{aws_port}" if of_api else None,
            record_after_s=constants.DEFAULT_RECORD_AFTER_S if wanted is None else wanted,
        )

    def _reader(self, server: Server, selector: selectors.BaseSelector) -> Callable[[], None]:
        def read() -> None:
            for line in server.read():
                if line is None:
                    selector.unregister(server.reports)
                elif "progress" in line:
                    say(line["progress"])
                else:
                    server.facts = line["ready"]

        return read

    def _check(self) -> None:
        for server in self._servers:
            code = server.process.poll()
            if code is not None and not self._ending:
                how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
                raise SandboxError(f"the server {server.name!r} died ({how}); its last words:{server.last_words()}")

    def _announce(self, ports: tuple[int, int]) -> None:
        facts: dict[str, Any] = {}
        for server in self._servers:
            facts.update(server.facts or {})
        state = self._state
        line = {
            "aws_endpoint_url": f"http://{constants.HOST}:{ports[0]}",
            "aws_access_key_id": constants.ACCESS_KEY_ID,
            "aws_secret_access_key": constants.SECRET_ACCESS_KEY,
            "api_url": f"http://{constants.HOST}:{ports[1]}",
            "tokens": self._tokens,
            "regions": list(constants.REGIONS),
            "accounts": list(constants.ACCOUNTS),
            "role_arn": constants.ROLE_ARN,
            "clock_offset_s": state.offset_s,
            "seed": state.seed,
            "tenants": state.tenants,
            "at": format_instant(state.at),
            "state": str(state.directory),
            "aws_config_file": str(write_aws_config(state.directory, f"http://{constants.HOST}:{ports[0]}")),
            **facts,
        }
        try:
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
        except OSError as error:
            raise SandboxError(f"nobody reads the settings: {error.strerror}") from error
        say(f"ready; AWS at {line['aws_endpoint_url']}, internal API at {line['api_url']}")


@contextlib.contextmanager
def _signals(selector: selectors.BaseSelector, stop: Callable[[], None]) -> Iterator[None]:
    """Have SIGINT, SIGTERM and SIGHUP wake the selector and call ``stop``."""
    reader, writer = socket.socketpair()
    writer.setblocking(False)  # noqa: FBT003 - positional alone, and a wakeup descriptor must be so
    signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop())
    selector.register(reader, selectors.EVENT_READ, lambda: reader.recv(64))
    try:
        yield
    finally:
        signal.set_wakeup_fd(-1)
        selector.unregister(reader)
        reader.close()
        writer.close()


def _bind(port: int | None) -> tuple[socket.socket, socket.socket]:
    """Listening sockets for AWS and for the API on the loopback. Raises ``SandboxError`` for a port that is taken."""
    sockets = []
    for wanted in (port, port + 1) if port else (0, 0):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sockets.append(listener)
        try:
            listener.bind((constants.HOST, wanted))
        except OSError as error:
            for each in sockets:
                each.close()
            raise SandboxError(f"port {wanted} on {constants.HOST}: {os.strerror(error.errno or 0)}") from error
        listener.listen(128)
    return sockets[0], sockets[1]
