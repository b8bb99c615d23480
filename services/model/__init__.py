"""The nouns of Tenure: what every layer speaks of.

All are frozen and hold values only. Instants (``datetime``) are aware and in UTC, days (``date``) are calendar
days in the zone that stands beside them, lengths are ``timedelta``. An absent value is ``None``: never zero, never
an empty word.

Each is imported when it is first asked for: making thirty such classes takes as long as a tenth of the console's start.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.model.acknowledgement import Acknowledgement, acknowledgement_id
    from services.model.audit import AuditEntry
    from services.model.case import Case, CaseKind, CaseState
    from services.model.credential import BASE, INTERNAL, SOON, Credential, DeviceCode, MfaDevice, Prompts, Renewal
    from services.model.explanation import Evidence, Explanation
    from services.model.export import Export, ExportState
    from services.model.hold import Hold
    from services.model.link import Link, LinkPath, LinkState
    from services.model.observation import Identity, Observation, Outcome, Source
    from services.model.order import Confirmation, Order, OrderState
    from services.model.recovery_test import SCRATCH_TAG, RecoveryTest, TestKind
    from services.model.scope import EVERYWHERE, Scope
    from services.model.slot import Slot, SlotState
    from services.model.status import SEVERITY, Status, severity, worst
    from services.model.store import RestorePoint, Store
    from services.model.tenant import BadRecord, LifecycleState, StoreMapping, Tenant
    from services.model.verdict import Clock, ClockState, Verdict

__all__ = [
    "BASE",
    "EVERYWHERE",
    "INTERNAL",
    "SCRATCH_TAG",
    "SEVERITY",
    "SOON",
    "Acknowledgement",
    "AuditEntry",
    "BadRecord",
    "Case",
    "CaseKind",
    "CaseState",
    "Clock",
    "ClockState",
    "Confirmation",
    "Credential",
    "DeviceCode",
    "Evidence",
    "Explanation",
    "Export",
    "ExportState",
    "Hold",
    "Identity",
    "LifecycleState",
    "Link",
    "LinkPath",
    "LinkState",
    "MfaDevice",
    "Observation",
    "Order",
    "OrderState",
    "Outcome",
    "Prompts",
    "RecoveryTest",
    "Renewal",
    "RestorePoint",
    "Scope",
    "Slot",
    "SlotState",
    "Source",
    "Status",
    "Store",
    "StoreMapping",
    "Tenant",
    "TestKind",
    "Verdict",
    "acknowledgement_id",
    "severity",
    "worst",
]

_NOUNS = {
    "acknowledgement": ("Acknowledgement", "acknowledgement_id"),
    "audit": ("AuditEntry",),
    "case": ("Case", "CaseKind", "CaseState"),
    "credential": ("BASE", "INTERNAL", "SOON", "Credential", "DeviceCode", "MfaDevice", "Prompts", "Renewal"),
    "explanation": ("Evidence", "Explanation"),
    "export": ("Export", "ExportState"),
    "hold": ("Hold",),
    "link": ("Link", "LinkPath", "LinkState"),
    "observation": ("Identity", "Observation", "Outcome", "Source"),
    "order": ("Confirmation", "Order", "OrderState"),
    "recovery_test": ("SCRATCH_TAG", "RecoveryTest", "TestKind"),
    "scope": ("EVERYWHERE", "Scope"),
    "slot": ("Slot", "SlotState"),
    "status": ("SEVERITY", "Status", "severity", "worst"),
    "store": ("RestorePoint", "Store"),
    "tenant": ("BadRecord", "LifecycleState", "StoreMapping", "Tenant"),
    "verdict": ("Clock", "ClockState", "Verdict"),
}
_MODULES = {noun: module for module, nouns in _NOUNS.items() for noun in nouns}

if not TYPE_CHECKING:  # where it is seen, every name would be there

    def __getattr__(name: str) -> object:
        """A noun, from its module: called once for each, which then stands here."""
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        noun = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        globals()[name] = noun
        return noun
