"""Verdicts on answers, the second try after a wrong one, and what is drawn of them."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.expected import (
    DROPOUT,
    EARLY_ROWS,
    L2,
    MEMORIZE,
    OVERFITTING,
    QUICK,
    QUICK_CONFIG,
    STOPPING,
    TOGETHER,
    trained,
)
from tests.pages.questions import (
    answer,
    asked,
    asks,
    drawn,
    gives_clue,
    marks,
    press,
    record,
    shows_result,
    skip,
    verdicts_shown,
)
from tests.support.apps import header, opened, words
from tests.support.helpers import run
from ui.text import score

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("said", "verdict"), [(1, "right"), (-1, "wrong")])
def test_the_verdict_on_dropout_is_that_of_real_runs(said: int, verdict: str) -> None:
    runs = MEMORIZE, MEMORIZE.but(dropout=0.2)
    without, dropped = (run(config).history.test_loss[-1] for config in runs)
    assert dropped < without - 0.02  # further apart than two bands
    app = answer(asked(DROPOUT), DROPOUT, -said)
    said_words = ("too close to call", "with dropout", "without dropout")[said]
    measured = f"{score(without)} without dropout, {score(dropped)} with dropout"
    assert record(app) == {
        "dropout": {
            "verdict": verdict,
            "sure": "fairly",
            "said": said_words,
            "was": f"with dropout (test loss {measured})",
        }
    }
    assert gives_clue(app) is (verdict == "wrong")


# ---- The second try


@pytest.mark.parametrize(("second", "sign"), [(0, "✓ Right"), (1, "✗ Not quite")])
def test_a_wrong_answer_gets_a_clue_and_a_second_try(second: int, sign: str) -> None:
    app = answer(asked(L2), L2, -1)
    assert gives_clue(app)
    assert not shows_result(app)
    assert not verdicts_shown(app)
    assert not [names for names in drawn(app) if any("λ" in name for name in names)]
    first = record(app)
    assert first["l2"]["verdict"] == "wrong"
    assert first["l2"]["said"] == "without L2"
    app = answer(app, L2, second)
    assert shows_result(app)
    assert sign in verdicts_shown(app)[0]
    assert f"You said: **{('cannot tell', 'with λ = 0.05')[second]}**" in verdicts_shown(app)[0]
    assert record(app) == first  # the first verdict counts


def test_a_skip_after_a_wrong_answer_reveals_it() -> None:
    app = skip(answer(asked(L2), L2, -1), L2)
    assert record(app)["l2"]["verdict"] == "wrong"
    assert shows_result(app)
    assert "You said: **without L2**" in verdicts_shown(app)[0]
    assert "again_l2" not in [button.key for button in app.button]


def test_a_second_try_waits_while_another_page_is_read() -> None:
    app = answer(asked(L2, preset="As printed"), L2, -1)
    app = app.switch_page("pages/6_Exercises.py").run().switch_page(L2).run()
    assert gives_clue(app)
    assert not shows_result(app)


def test_a_skipped_question_can_be_asked_again() -> None:
    app = press(skip(asked(L2), L2), "again_l2")
    assert asks(app)
    assert not shows_result(app)
    assert record(answer(app, L2, 0))["l2"]["verdict"] == "right"


# ---- What is drawn


@pytest.mark.parametrize(("path", "said"), [(OVERFITTING, 0), (L2, 0), (DROPOUT, -1)])
def test_after_the_answer_both_runs_are_drawn(path: str, said: int) -> None:
    app = asked(path)
    before = [names for names in drawn(app) if any("test" in name for name in names)]
    app = answer(app, path, said)
    app = skip(app, path) if asks(app) else app
    after = next(names for names in drawn(app) if any("test" in name for name in names))
    assert not before if path == OVERFITTING else len(before[0]) == 2  # there it is to be drawn
    assert len(after) == 4
    names = {name.partition(", ")[2] for name in after}
    assert (
        names
        == {
            OVERFITTING: {"64 units", "4 units"},
            L2: {"no L2", "λ = 0.05"},
            DROPOUT: {"no dropout", "p = 0.2"},
        }[path]
    )


def lowest() -> int:
    return int(trained(MEMORIZE, EARLY_ROWS, 0.2).history.validation_loss.argmin())


def guess(app: AppTest, factor: float) -> int:
    """Return the epoch on the slider that is nearest to this multiple of the right one."""
    options = app.select_slider(key="answer_early stopping").options
    choices = [int(text.replace(",", "")) for text in options]
    return min(choices, key=lambda epoch: abs(epoch - factor * lowest()))


@pytest.mark.parametrize(
    ("factor", "verdict"), [(1.0, "right"), (1.7, "near"), (0.6, "near"), (6.0, "wrong")]
)
def test_a_guessed_epoch_is_judged_and_drawn(factor: float, verdict: str) -> None:
    app = asked(STOPPING)
    said = guess(app, factor)
    app = answer(app, STOPPING, said)
    assert record(app) == {
        "early stopping": {
            "verdict": verdict,
            "sure": "fairly",
            "said": f"epoch {said:,}",
            "was": f"epoch {lowest()}",
        }
    }
    if verdict == "wrong":
        assert gives_clue(app)
        assert not app.get("vega_lite_chart")  # but the place to draw in
        app = skip(app, STOPPING)
    assert {f"your guess: {said:,}", f"restored, lowest: {lowest()}"} < set(marks(app))
    app = app.slider(key="patience").set_value(100).run()  # the same run, another rule
    assert f"your guess: {said:,}" in marks(app)
    assert verdicts_shown(app)
    app = app.select_slider(key="width").set_value(8).run()
    assert not [text for text in marks(app) if "guess" in text]


EPOCHS = [(1.0, "Until then it learns"), (0.6, "At that epoch it was"), (1.7, "By then it had")]


@pytest.mark.parametrize(("factor", "why"), EPOCHS)
def test_the_reason_depends_on_the_side_of_the_guess(factor: float, why: str) -> None:
    app = asked(STOPPING)
    app = press(answer(app, STOPPING, guess(app, factor)), "because_early stopping_2")
    assert f"**✓ Yes.** {why}" in words(app)


def test_dropout_explains_the_right_reason_with_what_was_measured() -> None:
    app = press(answer(asked(DROPOUT), DROPOUT, -1), "because_dropout_1")
    assert "**✓ Yes.** No unit can rely on another" in words(app)


def test_all_together_judges_and_draws_both_compared_runs() -> None:
    app = answer(asked(TOGETHER, **QUICK), TOGETHER, 0)
    runs = [run(QUICK_CONFIG.but(**change), 0.2) for change in ({"dropout": 0.2}, {"l2": 0.05})]
    dropped, decayed = (fitted.history.validation_loss[-1] for fitted in runs)
    entry = record(app)["all together"]
    values = f"validation loss {score(dropped)} with dropout, {score(decayed)} with L2"
    assert entry["was"].endswith(f"({values})")
    assert (entry["verdict"] == "right") is bool(abs(decayed - dropped) <= 0.01)
    app = skip(app, TOGETHER) if asks(app) else app
    shown = {f"validation, {name}" for name in ("this run", "with dropout", "with L2")}
    assert drawn(app)[0] == shown
    app = press(app, "pin")  # the runs of the question stay beside the pin
    assert {"validation, with dropout", "validation, with L2"} < drawn(app)[0]
    assert verdicts_shown(app)


# ---- The prediction belongs to its settings


def test_changed_settings_show_their_result_without_the_old_guess() -> None:
    app = answer(asked(L2), L2, 0)
    kept, told = record(app), verdicts_shown(app)
    app = app.select_slider(key="l2").set_value(0.2).run()
    assert shows_result(app)
    assert not asks(app)
    assert verdicts_shown(app) == told  # it says what it is about
    app = app.select_slider(key="l2").set_value(0.05).run()
    assert len(verdicts_shown(app)) == 1
    assert record(app) == kept


def test_a_verdict_stays_when_the_control_is_moved_and_goes_with_the_data() -> None:
    app = answer(asked(DROPOUT, **QUICK), DROPOUT, -1)
    told = verdicts_shown(app)
    assert told
    app = press(app, "because_dropout_0")
    app.slider(key="p").set_value(0.5).run()
    assert verdicts_shown(app) == told
    assert "because_dropout_again" in {button.key for button in app.button}
    app.selectbox(key="data").set_value("Breast cancer").run()
    assert not app.exception
    assert not verdicts_shown(app)
    assert "because_dropout_again" not in {button.key for button in app.button}


def test_the_record_is_kept_across_pages() -> None:
    app = answer(asked(L2), L2, 0)
    app = skip(app.switch_page(STOPPING).run(), STOPPING)
    assert {topic: entry["verdict"] for topic, entry in record(app).items()} == {
        "l2": "right",
        "early stopping": "skipped",
    }
    app = app.switch_page(L2).run()
    assert not asks(app)
    assert len(verdicts_shown(app)) == 1


def test_a_restored_answer_is_neither_asked_nor_drawn() -> None:
    app = asked(STOPPING)
    said = {"verdict": "near", "said": "epoch 400", "was": "epoch 239"}
    app.session_state["predictions"] = {"early stopping": said}
    app = app.run()
    assert shows_result(app)
    assert not asks(app)
    assert not verdicts_shown(app)


# ---- The switch


def test_the_switch_hides_and_restores_the_open_questions() -> None:
    app = asked(L2).toggle(key="questions").set_value(False).run()
    assert shows_result(app)
    assert not asks(app)
    assert record(app) == {}
    app = app.toggle(key="questions").set_value(True).run()
    assert asks(app)
    assert not shows_result(app)
    app = answer(app, L2, 0).toggle(key="questions").set_value(False).run()
    assert not verdicts_shown(app)
    app = app.toggle(key="questions").set_value(True).run()
    assert len(verdicts_shown(app)) == 1
    assert not asks(app)


def test_the_switch_ends_a_second_try_until_it_is_on_again() -> None:
    app = answer(asked(L2), L2, -1).toggle(key="questions").set_value(False).run()
    assert shows_result(app)
    assert not asks(app)
    assert gives_clue(app.toggle(key="questions").set_value(True).run())


def test_a_link_without_questions_holds_on_every_page() -> None:
    app: AppTest = opened("streamlit_app.py", questions="false")
    assert app.toggle(key="questions").value is False
    for path in (L2, STOPPING):
        app = app.switch_page(path).run()
        assert app.toggle(key="questions").value is False
        assert len(header(app)) == 3
        assert not asks(app)


HOSTILE = ("", "maybe", "<b>", "-1", "nan", "9" * 30, ["false", "true"], "false; import os")


@pytest.mark.parametrize("value", HOSTILE, ids=str)
def test_any_other_value_in_a_link_keeps_the_questions(value: object) -> None:
    app = opened(STOPPING, questions=value)
    assert app.toggle(key="questions").value is True
    assert asks(app)
