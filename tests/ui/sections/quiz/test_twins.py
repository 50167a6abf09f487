"""Twins: due after a pause, asked on Exercises, judged by runs, and kept with the answers."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.expected import L2
from tests.pages.questions import answer, asked, press
from tests.support.apps import words
from ui import session, verdicts
from ui.page.kept import items, progress_file
from ui.sections.quiz import twins
from ui.sections.quiz.entries import ENTRIES
from ui.training import runs

EXERCISES = "pages/6_Exercises.py"
FIRST = {"verdict": "right", "said": "cannot tell", "was": "cannot tell", "sure": "sure"}


def exercises(topic: str = "l2", **more: dict) -> AppTest:
    """The page after an earlier visit with an answer on this topic."""
    app = asked(EXERCISES)
    app.session_state["predictions"] = {topic: FIRST} | more
    return app.run()


def is_asked(app: AppTest) -> bool:
    return "once more." in words(app)


def buttons(app: AppTest) -> set[str]:
    return {button.key for button in app.main.button if "twin" in button.key}


def rows(app: AppTest) -> list[list[str]]:
    """The first three columns of the record of predictions: name, verdict, how sure."""
    table = next(t.value for t in app.table if "prediction" in t.value)
    return table.iloc[:, :3].to_numpy().tolist()


@pytest.mark.slow
def test_a_twin_is_due_after_a_pause_and_another_page(monkeypatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(session, "now", lambda: now[0])
    app = answer(asked(L2, preset="As printed", width="1"), L2, 0)
    app = press(app, "skip_l2") if "skip_l2" in {b.key for b in app.main.button} else app
    app = app.switch_page(EXERCISES).run()
    assert not is_asked(app)
    now[0] += twins.PAUSE
    assert not is_asked(app.run())  # nothing comes while one is on the page
    app = app.switch_page(L2).run().switch_page(EXERCISES).run()
    assert is_asked(app)
    assert twins.RULE in words(app)


@pytest.mark.parametrize(("seconds", "topic"), [(twins.PAUSE, "l2"), (twins.PAUSE - 1.0, None)])
def test_the_pause_lasts_from_the_answer_to_the_next_visit(monkeypatch, seconds, topic) -> None:
    state = {"predictions": {"l2": FIRST}, "answered": {"l2": 5.0}, "entered": 5.0 + seconds}
    monkeypatch.setattr(session.st, "session_state", state)
    assert twins.due() == topic


@pytest.mark.parametrize("entry", [FIRST | {"verdict": "skipped"}, None])
def test_no_twin_is_asked_without_an_answer(entry: dict | None) -> None:
    app = asked(EXERCISES)
    app.session_state["predictions"] = {"l2": entry} if entry else {}
    assert not is_asked(app.run()) and not buttons(app)


def test_a_second_try_comes_before_the_twin() -> None:
    app = exercises()
    app.session_state["guesses"] = {"l2": session.Guess(0, "these settings")}
    assert not is_asked(app.run())


def test_with_questions_off_nothing_is_shown() -> None:
    app = exercises().toggle(key="questions").set_value(False).run()
    assert not is_asked(app) and not buttons(app)


def test_a_twin_is_skipped_with_one_click() -> None:
    app = press(exercises(), "twin_skip")
    assert not is_asked(app) and not buttons(app)
    assert app.session_state["twins"]["l2"]["verdict"] == "skipped"
    assert rows(app)[1:] == [["once more", "skipped", "–"]]


def test_the_record_has_no_row_for_a_twin_before_its_answer() -> None:
    assert rows(exercises()) == [["L2", "right", "sure"]]


CASES = [
    (0, "wrong", "guessed", "the first answer looks like a guess, though you were sure."),
    (-1, "right", "understood", "Right both times: understood."),
]


@pytest.mark.slow
@pytest.mark.parametrize(("said", "verdict", "so", "sentence"), CASES)
def test_a_twin_shows_whether_it_was_understood_or_guessed(said, verdict, so, sentence) -> None:
    app = press(exercises(), f"answer_twin l2_{said}")
    assert sentence in words(app)
    assert rows(app) == [["L2", "right", "sure"], ["once more", f"{verdict}: {so}", "–"]]
    app = press(app, "twin_close")
    assert not buttons(app) and sentence not in words(app)


@pytest.mark.slow
def test_an_epoch_is_asked_with_its_slider() -> None:
    app = exercises("early stopping")
    app.select_slider(key="answer_twin early stopping").set_value(300).run()
    app = press(app, "answer_twin early stopping_set")
    assert rows(app)[1][1] == "right: understood"


def test_the_runs_begin_when_a_twin_is_shown_and_the_page_does_not_wait(monkeypatch) -> None:
    begun: list = []
    monkeypatch.setattr(twins.ahead, "offer", lambda *offered, **_: begun.append(offered))
    monkeypatch.setattr(runs, "train", lambda *_: pytest.fail("the page waits"))
    exercises("early stopping")
    ((task,),) = [tasks for rank, _, tasks in begun if rank == twins.ahead.NEIGHBOURS]
    assert [request.config for request in task.args[0]] == [*ENTRIES["early stopping"].twin.configs]


@pytest.mark.slow
@pytest.mark.parametrize("topic", ["overfitting", "l2", "dropout", "all together"])
def test_the_answer_to_a_twin_is_clear_and_another_than_on_the_page(topic: str) -> None:
    ask, judged, twin = ENTRIES[topic]
    trained = runs.train([runs.Request(twin.data, config) for config in twin.configs], print)
    question, *measured = judged(ask(twin.data, twin.configs), trained, twin.data)
    right = {"overfitting": 0, "l2": 0, "dropout": 2, "all together": 2}[topic]
    assert question.outcome(*measured) == right
    verdicts_on = [question.judge(said, *measured)[0] for said in (-1, 0, 1)]
    assert verdicts_on == ["right" if place == right else "wrong" for place in range(3)]
    assert question.reason(0, *measured)


TWINS = {"l2": {"verdict": "wrong", "said": "with λ = 1", "was": "without L2"}}
NOTHING = {"tasks": {}, "code": {}, "predictions": {}, "pins": [], "drawings": {}}
SAVED = NOTHING | {"twins": TWINS}


def test_twins_come_back_from_a_progress_file_and_from_none() -> None:
    file = progress_file.dumps(SAVED)
    assert progress_file.loads(file.encode()) == SAVED
    old = json.loads(file)
    del old["twins"]
    assert progress_file.loads(json.dumps(old).encode())["twins"] == {}
    skipped = SAVED | {"twins": {"l2": TWINS["l2"] | {"verdict": "skipped"}}}
    assert progress_file.merged(skipped, SAVED)["twins"] == TWINS
    assert progress_file.merged(SAVED, skipped)["twins"] == TWINS


@pytest.mark.parametrize(
    "tampered",
    [
        [],
        {"home": TWINS["l2"]},
        {"l2": "right"},
        {"l2": {}},
        {"l2": TWINS["l2"] | {"verdict": 1}},
        {"l2": TWINS["l2"] | {"said": "a\u202eb"}},
    ],
    ids=str,
)
def test_tampered_twins_are_refused(tampered: object) -> None:
    content = json.loads(progress_file.dumps(SAVED)) | {"twins": tampered}
    with pytest.raises(ValueError, match=r"\.$"):
        progress_file.loads(json.dumps(content).encode())
    if isinstance(tampered, dict):
        ((topic, value),) = tampered.items()
        assert items._checked(f"twin/{topic}", value) is None


@pytest.mark.parametrize(
    ("first", "twin", "grasp"),
    [
        *(("right", "right", "understood"), ("wrong", "right", "understood")),
        *(("right", "near", "nearly"), ("right", "wrong", "guessed")),
        *(("near", "wrong", "not yet"), ("wrong", "wrong", "not yet")),
        *(("skipped", "right", ""), ("right", "skipped", "")),
    ],
)
def test_both_verdicts_together(first: str, twin: str, grasp: str) -> None:
    pair = {"verdict": first}, {"verdict": twin}
    assert verdicts.grasp(*pair) == grasp
    assert bool(verdicts.both(*pair)) is bool(grasp)
