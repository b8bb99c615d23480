"""The actions, a file for each subject. This is the one place that enters them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.orders.actions import (
    assistance,
    backup,
    cases,
    exports,
    failover,
    holds,
    leaving,
    lifecycle,
    maintenance,
    recovery_tests,
    restores,
)
from services.orders.base import Action

EVERY: Final[tuple[Action, ...]] = (
    *lifecycle.ACTIONS,
    *leaving.ACTIONS,
    *holds.ACTIONS,
    *cases.ACTIONS,
    *exports.ACTIONS,
    *assistance.ACTIONS,
    *recovery_tests.ACTIONS,
    *maintenance.ACTIONS,
    *backup.ACTIONS,
    *failover.ACTIONS,
    *restores.ACTIONS,
)
ACTIONS: Final[Mapping[str, Action]] = MappingProxyType({action.name: action for action in EVERY})
"""By name."""
