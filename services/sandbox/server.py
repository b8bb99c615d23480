"""A server as the supervisor sees it: a process that is told on its standard input and reports on standard output."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from services.sandbox.options import ChildConfig

LOG_LINES = 10


class Server:
    def __init__(self, name: str, process: subprocess.Popen[bytes], log: Path) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("the server needs pipes")
        self.name = name
        self.process = process
        self.reports: IO[bytes] = process.stdout
        self.facts: dict[str, Any] | None = None
        """What it reported when it was ready; ``None`` before."""
        self._hand: IO[bytes] = process.stdin
        self._log = log
        self._rest = b""

    @classmethod
    def start(cls, name: str, config: ChildConfig, log: Path, fd: int) -> Server:
        """Start ``services.sandbox.<name>``, its errors going to ``log``."""
        with log.open("wb") as errors:
            process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-m", f"services.sandbox.{name}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                pass_fds=(fd,),
            )
        server = cls(name, process, log)
        with contextlib.suppress(BrokenPipeError):  # it died at once, which is noticed where deaths are
            server._hand.write(json.dumps(config.to_dict()).encode() + b"\n")
            server._hand.flush()
        return server

    def read(self) -> Iterator[dict[str, Any] | None]:
        """What it reported since; ``None`` when it will report no more."""
        data = self.reports.read1(65536)  # type: ignore[attr-defined] # Popen's pipes are BufferedReaders
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            yield json.loads(line)
        if not data:
            yield None

    def last_words(self) -> str:
        """The end of its log, indented, on lines of their own."""
        try:
            lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return " (none)"
        return "".join(f"\n  {line}" for line in lines[-LOG_LINES:])

    def ask_to_end(self) -> None:
        """Let go of its hand, which it feels, and send SIGTERM for the case that it is busy."""
        with contextlib.suppress(BrokenPipeError):
            self._hand.close()
        self.process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait for its end; kill it when the time is over."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.reports.close()
