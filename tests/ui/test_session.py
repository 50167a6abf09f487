"""The settings of a page in the session: kept for it, reset to its defaults, closed."""

import pytest

from ui import session


@pytest.fixture
def state(monkeypatch) -> dict:
    """Streamlit's session and link, with two controls of a page and the choice of data."""
    state: dict = {"path": "one", "visited": {"one"}}
    monkeypatch.setattr(session.st, "session_state", state)
    monkeypatch.setattr(session.st, "query_params", {})
    for key, default in {"width": 64, "across": None, "data": None}.items():
        session.register_control(key, default)
    state.update(width=4, across="age", data="Two moons")
    return state


def test_reset_assigns_defaults_and_forgets_what_has_none(state) -> None:
    session.reset_controls()
    assert state["width"] == 64  # a deleted value would come back from the link
    assert "across" not in state
    assert state["data"] == "Two moons"


def test_reset_leaves_the_controls_that_it_is_told_to(state) -> None:
    session.reset_controls("width", "across")
    assert (state["width"], state["across"]) == (4, "age")


def test_a_control_that_was_never_drawn_is_not_reset(state) -> None:
    state["typed"] = "x"
    session.reset_controls()
    assert state["typed"] == "x"


def test_another_page_starts_without_settings_and_the_first_finds_its_own(state) -> None:
    session.enter("two")
    assert "width" not in state
    assert state["data"] == "Two moons"
    state["width"] = 8
    session.enter("one")
    assert (state["width"], state["across"]) == (4, "age")
    session.enter("two")
    assert state["width"] == 8
    assert "across" not in state


def test_a_link_wins_over_the_settings_that_were_kept(state) -> None:
    session.enter("two")
    session.st.query_params["width"] = "2"
    session.enter("one")
    assert "width" not in state  # the control takes it from the link
    assert state["across"] == "age"


def test_the_same_page_again_changes_nothing(state) -> None:
    session.enter("one")
    assert (state["width"], state["across"]) == (4, "age")


def test_a_page_opens_with_its_controls_unlocked(state) -> None:
    state["locked"] = True
    assert session.is_locked()
    session.enter("one")
    assert not session.is_locked()


@pytest.mark.parametrize(("verdict", "answered"), [("right", True), ("skipped", False)])
def test_a_skipped_question_is_not_answered(state, verdict: str, answered: bool) -> None:
    state["predictions"] = {"l2": {"verdict": verdict, "said": "", "was": ""}}
    assert session.has_answered("l2") is answered
    assert not session.has_answered("dropout")


@pytest.mark.parametrize("final", [True, False])
def test_a_question_that_waits_for_a_second_try_is_not_answered(state, final: bool) -> None:
    state["predictions"] = {"l2": {"verdict": "wrong", "said": "", "was": ""}}
    state["guesses"] = {"l2": session.Guess(1, about="settings", final=final)}
    assert session.has_answered("l2") is final
