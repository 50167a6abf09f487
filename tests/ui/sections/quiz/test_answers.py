"""Answers in the session: which one counts, when it is final, and the record of the verdicts."""

import pytest

from regcore.training.history import Figure
from ui import verdicts
from ui.page.kept import progress_file
from ui.sections.quiz import Epoch, Which, answers
from ui.session import Guess

WHY = ("it fell", "it stayed", "it grew")
GAP = Which(
    *("l2", "Which way?", ("smaller", "about the same", "larger"), "gap", ("a", "b")),
    *(0.01, 0.01, "within 0.010", "Think.", WHY, "these settings"),
)
EPOCH = Epoch("stop", "When?", 5000, "Think.", ("too early", "then", "too late"), None)


@pytest.fixture
def session(monkeypatch) -> dict:
    state: dict = {}
    monkeypatch.setattr(answers.st, "session_state", state)
    return state


def predictions() -> dict:
    return progress_file.of_session()["predictions"]


def test_a_record_is_given_as_a_copy_and_restored_whole(session) -> None:
    saved = {"l2": {"verdict": "near", "said": "larger", "was": "about the same"}}
    session["guesses"] = {"dropout": Guess(1)}
    nothing = {"tasks": {}, "code": {}, "pins": [], "drawings": {}, "twins": {}}
    progress_file.into_session(nothing | {"predictions": saved})
    assert predictions() == saved
    assert session["guesses"] == {}
    predictions()["l2"]["verdict"] = "right"
    assert predictions() == saved


def test_of_two_quick_clicks_the_first_one_counts(session) -> None:
    answers._answer("l2", 1)
    answers._answer("l2", -1)
    answers.skip("dropout")
    answers._answer("dropout", 0)
    assert session["guesses"] == {"l2": Guess(1)}
    assert list(predictions()) == ["dropout"]


@pytest.mark.parametrize("sure", verdicts.SURENESS)
def test_how_sure_it_is_is_said_once_and_recorded(session, sure: str) -> None:
    answers._answer("l2", 1)
    answers._be_sure("l2", sure)
    answers._be_sure("l2", "guess")
    answers._judge(GAP, session["guesses"]["l2"], 0.281, 0.062)
    assert predictions()["l2"]["sure"] == sure


def test_a_skip_after_an_answer_leaves_open_how_sure_it_was(session) -> None:
    answers._answer("l2", 1)
    answers.skip("l2")
    assert session["guesses"] == {"l2": Guess(1, sure="unsaid")}
    answers._judge(GAP, session["guesses"]["l2"], 0.281, 0.062)
    assert set(predictions()["l2"]) == {"verdict", "said", "was"}


def test_of_two_quick_second_answers_the_first_one_counts(session) -> None:
    session["guesses"] = {"l2": Guess(1, "these settings")}
    answers._answer("l2", -1)
    answers._answer("l2", 0)
    answers.skip("l2")
    assert session["guesses"] == {"l2": Guess(-1, final=True)}


@pytest.mark.parametrize(
    ("said", "final"), [(-1, True), (0, False), (1, False)], ids=["right", "wrong", "wrong too"]
)
def test_only_a_wrong_first_answer_is_not_final(session, said: int, final: bool) -> None:
    session["questions"] = True
    answers._judge(GAP, Guess(said), 0.281, 0.062)
    assert session["guesses"]["l2"] == Guess(said, "these settings", final)
    assert answers.is_open("l2") is not final
    answers._judge(GAP, Guess(said, final=True), 0.281, 0.062)
    assert not answers.is_open("l2")


def test_a_near_first_answer_is_final(session) -> None:
    answers._judge(GAP, Guess(0), 0.281, 0.270)
    assert predictions()["l2"]["verdict"] == "near"
    assert session["guesses"]["l2"].final


def test_a_second_answer_leaves_the_recorded_verdict(session) -> None:
    answers._judge(GAP, Guess(1), 0.281, 0.062)
    answers._judge(GAP, Guess(-1, final=True), 0.281, 0.062)
    assert predictions()["l2"]["verdict"] == "wrong"
    assert predictions()["l2"]["said"] == "larger"


@pytest.mark.parametrize(
    ("after", "why"), [(0.062, WHY[0]), (0.271, WHY[1]), (0.285, WHY[1]), (0.4, WHY[2])]
)
@pytest.mark.parametrize("said", [-1, 0, 1])
def test_the_reason_is_that_of_the_measured_change(said: int, after: float, why: str) -> None:
    assert GAP.reason(said, 0.281, after) == why


def test_a_change_that_rounding_may_make_is_no_change() -> None:
    uncertain = Figure(0.2, 0.05)
    assert GAP.reason(-1, 0.281, uncertain) == WHY[1]
    assert "rounding alone moves their difference" in GAP.judge(-1, 0.281, uncertain)[2]


@pytest.mark.parametrize(
    ("said", "why"), [(44, "then"), (46, "then"), (30, "too early"), (80, "too late")]
)
def test_the_reason_for_an_epoch_is_that_of_its_side(said: int, why: str) -> None:
    assert EPOCH.reason(said, 44) == why


def test_answers_for_other_settings_are_kept_but_not_those_of_the_page(session) -> None:
    session["guesses"] = {"l2": Guess(-1, "other settings", final=True)}
    assert not answers.is_answered(GAP)
    session["guesses"] = {"l2": Guess(-1, "these settings", final=True)}
    assert answers.is_answered(GAP)
    session["guesses"] = {"l2": Guess(-1)}
    assert answers.is_answered(GAP)  # it will be judged for these settings
