"""What the registry is known to say of exports, holds, cases, tests, slots and acknowledgements, answer by answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.fleet.registry import OF_TENANTS, SOURCES, Changes, Registry
from services.internal.answer import COLLECTIONS, RegistryAnswer
from services.model import Observation, Outcome, Source
from services.wire.nouns import acknowledgement, case, export, hold, recovery_test, slot
from tests.support import registry as made
from tests.support.api import AT

EXPORT = export(made.export("export-1", "fabrikam"))
OTHER_EXPORT = export(made.export("export-2", "acme"))
HOLD = hold(made.hold("hold-1", "fabrikam"))
CASE = case(made.case("case-1", "acme"))
TEST = recovery_test(made.recovery_test("test-1", "acme", "orders"))
SLOT = slot(made.slot("slot-1"))
ACK = acknowledgement(made.acknowledgement("acme", "case.case-1"))


def answer(*, failed: tuple[str, ...] = (), unheard: tuple[str, ...] = (), **members: object) -> RegistryAnswer:
    """An answer in which each collection was read to its end but those named."""
    observations: tuple[Observation[tuple[str, ...]], ...] = tuple(
        Observation(
            Source("internal", f"GET /{name}"), AT, Outcome.FAILED if name in failed else Outcome.SEEN, error="gone"
        )
        for name in COLLECTIONS
        if name not in unheard
    )
    return replace(RegistryAnswer(observations), **members)  # type: ignore[arg-type] # members by name


FULL = answer(
    exports=(EXPORT, OTHER_EXPORT),
    holds=(HOLD,),
    cases=(CASE,),
    recovery_tests=(TEST,),
    slots=(SLOT,),
    acknowledgements=(ACK,),
)


def known() -> Registry:
    registry = Registry()
    registry.take(FULL)
    return registry


def test_each_record_is_found_by_whom_it_concerns() -> None:
    """Exports, holds and cases by their tenant, tests by their store; slots and acknowledgements as a whole."""
    registry = known()
    assert registry.exports_of("fabrikam") == (EXPORT,)
    assert registry.holds_of("fabrikam") == (HOLD,)
    assert registry.cases_of("acme") == (CASE,)
    assert registry.tests_of(TEST.store) == (TEST,)
    assert (registry.slots, registry.acknowledgements) == ((SLOT,), (ACK,))
    assert registry.exports_of("nobody") == ()


def test_the_first_answer_changes_whom_it_names() -> None:
    """Tenants of exports, holds and cases; the store of a test; slots and acknowledgements."""
    changes = Registry().take(FULL)
    assert {"acme", "fabrikam"} <= changes.tenants
    assert changes.stores == {TEST.store}
    assert (changes.slots, changes.acknowledgements) == (True, True)


def test_the_same_answer_again_changes_nothing() -> None:
    """Nobody is judged again for it."""
    assert known().take(FULL) == Changes()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"exports": (replace(EXPORT, progress=0.5), OTHER_EXPORT)}, Changes(tenants={"fabrikam"})),
        ({"exports": (EXPORT,)}, Changes(tenants={"acme"})),
        ({"holds": ()}, Changes(tenants={"fabrikam"})),
        ({"cases": (replace(CASE, tenant="fabrikam"),)}, Changes(tenants={"acme", "fabrikam"})),
        ({"recovery_tests": (replace(TEST, succeeded=False),)}, Changes(stores={TEST.store})),
        ({"slots": ()}, Changes(slots=True)),
        ({"acknowledgements": ()}, Changes(acknowledgements=True)),
        ({"doubtful": {"holds": {"acme": "basis: missing"}}}, Changes(tenants={"acme"})),
    ],
)
def test_a_change_concerns_only_those_whom_it_names(change: dict[str, object], expected: Changes) -> None:
    """One record that came, went, changed or cannot be read."""
    assert known().take(replace(FULL, **change)) == expected  # type: ignore[arg-type] # members by name


@pytest.mark.parametrize("name", ["exports", "holds", "cases", "slots", "recovery-tests", "acknowledgements"])
def test_what_could_not_be_read_stays_as_it_was_last_seen(name: str) -> None:
    """A failed collection loses no record, and says why it cannot be relied on."""
    registry = known()
    registry.take(answer(failed=(name,)))
    kept = {
        "exports": registry.exports_of("fabrikam"),
        "holds": registry.holds_of("fabrikam"),
        "cases": registry.cases_of("acme"),
        "slots": registry.slots,
        "recovery-tests": registry.tests_of(TEST.store),
        "acknowledgements": registry.acknowledgements,
    }
    assert [len(records) for collection, records in kept.items() if collection == name] == [1]
    assert not any(records for collection, records in kept.items() if collection != name)
    assert registry.trouble(name) == f"internal GET /{name} failed: gone"
    assert registry.incomplete("acme", name) == registry.trouble(name)


def test_part_of_a_collection_replaces_only_what_it_holds() -> None:
    """A reading that broke off brings news of some exports and of no absence."""
    registry = known()
    news = replace(EXPORT, progress=0.7)
    changes = registry.take(replace(FULL, observations=answer(failed=("exports",)).observations, exports=(news,)))
    assert (registry.exports_of("fabrikam"), registry.exports_of("acme")) == ((news,), (OTHER_EXPORT,))
    assert "fabrikam" in changes.tenants


@pytest.mark.parametrize("name", OF_TENANTS)
def test_a_collection_that_fails_concerns_every_tenant(name: str) -> None:
    """None of their verdicts can rest on it any more, and all can again once it answers."""
    registry = known()
    registry.tenants = dict.fromkeys(("acme", "fabrikam", "third"))  # type: ignore[assignment] # only the ids count
    whole = replace(FULL, observations=answer(unheard=("tenants",)).observations)
    broken = replace(FULL, observations=answer(failed=(name,), unheard=("tenants",)).observations)
    assert registry.take(whole).tenants == set()
    assert registry.take(broken).tenants == {"acme", "fabrikam", "third"}
    assert registry.take(broken).tenants == set()
    assert registry.take(whole).tenants == {"acme", "fabrikam", "third"}


def test_a_bad_record_makes_one_tenants_collection_incomplete() -> None:
    """Until a whole answer says otherwise; others' are complete."""
    registry = known()
    doubtful = {"exports": {"acme": "state: unknown word"}}
    registry.take(replace(FULL, doubtful=doubtful))
    assert registry.incomplete("acme", "exports") == "state: unknown word"
    assert (registry.incomplete("fabrikam", "exports"), registry.incomplete("acme", "holds")) == (None, None)
    registry.take(replace(FULL, observations=answer(unheard=("exports",)).observations))
    assert registry.incomplete("acme", "exports") == "state: unknown word"
    registry.take(FULL)
    assert registry.incomplete("acme", "exports") is None


def test_before_any_answer_everything_is_waited_for() -> None:
    """No collection passes for an empty one."""
    registry = Registry()
    assert all(registry.trouble(name) == f"waiting for GET /{name} of the internal API" for name in SOURCES)
    assert set(SOURCES) == set(COLLECTIONS)
