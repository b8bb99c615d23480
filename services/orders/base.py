"""The form of an action: what is asked for it, how it is confirmed, and what it would do. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from pydantic import JsonValue

from services.agreement import Policy
from services.model import LifecycleState
from services.wire.orders import AwsCall, Confirmation, MovedClock, RegistryCall, Step, TenantChange

if TYPE_CHECKING:
    from services.orders.world import World

FieldKind: TypeAlias = Literal["text", "instant", "date", "zone", "length", "choice", "wall-time", "record", "store"]
"""How a value is read, and what a form offers: ``record`` is the id of a record of ``Field.collection``."""


class RefusedError(ValueError):
    """It is not done, and why; ``where`` names the field or the tenant that it is about."""

    def __init__(self, reason: str, where: str | None = None) -> None:
        super().__init__(reason)
        self.where = where
        self.seen: Mapping[str, JsonValue] = {}
        """What had been read until then, by what it is."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked for an action."""

    name: str
    label: str
    """At most ten cells."""
    hint: str = ""
    kind: FieldKind = "text"
    required: bool = True
    choices: tuple[str, ...] = ()
    default: str = ""
    collection: str | None = None
    """Of a ``record``: ``cases``, ``holds``, ``exports``, ``slots``."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an action would do."""

    tenants: tuple[TenantChange, ...]
    steps: tuple[Step, ...]
    clocks: tuple[MovedClock, ...] = ()
    effects: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    stores: int = 0


Drafting: TypeAlias = "Callable[[World], Draft]"


def never(_: Policy) -> bool:
    return False


def always(_: Policy) -> bool:
    return True


def no_questions(_: World) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Action:
    """A write of the daily work. ``draft`` is pure: it reads the world and raises ``RefusedError``."""

    name: str
    """``renew``, ``hold-place``: as the command line and the audit log name it."""
    title: str
    """``Renew the subscription``."""
    clause: str
    confirmation: Confirmation
    draft: Drafting
    fields: tuple[Field, ...] = ()
    key: str | None = None
    """Its mnemonic on the tenant's page."""
    states: frozenset[LifecycleState] = frozenset(LifecycleState)
    """The states of a tenant in which the key is shown. Whether it may be done, ``draft`` says."""
    many: bool = True
    """Whether one order may name several tenants."""
    scope: Literal["tenants", "tenants-or-group"] = "tenants"
    """``tenants-or-group``: instead of tenants the fields ``tier`` and ``region`` may name the scope."""
    approval: Callable[[Policy], bool] = never
    """Whether the policy wants a second person."""
    aside: bool = False
    """Whether it goes on beside other orders of its tenant, for hours perhaps: what it writes is its own alone."""
    questions: Callable[[World], tuple[str, ...]] = no_questions
    """What AWS has to answer before it can be planned (``World.seen_in_aws``)."""


class Steps:
    """Steps, numbered as they are added."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    def add(self, call: RegistryCall | AwsCall, says: str, undo: str | None) -> int:
        """Adds a step; its number."""
        number = len(self._steps) + 1
        self._steps.append(Step(number=number, call=call, says=says, undo=undo))
        return number

    @property
    def all(self) -> tuple[Step, ...]:
        return tuple(self._steps)
