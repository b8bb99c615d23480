"""The form of a writer: one operation of AWS that changes something, looked up, carried out, followed and undone."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Protocol, TypeAlias

from pydantic import JsonValue

from services.wire.orders import AwsCall

Result: TypeAlias = dict[str, JsonValue]
"""What is kept of an answer: JSON, with the ids that later steps refer to, and ``request_id``."""


class StaysError(Exception):
    """What was done is not undone by anybody."""

    def __init__(self) -> None:
        super().__init__("it stays")


class Poll(StrEnum):
    """Whether what a call began has ended."""

    DONE = "done"
    RUNNING = "running"
    FAILED = "failed"


class Writer(Protocol):
    """One operation of one service. Holds nothing; safe to share between threads.

    ``key`` is the order's key and the step's number: the same for every try of a step, another for every other step.
    Each method lets botocore's errors through: who calls judges them. A parameter of a call whose name begins with a
    small letter is meant for the writer and is not sent.
    """

    service: ClassVar[str]
    operation: ClassVar[str]
    actions: ClassVar[tuple[str, ...]]
    """The IAM actions of all that it calls, its look-ups and its undoing included."""
    tells: ClassVar[bool] = True
    """Whether ``find`` knows that a call was not carried out. Otherwise its ``None`` says nothing."""

    def find(self, client: Any, call: AwsCall, key: str) -> Result | None:
        """What stands there if the call was carried out already: as ``do`` would have answered; else ``None``."""
        ...

    def do(self, client: Any, call: AwsCall, key: str) -> Result:
        """Carries the call out. Asks for the same thing once however often it is sent, where AWS takes a token."""
        ...

    def poll(self, client: Any, call: AwsCall, result: Mapping[str, Any]) -> Poll:
        """Whether what it began has ended. By itself: it has, with the answer."""
        del client, call, result
        return Poll.DONE

    def undo(self, client: Any, call: AwsCall, key: str, result: Mapping[str, Any]) -> None:
        """Undoes what was done. Does nothing where that is undone already. By itself: raises ``StaysError``."""
        del client, call, key, result
        raise StaysError


def sent(call: AwsCall) -> dict[str, Any]:
    """The parameters as boto3 gets them."""
    return {name: value for name, value in call.parameters.items() if not name[:1].islower()}


def kept(answer: Mapping[str, Any], *members: str) -> Result:
    """These members of an answer, with the id of the request."""
    result: Result = {name: answer[name] for name in members if name in answer}
    request = answer.get("ResponseMetadata", {}).get("RequestId")
    return {**result, "request_id": request} if request else result
