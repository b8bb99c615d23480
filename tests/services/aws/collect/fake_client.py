"""A client that answers from tables, and refuses as a service does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from services.aws.collect.base import Collector, Place
from services.aws.fanout import observe
from services.model import Observation

HERE = Place("111122223333", "eu-central-1")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

Told = Callable[..., Any]
"""From the parameters of a call, its answer, or its pages; raises what AWS would."""


def refusal(code: str, status: int = 400, operation: str = "Asked") -> ClientError:
    """What boto3 raises when a service refuses."""
    return ClientError(
        {"Error": {"Code": code, "Message": "told"}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item] # the rest of the metadata says nothing here
        operation,
    )


def metadata(request: str = "r") -> dict[str, Any]:
    return {"ResponseMetadata": {"RequestId": request, "RetryAttempts": 1}}


@dataclass
class FakeClient:
    """A boto3 client, and what hands it out."""

    lists: Mapping[str, Told] = field(default_factory=dict)
    """By the paginator's method: the pages."""
    gets: Mapping[str, Told] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def client(self, service: str, account: str, region: str) -> FakeClient:
        return self

    def get_paginator(self, operation_name: str) -> Any:
        outer = self

        class Paginator:
            def paginate(self, **parameters: Any) -> Iterator[Any]:
                outer.asked.append((operation_name, parameters))
                yield from outer.lists[operation_name](**parameters)

        return Paginator()

    def __getattr__(self, name: str) -> Told:
        if name not in self.gets:
            raise AttributeError(name)

        def call(**parameters: Any) -> Any:
            self.asked.append((name, parameters))
            return {**self.gets[name](**parameters), **metadata(name)}

        return call

    def observe(self, collector: Collector[Any], cancel: threading.Event | None = None) -> Observation[Any]:
        """Asks as the fan-out does."""
        return observe(collector.call(self, HERE), now=lambda: NOW, cancel=cancel or threading.Event())


def records(observation: Observation[Any]) -> tuple[Any, ...]:
    """What was answered."""
    return tuple(observation.value or ())
