"""Where a database has a synchronous standby."""

from __future__ import annotations

from typing import Any

import pytest

from services.estate.join import Estate
from services.estate.standby import standby_of
from tests.services.estate.things import answers, bucket, cluster, instance

ZONES = {"crm-1": "a", "crm-2": "b", "crm-3": "a", "crm-4": None}


@pytest.mark.parametrize(("multi_az", "second", "wanted"), [(True, "b", "b"), (True, None, None), (False, "b", None)])
def test_an_instance_that_is_multi_az_has_one_in_its_second_zone(
    *, multi_az: bool, second: str | None, wanted: str | None
) -> None:
    """Where RDS names that zone."""
    assert standby_of(instance("orders", multi_az=multi_az, standby_zone=second), {}) == wanted


@pytest.mark.parametrize(
    ("members", "writer", "wanted"),
    [
        (("crm-1", "crm-2"), "crm-1", "b"),
        (("crm-1", "crm-2"), "crm-2", "a"),
        (("crm-1", "crm-2"), None, "b"),
        (("crm-1", "crm-3"), "crm-1", None),
        (("crm-1",), "crm-1", None),
        (("crm-4", "crm-2"), "crm-4", None),
        (("crm-9", "crm-2"), "crm-9", None),
        ((), None, None),
    ],
)
def test_a_cluster_has_one_where_another_member_runs_in_another_zone(
    members: tuple[str, ...], writer: str | None, wanted: str | None
) -> None:
    """Not where the writer's own zone is not known."""
    assert standby_of(cluster("crm", members=members, writer=writer), ZONES) == wanted


def test_a_bucket_has_none() -> None:
    """Nobody takes over from it."""
    assert standby_of(bucket("media"), ZONES) is None


def test_the_zones_are_those_of_the_clusters_instances() -> None:
    """Joined by their identifiers, whichever list is heard first."""
    crm: Any = cluster("crm", members=("crm-1", "crm-2"), writer="crm-1")
    members = (instance("crm-1", cluster="crm", zone="a"), instance("crm-2", cluster="crm", zone="b"))
    for heard in (answers(crm, *members), reversed(answers(crm, *members))):
        made = Estate()
        for observation in heard:
            made.put(observation)
        made.refresh()
        assert [it.standby for it in made.sightings()] == ["b"]
