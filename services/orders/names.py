"""What orders call the things that they make in AWS, and the tag by which they know them again."""

from typing import Final

ORDER_TAG: Final = "tenure:order"
"""Its value is the order's key."""
SNAPSHOT_NAME: Final = "tenure-"
"""What the name of a snapshot begins with."""
COPY_NAME: Final = "tenure-test-"
"""What the name of a copy begins with that a restore test makes."""
