"""Arranging large views on a thread of its own, so that keys are answered meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread

from textual.message import Message

from screens.widgets.grid.arrange import Arranger, Request, SortKey, View


@dataclass
class Answer(Message, bubble=False, namespace="grid"):
    """An answer from the thread: the view, or what went wrong in a callable that the caller gave."""

    generation: int
    view: View | None
    error: Exception | None = None


class ArrangingThread:
    """Answers the latest request; what is asked meanwhile replaces what has not been answered.

    The thread is a daemon and is never joined: leaving the application waits for no sort.
    """

    def __init__(self, sort_key: SortKey | None, post: Callable[[Message], object]) -> None:
        self._requests: SimpleQueue[Request | None] = SimpleQueue()
        self._arranger = Arranger(sort_key)
        self._post = post
        self._thread: Thread | None = None

    def ask(self, request: Request) -> None:
        """Have ``request`` answered by an ``Answer`` message, unless another comes first."""
        self._requests.put(request)
        if self._thread is None:
            self._thread = Thread(target=self._run, name="grid-arranging", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Let the thread end when it is done with what it is doing."""
        self._requests.put(None)
        self._thread = None

    def _superseded(self) -> bool:
        return not self._requests.empty()

    def _run(self) -> None:
        while (request := self._requests.get()) is not None:
            if self._superseded():
                continue
            try:
                view = self._arranger.arrange(request, self._superseded)
            except Exception as error:  # noqa: BLE001 - of the caller's callables; raised again by the grid
                answer = Answer(request.generation, None, error)
            else:
                if view is None:
                    continue
                answer = Answer(request.generation, view)
            try:
                self._post(answer)
            except RuntimeError:
                return  # the event loop is closed: the application has ended meanwhile
