from __future__ import annotations

from services.aws.facts import Tags
from services.estate.ownership import Owners, owners_of
from services.model import StoreMapping

ARN = "arn:aws:rds:eu-central-1:111122223333:cluster:shared-1"
KNOWN = {"acme", "contoso"}


def owners(*mappings: StoreMapping, tags: Tags = (), more: Tags = ()) -> Owners:
    return owners_of(mappings, tags, more, tag="tenant", known=KNOWN)


def test_the_mapping_comes_before_the_tag() -> None:
    """A tag never adds an owner to a mapped store, and is kept to be shown."""
    found = owners(StoreMapping("acme", ARN), tags=(("tenant", "contoso"),))
    assert (found.tenants, found.tag_tenant) == (("acme",), "contoso")


def test_a_shared_store_has_its_tenants_with_their_parts() -> None:
    """Each schema belongs to the tenant that it is mapped to."""
    found = owners(StoreMapping("acme", ARN, "s_acme"), StoreMapping("contoso", ARN, "s_contoso"))
    assert found.tenants == ("acme", "contoso")
    assert found.parts == (("acme", "s_acme"), ("contoso", "s_contoso"))


def test_a_store_that_is_not_mapped_is_its_tags() -> None:
    """The describe call's tags first, then the tagging API's."""
    assert owners(tags=(("tenant", "acme"),)).tenants == ("acme",)
    assert owners(more=(("tenant", "acme"),)).tenants == ("acme",)
    assert owners(tags=(("tenant", "acme"),), more=(("tenant", "contoso"),)).tenants == ("acme",)


def test_a_tag_that_names_an_unknown_tenant_gives_no_owner() -> None:
    """The store is an orphan that says whom its tag names."""
    assert owners(tags=(("tenant", "nobody"),)) == Owners((), (), "nobody")


def test_a_mapping_to_an_unknown_tenant_gives_no_owner() -> None:
    """It is told apart from a store that nobody mapped."""
    assert owners(StoreMapping("ghost", ARN)) == Owners((), (), None, ("ghost",), mapped=True)


def test_nothing_known_is_nobody() -> None:
    """An empty tag is none, and the tag's key is exact."""
    assert owners(tags=(("tenant", ""), ("Tenant", "acme"))) == Owners((), (), None)
