"""What both servers have in common: they are told on standard input, report on standard output, and end with the
supervisor, however that ended.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from services.sandbox.options import ChildConfig

GRACE_S = 1.0
"""How long a server may take to end."""


class Child:
    """A server's side of the bargain. Make it first: from then on the supervisor's end is this process's end."""

    def __init__(self) -> None:
        for ignored in (signal.SIGINT, signal.SIGHUP):  # the terminal sends them to all; the supervisor decides
            signal.signal(ignored, signal.SIG_IGN)
        # moto prints to stdout: reports go over a descriptor of our own, and stdout to the log
        self._reports = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
        os.dup2(2, 1)
        self.config = ChildConfig(**json.loads(sys.stdin.readline()))
        self._end: Callable[[], None] | None = None
        threading.Thread(target=self._watch, name="watch-supervisor", daemon=True).start()

    def on_end(self, end: Callable[[], None]) -> None:
        """Have ``end`` called, on another thread, when the supervisor is gone; the process then ends by itself, or is
        ended.
        """
        self._end = end

    def progress(self, text: str) -> None:
        self._report({"progress": text})

    def ready(self, facts: Mapping[str, Any]) -> None:
        self._report({"ready": facts})

    def _report(self, message: Mapping[str, Any]) -> None:
        try:
            self._reports.write(json.dumps(message) + "\n")
        except BrokenPipeError:  # the supervisor is gone; the watch ends this process
            return

    def _watch(self) -> None:
        """Standard input is the supervisor's hand: it closes when the supervisor ends, also by SIGKILL."""
        sys.stdin.read()
        if self.config.temporary:
            shutil.rmtree(Path(self.config.state), ignore_errors=True)
        if self._end is not None:
            self._end()
            threading.Event().wait(GRACE_S)
        os._exit(0)
