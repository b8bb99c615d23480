"""The nouns: each where ``services.model`` says that it is."""

from __future__ import annotations

import subprocess
import sys

import pytest

from services import model


@pytest.mark.parametrize("name", model.__all__)
def test_every_noun_is_there(name: str) -> None:
    """Asked for by its name it comes, and is the same when it is asked for again."""
    noun = getattr(model, name)
    assert noun is not None
    assert getattr(model, name) is noun


def test_what_is_no_noun_is_refused() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        model.Nothing  # type: ignore[attr-defined]  # noqa: B018 - it is asked for, that is all


def test_a_noun_brings_no_other() -> None:
    """The console's start asks for few; the others would delay its first picture."""
    code = "import sys; from services.model import Status; print(*(name for name in sys.modules if 'model.' in name))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["services.model.status"]
