"""The cursor and its window."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from screens.widgets.grid.viewport import Viewport


class Moves(RuleBasedStateMachine):
    """Whatever is done, the cursor is on a row, the window holds it and shows no emptiness that rows could fill."""

    def __init__(self) -> None:
        super().__init__()
        self.viewport = Viewport()

    @rule(step=st.integers(-50, 50))
    def move(self, step: int) -> None:
        """Arrow keys, g and G."""
        self.viewport.move_to(self.viewport.position + step)

    @rule(pages=st.sampled_from([-1.0, -0.5, 0.5, 1.0]))
    def page(self, pages: float) -> None:
        """Page keys."""
        self.viewport.page(pages)

    @rule(lines=st.integers(-5, 5))
    def scroll(self, lines: int) -> None:
        """The wheel."""
        self.viewport.scroll(lines)

    @rule(height=st.integers(-1, 30))
    def resize(self, height: int) -> None:
        """Another terminal size."""
        self.viewport.resize(height)

    @rule(count=st.integers(0, 60), position=st.none() | st.integers(0, 59))
    def replace(self, count: int, position: int | None) -> None:
        """Other rows."""
        self.viewport.replace(count, position if position is None or position < count else None)

    @invariant()
    def holds_the_cursor(self) -> None:
        """What must always be true."""
        view = self.viewport
        assert 0 <= view.position < max(view.count, 1)
        assert view.top <= view.position < view.top + view.height
        assert 0 <= view.top <= max(view.count - view.height, 0)


TestMoves = Moves.TestCase


def test_jumps_by_half_a_window_at_the_edges() -> None:
    """Going down line by line over 100 rows moves a window of 20 lines 8 times, not 80."""
    viewport = Viewport(count=100, height=20)
    tops = []
    for position in range(100):
        viewport.move_to(position)
        tops.append(viewport.top)
    assert sorted(set(tops)) == [0, 10, 20, 30, 40, 50, 60, 70, 80]
    viewport.move_to(79)
    assert viewport.top == 69


def test_pages_keep_a_line_of_context_and_end_on_the_last_row() -> None:
    """A page is the window less one line; past the last window the cursor goes to the end."""
    viewport = Viewport(count=50, height=20)
    viewport.page(1)
    assert (viewport.position, viewport.top) == (19, 19)
    viewport.page(1)
    assert (viewport.position, viewport.top) == (38, 30)
    viewport.page(1)
    assert (viewport.position, viewport.top) == (49, 30)


def test_other_rows_leave_the_cursor_on_its_line() -> None:
    """When its row is elsewhere, the window moves so that the cursor stays on the same line of the screen."""
    viewport = Viewport(count=100, height=20, position=5, top=0)
    viewport.replace(100, 70)
    assert (viewport.position, viewport.top) == (70, 65)
