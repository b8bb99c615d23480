"""The nouns of Tenure: what every layer speaks of.

All are frozen and hold values only. Instants (``datetime``) are aware and in UTC, days (``date``) are calendar
days in the zone that stands beside them, lengths are ``timedelta``. An absent value is ``None``: never zero, never
an empty word.
"""

from services.model.acknowledgement import Acknowledgement, acknowledgement_id
from services.model.audit import AuditEntry
from services.model.case import Case, CaseKind, CaseState
from services.model.credential import BASE, INTERNAL, Credential, DeviceCode, MfaDevice, Prompts, Renewal
from services.model.explanation import Evidence, Explanation
from services.model.export import Export, ExportState
from services.model.hold import Hold
from services.model.observation import Identity, Observation, Outcome, Source
from services.model.recovery_test import RecoveryTest, TestKind
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
    "SEVERITY",
    "Acknowledgement",
    "AuditEntry",
    "BadRecord",
    "Case",
    "CaseKind",
    "CaseState",
    "Clock",
    "ClockState",
    "Credential",
    "DeviceCode",
    "Evidence",
    "Explanation",
    "Export",
    "ExportState",
    "Hold",
    "Identity",
    "LifecycleState",
    "MfaDevice",
    "Observation",
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
