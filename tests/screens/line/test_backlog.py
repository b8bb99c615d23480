"""How much of what was written the terminal has not shown."""

from __future__ import annotations

from screens.line.backlog import ASK_AFTER, FIRST_S, FULL, FULL_WRITES, LOST_S, Backlog


def sent(backlog: Backlog, characters: int, now: float, *, taken: bool = True) -> None:
    """Queue a picture, and let the system take it with the question that is due."""
    asks = backlog.to_ask(characters)
    backlog.queued(characters)
    if taken:
        if asks:
            backlog.asked(characters, now)
        backlog.taken(characters)
        backlog.write_taken()


def test_a_silent_terminal_is_reckoned_by_what_the_system_took() -> None:
    """Where nobody answers in half a second, a picture waits only while the system has not taken the last."""
    backlog = Backlog()
    sent(backlog, FULL, 0)
    assert backlog.full(FIRST_S - 0.1)
    assert not backlog.full(FIRST_S)
    sent(backlog, FULL, 1, taken=False)
    assert backlog.full(1)
    backlog.taken(1)
    assert not backlog.full(1)


def test_a_terminal_that_answers_is_reckoned_by_its_answers() -> None:
    """Where it has answered once, a picture waits until the answer to what the system took long ago."""
    backlog = Backlog()
    sent(backlog, ASK_AFTER, 0)
    backlog.answered()
    sent(backlog, FULL, 0)
    assert backlog.full(0.1)
    backlog.answered()
    assert not backlog.full(0.1)


def test_a_lost_answer_does_not_stop_the_pictures() -> None:
    """After a while an answer is not awaited any more."""
    backlog = Backlog()
    sent(backlog, ASK_AFTER, 0)
    backlog.answered()
    sent(backlog, FULL, 1)
    assert backlog.full(1 + LOST_S - 0.1)
    assert not backlog.full(1 + LOST_S)


def test_small_writes_never_fill_the_queue() -> None:
    """A line that stands still makes pictures wait before the writer's queue of thirty could stop the program."""
    backlog = Backlog()
    for _ in range(FULL_WRITES):
        assert not backlog.full(0)
        sent(backlog, 40, 0, taken=False)
    assert backlog.full(0)


def test_a_question_is_asked_now_and_then() -> None:
    """A ticking clock of sixty characters asks once in eighteen pictures, a page at each."""
    backlog = Backlog()
    asked = []
    for _ in range(180):
        asked.append(backlog.to_ask(60))
        backlog.queued(60)
    assert sum(asked) == 10
    assert backlog.to_ask(2400)


def test_leaving_waits_for_open_questions_and_no_longer() -> None:
    """Nothing open: no wait. Never answered: the first half second alone. Answered: at once."""
    backlog = Backlog()
    assert backlog.await_answers(0)
    sent(backlog, ASK_AFTER, 0)
    assert not backlog.await_answers(FIRST_S)
    backlog.answered()
    assert backlog.await_answers(0)
