"""The reason after a verdict: what is answered, and how long it is kept."""

import pytest

from regcore.training.history import Figure
from ui.sections.quiz import Epoch, Reason, answers, because, use
from ui.verdicts import MAX_TEXT_LENGTH

REASONS = (Reason("wrong one", "It is not so."), Reason("right one"))
WHY = ("too early", "then", "too late")
EPOCH = Epoch("stop", "When?", 5000, "Think.", WHY, None, REASONS)


@pytest.fixture
def session(monkeypatch) -> dict:
    state: dict = {}
    monkeypatch.setattr(because.session.st, "session_state", state)
    return state


def test_a_misconception_is_refuted_and_the_right_reason_explained() -> None:
    assert because.reply(EPOCH, 0, 44, 44) == "**✗ Many think so.** It is not so."
    assert because.reply(EPOCH, 1, 44, 44) == "**✓ Yes.** then"
    assert because.reply(EPOCH, 1, 400, 44) == "**✓ Yes.** too late"


def test_a_new_answer_asks_for_a_new_reason(session) -> None:
    because._choose("stop", 1)
    answers._answer("stop", 44)
    assert session["reasons"] == {}


def test_a_measurement_fits_into_a_progress_file() -> None:
    asked = {"clue": "", "why": WHY, "about": None}
    names = ("with 256 units", "with 4 units")
    unsure, n = Figure(0.5, 1.0), 192
    for pair in ((0.719, 0.714), (unsure, unsure)):
        _, _, was = use("overfitting", "Which?", names, n, "patient", **asked).judge(
            0, *pair, 0.071
        )
        assert was.startswith("cannot tell")
        assert len(was) <= MAX_TEXT_LENGTH
