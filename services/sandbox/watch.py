"""Knowing when another process has ended, however it did."""

from __future__ import annotations

import os


class ProcessWatch:
    """Whether process ``pid`` is still there. 0 stands for nobody: never gone.

    On Linux a pidfd tells at once and cannot mistake a later process of the same number; elsewhere ``gone`` has to be
    asked now and then, and sees a parent's end by the parent that took its place.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._gone = False
        self._is_parent = pid == os.getppid()
        self.fd: int | None = None
        """Becomes readable when the process has ended; ``None`` where the system has no such thing."""
        if pid == 0:
            return
        opener = getattr(os, "pidfd_open", None)
        if opener is None:
            return
        try:
            self.fd = opener(pid)
        except ProcessLookupError:
            self._gone = True
        except OSError:  # a kernel or a container without pidfd: ask instead
            self.fd = None

    def ended(self) -> None:
        """Note that ``fd`` became readable."""
        self._gone = True

    def gone(self) -> bool:
        if self._gone or self._pid == 0 or self.fd is not None:
            return self._gone
        if self._is_parent:
            return os.getppid() != self._pid
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:  # it is there and somebody else's
            return False
        return False
