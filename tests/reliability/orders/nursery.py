"""An AWS for each case: a process that has planted the sandbox's fleet in moto, and forks for each that is asked for.

Run as a process of its own: told on standard input, a JSON line each, ``{"lane": N, "replay": […], "strikes": […]}``;
answers with a line when that lane's AWS is another one. Its clock begins at ``AT`` and goes on by a second a call, so
that what takes AWS a while ends after so many looks, however fast they come.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Self

from services.sandbox.options import STORY_TENANTS
from tests.reliability.orders.striking import Strike, Striking
from tests.support.sandbox import AT, SEED

TENANTS: Final = STORY_TENANTS


class Nursery:
    """The side of whoever runs cases. A context manager; ``lanes`` AWS can be there at once, each at a fixed port."""

    def __init__(self, lanes: int) -> None:
        self._sockets = [socket.create_server(("127.0.0.1", 0), backlog=64) for _ in range(lanes)]
        self.ports = tuple(it.getsockname()[1] for it in self._sockets)
        files = [it.fileno() for it in self._sockets]
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, *map(str, files)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=files,
            text=True,
        )
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(20)
        self._process.stdout.close()
        for one in self._sockets:
            one.close()

    def born(self, lane: int, replay: Sequence[Mapping[str, Any]], strikes: Iterable[Strike]) -> None:
        """The lane's AWS is a new one, in which only ``replay`` has happened."""
        asked = {"lane": lane, "replay": list(replay), "strikes": [it.to_json() for it in strikes]}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            if not self._process.stdout.readline():
                raise RuntimeError("the nursery has ended")


class _Clock:
    """Goes on with the calls."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> datetime:
        return AT + timedelta(seconds=self.calls)


def _planted(clock: _Clock) -> Any:
    """The application, with the whole fleet in it."""
    from services.now import make_now
    from services.sandbox import options
    from services.sandbox.aws import planted
    from services.sandbox.taught.keys import Keys

    ring = Keys(options.ACCESS_KEY_ID, options.BASE_ACCOUNT, options.ACCOUNTS, make_now(), None)
    return planted(clock, ring, SEED, TENANTS, AT)


def _serve(application: Any, clock: _Clock, file: int, asked: Mapping[str, Any]) -> None:
    from moto.moto_api._internal import mock_random
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from werkzeug.serving import make_server

    class Handler(MotoRequestHandler):
        """Silent."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            pass

        def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - werkzeug's name
            pass  # a call that is not answered is what was asked for

    def told(environ: dict[str, Any], start_response: Any) -> Any:
        clock.calls += 1
        return application(environ, start_response)

    front = Striking(told, map(Strike.read, asked["strikes"]), mock_random.seed)
    front.replay(asked["replay"])
    make_server("127.0.0.1", 0, front, threaded=True, request_handler=Handler, fd=file).serve_forever()


def main(files: Sequence[int]) -> None:
    clock = _Clock()
    application = _planted(clock)
    lanes: dict[int, int] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        lane = asked["lane"]
        if lane in lanes:
            os.kill(lanes[lane], signal.SIGKILL)
            os.waitpid(lanes[lane], 0)
        lanes[lane] = os.fork()
        if not lanes[lane]:
            sys.stdin.close()
            _serve(application, clock, files[lane], asked)
            os._exit(0)
        sys.stdout.write("born\n")
        sys.stdout.flush()
    for pid in lanes.values():
        os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main([int(it) for it in sys.argv[1:]])
