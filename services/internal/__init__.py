"""The client of the internal API: typed, read-only, and never raising for what the other side does."""
