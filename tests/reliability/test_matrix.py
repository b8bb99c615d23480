"""A spread of the matrix of faults; ``make matrix`` runs all of it."""

from __future__ import annotations

import pytest

from tests.reliability.faults import OF_API, OF_AWS, SERVICES, every, spread
from tests.reliability.matrix import Matrix
from tests.support.sandbox import RunningSandbox

pytestmark = pytest.mark.unmeasured  # whole looks at all there is, each part of which has tests of its own


def test_faults_leave_known_what_they_do_not_touch(faulty: RunningSandbox) -> None:
    """Under each fault every figure that it does not concern is the same to the byte, each other one unknown or
    proven without it, none is gone, and the exit code tells; after it everything is as before."""
    with Matrix(faulty) as matrix:
        judged = list(matrix.run_in_turns(spread(faulty.regions)))
    assert {f"{it.case} {it.how}": it.found.differences for it in judged if it.found.differences} == {}
    assert all(it.found.counts["identical"] for it in judged if it.found.unaffected)
    assert any(it.found.counts["proven"] for it in judged)


def test_the_matrix_is_whole(faulty: RunningSandbox) -> None:
    """Each kind is tried on each service in each region, and the spread leaves out neither kind, service nor region."""
    regions = faulty.regions
    whole = {str(case) for case in every(regions)}
    assert whole >= {f"{kind}:{service}:{region}" for kind in OF_AWS for service in SERVICES for region in regions}
    assert whole >= {kind.value for kind in (*OF_AWS, *OF_API)}
    part = [case.fault for case in spread(regions)]
    assert {fault.region for fault in part} >= set(regions)
    assert {fault.service for fault in part} >= set(SERVICES)
