"""Questions before results: what is hidden, drawn and recorded, and the switch."""

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from regcore import Config
from tests.pages.expected import (
    DROPOUT,
    MEMORIZE,
    PRINTED,
    QUICK,
    QUICK_CONFIG,
    STOPPING,
    TOGETHER,
)
from tests.support.apps import header, opened, words
from tests.support.helpers import run
from ui.exercises import progress_file
from ui.sections import quiz
from ui.text import score
from ui.training.cache import SHARED

pytestmark = pytest.mark.slow

OVERFITTING, L2 = "pages/1_Overfitting.py", "pages/2_L2.py"
TOPICS = {
    OVERFITTING: "overfitting",
    L2: "l2",
    DROPOUT: "dropout",
    STOPPING: "early stopping",
    TOGETHER: "all together",
}
PATIENT = 1 / 192


def asked(path: str, **link: object) -> AppTest:
    return opened(path, questions="true", **link)


def press(app: AppTest, key: str) -> AppTest:
    app = app.button(key=key).click().run()
    assert not app.exception
    return app


def answer(app: AppTest, path: str, said: int) -> AppTest:
    """`said` is -1, 0 or 1, or on Early stopping an epoch."""
    topic = TOPICS[path]
    if path != STOPPING:
        return press(app, f"answer_{topic}_{said}")
    app.select_slider(key=f"answer_{topic}").set_value(said).run()
    return press(app, f"answer_{topic}_set")


def record(app: AppTest) -> dict:
    return app.session_state["predictions"]


def asks(app: AppTest) -> bool:
    return "Predict first." in words(app)


def shows_result(app: AppTest) -> bool:
    return bool(app.metric and app.get("vega_lite_chart"))


def verdicts_shown(app: AppTest) -> list[str]:
    return [text.value for text in app.markdown if "You said" in text.value]


def marks(app: AppTest) -> list[str]:
    """Return the texts of the marks in the first chart."""
    texts = []
    for dataset in app.get("vega_lite_chart")[0].proto.datasets:
        table = pa.ipc.open_stream(dataset.data.data).read_pandas()
        texts += list(table["text"]) if "text" in table else []
    return texts


def gap(config: Config) -> float:
    history = run(config).history
    return history.train_accuracy[-1] - history.test_accuracy[-1]


# ---- What is hidden, and until when


@pytest.mark.parametrize("path", TOPICS)
def test_a_page_hides_its_result_until_the_question_is_skipped(path) -> None:
    app = asked(path)
    assert asks(app)
    hidden = (app.metric, app.table, app.dataframe, app.header, app.get("vega_lite_chart"))
    assert not any(hidden)
    assert len([*app.slider, *app.select_slider, *app.segmented_control]) >= 3  # the controls
    app = press(app, f"skip_{TOPICS[path]}")
    assert shows_result(app)
    assert not asks(app)
    assert not verdicts_shown(app)
    assert record(app) == {TOPICS[path]: {"verdict": "skipped", "said": "", "was": ""}}


def test_a_skipped_question_can_be_asked_again() -> None:
    app = press(press(asked(L2), "skip_l2"), "again_l2")
    assert asks(app)
    assert not shows_result(app)
    assert record(answer(app, L2, -1))["l2"]["verdict"] == "right"


@pytest.mark.parametrize(("path", "runs"), [(STOPPING, 1), (TOGETHER, 3)])
def test_the_training_is_done_while_the_learner_thinks(path, runs) -> None:
    before = SHARED.computed
    app = asked(path, preset="As printed", all_epochs="100", width="7")
    assert SHARED.computed == before + runs
    assert shows_result(answer(app, path, 1))
    assert SHARED.computed == before + runs


def test_the_question_is_about_the_settings_on_the_page() -> None:
    app = asked(OVERFITTING).slider(key="width").set_value(4).run()
    assert "Here 4 units learn from 576 patients. If there were 64 instead" in words(app)
    app = app.slider(key="width").set_value(1).run()
    assert "Here 1 unit learns from 576 patients. If there were 4 instead" in words(app)
    app = asked(STOPPING).segmented_control(key="preset").set_value("as printed").run()
    slider = app.select_slider(key="answer_early stopping")
    assert slider.options[-1] == "2,000"
    assert slider.value == 2000


# ---- Verdicts, against runs of regcore


PRINTED_8 = PRINTED.but(hidden_sizes=(8,))
GAPS = [  # page, link, said, the two runs, verdict
    (OVERFITTING, {}, -1, (MEMORIZE, MEMORIZE.but(hidden_sizes=(4,))), "right"),
    (
        OVERFITTING,
        {"preset": "As printed", "width": "8"},
        1,
        (PRINTED_8, PRINTED.but(hidden_sizes=(4,))),
        "near",
    ),
    (L2, {}, 0, (MEMORIZE, MEMORIZE.but(l2=0.05)), "wrong"),
    (L2, {"l2": "0.0001"}, 1, (MEMORIZE, MEMORIZE.but(l2=0.0001)), "right"),
]


@pytest.mark.parametrize(("path", "link", "said", "runs", "verdict"), GAPS)
def test_the_verdict_on_a_gap_is_that_of_real_runs(path, link, said, runs, verdict) -> None:
    before, after = map(gap, runs)
    change = after - before
    was = (
        "about the same"
        if abs(change) < 1.001 * PATIENT
        else ("larger", "smaller")[int(change < 0)]
    )
    app = answer(asked(path, **link), path, said)
    entry = record(app)[TOPICS[path]]
    assert entry["verdict"] == verdict
    assert entry["said"] == ("about the same", "larger", "smaller")[said]
    assert entry["was"].startswith(f"{was} (gap {score(before)} ")
    assert f", {score(after)} " in entry["was"]
    (line,) = verdicts_shown(app)
    assert f"You said: **{entry['said']}**. Measured: **{entry['was']}**." in line
    assert {"right": "✓ Right", "near": "≈ Near", "wrong": "✗ Wrong"}[verdict] in line


@pytest.mark.parametrize(("said", "verdict"), [(-1, "right"), (1, "wrong")])
def test_the_verdict_on_dropout_is_that_of_real_runs(said, verdict) -> None:
    runs = MEMORIZE, MEMORIZE.but(dropout=0.2)
    without, dropped = (run(config).history.test_loss[-1] for config in runs)
    assert dropped < without - 0.02  # further apart than two bands
    app = answer(asked(DROPOUT), DROPOUT, said)
    said_words = ("too close to call", "without dropout", "with dropout")[said]
    measured = f"{score(without)} without dropout, {score(dropped)} with dropout"
    expected = {
        "verdict": verdict,
        "said": said_words,
        "was": f"with dropout (test loss {measured})",
    }
    assert record(app) == {"dropout": expected}


@pytest.mark.parametrize(("said", "verdict"), [(230, "right"), (400, "near"), (1000, "wrong")])
def test_a_guessed_epoch_is_judged_and_drawn(said, verdict) -> None:
    assert run(MEMORIZE, 0.2).history.best_epoch == 239
    app = answer(asked(STOPPING), STOPPING, said)
    assert record(app) == {
        "early stopping": {"verdict": verdict, "said": f"epoch {said:,}", "was": "epoch 239"}
    }
    assert {f"your guess: {said:,}", "lowest: 239"} < set(marks(app))
    app = app.slider(key="patience").set_value(100).run()  # the same run, another rule
    assert f"your guess: {said:,}" in marks(app)
    assert verdicts_shown(app)
    app = app.slider(key="width").set_value(8).run()
    assert not [text for text in marks(app) if "guess" in text]


def test_all_together_judges_and_draws_both_compared_runs() -> None:
    app = answer(asked(TOGETHER, **QUICK), TOGETHER, 0)
    runs = [run(QUICK_CONFIG.but(**change), 0.2) for change in ({"dropout": 0.2}, {"l2": 0.05})]
    dropped, decayed = (fitted.history.validation_loss[-1] for fitted in runs)
    entry = record(app)["all together"]
    values = f"validation loss {score(dropped)} with dropout, {score(decayed)} with L2"
    assert entry["was"].endswith(f"({values})")
    assert (entry["verdict"] == "right") is bool(abs(decayed - dropped) <= 0.01)
    shown = app.dataframe[0].value
    assert set(shown.columns[1:]) == {
        f"validation, {name}" for name in ("this run", "with dropout", "with L2")
    }
    app = press(app, "pin")  # from now on the pins are what is compared
    assert not [name for name in app.dataframe[0].value.columns if "with L2" in name]
    assert verdicts_shown(app)


@pytest.mark.parametrize("link", [{"lr": "1000"}, {"lr": "1000", "all_l2": "1"}])
def test_no_question_is_asked_without_two_comparable_runs(link) -> None:
    app = asked(TOGETHER, **QUICK, **link)
    assert not asks(app)
    assert app.button(key="pin").disabled is bool(app.error)
    assert "predictions" not in app.session_state


# ---- The prediction belongs to its settings, and to the first answer


def test_changed_settings_show_their_result_without_the_old_guess() -> None:
    app = answer(asked(L2), L2, 0)
    kept = record(app)
    app = app.select_slider(key="l2").set_value(0.2).run()
    assert shows_result(app)
    assert not asks(app)
    assert not verdicts_shown(app)
    app = app.select_slider(key="l2").set_value(0.05).run()
    assert len(verdicts_shown(app)) == 1
    assert record(app) == kept


def test_the_record_is_kept_across_pages() -> None:
    app = answer(asked(L2), L2, -1)
    app = press(app.switch_page(STOPPING).run(), "skip_early stopping")
    assert {topic: entry["verdict"] for topic, entry in record(app).items()} == {
        "l2": "right",
        "early stopping": "skipped",
    }
    app = app.switch_page(L2).run()
    assert not asks(app)
    assert len(verdicts_shown(app)) == 1


# ---- The switch


def test_the_switch_hides_and_restores_the_open_questions() -> None:
    app = asked(L2).toggle(key="questions").set_value(False).run()
    assert shows_result(app)
    assert not asks(app)
    assert record(app) == {}
    app = app.toggle(key="questions").set_value(True).run()
    assert asks(app)
    assert not shows_result(app)
    app = answer(app, L2, -1).toggle(key="questions").set_value(False).run()
    assert not verdicts_shown(app)
    app = app.toggle(key="questions").set_value(True).run()
    assert len(verdicts_shown(app)) == 1
    assert not asks(app)


def test_a_link_without_questions_holds_on_every_page() -> None:
    app = opened("streamlit_app.py", questions="false")
    assert app.toggle(key="questions").value is False
    for path in (L2, STOPPING):
        app = app.switch_page(path).run()
        assert app.toggle(key="questions").value is False
        assert len(header(app)) == 3
        assert not asks(app)


HOSTILE = ("", "maybe", "<b>", "-1", "nan", "9" * 30, ["false", "true"], "false; import os")


@pytest.mark.parametrize("value", HOSTILE, ids=str)
def test_any_other_value_in_a_link_keeps_the_questions(value) -> None:
    app = opened(STOPPING, questions=value)
    assert app.toggle(key="questions").value is True
    assert asks(app)


# ---- The record, as the Exercises page takes and gives it


@pytest.fixture
def session(monkeypatch) -> dict:
    state: dict = {}
    monkeypatch.setattr(quiz.st, "session_state", state)
    return state


def predictions() -> dict:
    return progress_file.of_session()["predictions"]


def test_a_record_is_given_as_a_copy_and_restored_whole(session) -> None:
    saved = {"l2": {"verdict": "near", "said": "larger", "was": "about the same"}}
    session["guesses"] = {"dropout": quiz.Guess(1)}
    progress_file.into_session({"tasks": {}, "predictions": saved})
    assert predictions() == saved
    assert session["guesses"] == {}
    predictions()["l2"]["verdict"] = "right"
    assert predictions() == saved


def test_of_two_quick_clicks_the_first_one_counts(session) -> None:
    quiz._answer("l2", 1)
    quiz._answer("l2", -1)
    quiz._skip("l2")
    quiz._skip("dropout")
    quiz._answer("dropout", 0)
    assert session["guesses"] == {"l2": quiz.Guess(1)}
    assert list(predictions()) == ["dropout"]


def test_a_restored_answer_is_neither_asked_nor_drawn() -> None:
    app = asked(STOPPING)
    said = {"verdict": "near", "said": "epoch 400", "was": "epoch 239"}
    app.session_state["predictions"] = {"early stopping": said}
    app = app.run()
    assert shows_result(app)
    assert not asks(app)
    assert not verdicts_shown(app)
