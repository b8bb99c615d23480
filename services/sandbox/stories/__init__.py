"""The stories of the fleet, and the list of hostile strings."""

from __future__ import annotations

from datetime import datetime

from services.sandbox.stories import copied_snapshot, grace, hostile, nine_minutes, no_restore_point, ownerless
from services.sandbox.stories.base import Expected, Story, tell
from services.sandbox.stories.hostile import HOSTILE

__all__ = ["HOSTILE", "STORIES", "Expected", "Story", "plant_stories"]

STORIES = (nine_minutes, copied_snapshot, no_restore_point, ownerless, grace, hostile)


def plant_stories(seed: int, at: datetime) -> tuple[Story, ...]:
    """All stories, relative to the instant ``at``."""
    return tuple(tell(module.NAME, module.SENTENCE, module.plant, seed, at) for module in STORIES)
