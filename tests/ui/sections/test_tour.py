"""The ten-minute tour: each link shows what its step says, whatever was set before."""

from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from regcore import PRESETS, Config, replay
from tests.pages.expected import EARLY_ROWS, trained
from tests.support import ROOT
from tests.support.apps import accuracies, header, opened, words
from tests.support.helpers import run
from ui.sections import tour
from ui.session import Guess

SETTINGS = ("slider", "select_slider", "number_input", "selectbox", "button_group", "toggle")
NO_SETTINGS = {"questions", "projector"}  # the tour leaves them, and asks although they are off
MEMORIZE = PRESETS["memorize"]
SMALL = MEMORIZE.but(hidden_sizes=(4,))
DECAYED = MEMORIZE.but(l2=0.05)
DROPPED = MEMORIZE.but(dropout=0.2)
BENCH = Config(epochs=5000, momentum=0.9, l2=0.05)


def followed(number: int, **before: object) -> AppTest:
    """Open the page of a step after a visitor has set these controls."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=900)
    for key, value in before.items():
        app.session_state[key] = value
    app.session_state["controls"] = dict.fromkeys(before)  # as when their pages were drawn
    app.switch_page(tour.STEPS[number - 1].path)
    for key, value in tour.link(number).items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def revealed(app: AppTest) -> AppTest:
    """Skip the question, as at the end of a vote."""
    for button in [b for b in app.button if b.key.startswith("skip_")]:
        app = button.click().run()
    assert not app.exception
    return app


def end(config: Config) -> dict[str, float]:
    history = run(config).history
    return history.at(history.stopped_epoch)


def gap(config: Config) -> float:
    return end(config)["train_accuracy"] - end(config)["test_accuracy"]


def shown(number: int) -> list[str]:
    """Return the text at the top of the page of a step."""
    stopped = trained(MEMORIZE, EARLY_ROWS, 0.2)
    stop = replay(stopped.history.validation_loss, 50).best
    return {
        2: lambda: accuracies(run(MEMORIZE)),
        3: lambda: accuracies(run(SMALL)),
        4: lambda: accuracies(run(DECAYED)),
        5: lambda: accuracies(run(DROPPED)),
        6: lambda: accuracies(stopped, stop),
        7: lambda: accuracies(run(BENCH.but(l2=0.0), 0.2), part="validation"),
    }[number]()


ELSEWHERE = {
    "data": "Two moons",
    "preset": "as printed",
    "width": 2,
    "depth": 2,
    "l2": 0.5,
    "p": 0.5,
    "patience": 3,
    "min_delta": 0.05,
    "all_epochs": 100,
    "use_p": True,
    "all_p": 0.5,
    "few_rows": 60,
    "questions": True,
}


@pytest.mark.slow
@pytest.mark.parametrize("number", range(2, 8))
def test_a_step_asks_first_and_then_shows_its_page_with_its_settings(number) -> None:
    for before in ({}, ELSEWHERE):
        app = followed(number, **before)
        assert ("Predict first." in words(app)) is bool(tour.STEPS[number - 1].ask)
        assert header(revealed(app)) == shown(number)


@pytest.mark.slow
def test_what_the_steps_claim_is_true() -> None:
    # 1: the test loss turns, the training loss does not
    losses = run(MEMORIZE).history
    assert losses.test_loss.min() < losses.test_loss[-1] / 2
    assert losses.train_loss.min() == pytest.approx(losses.train_loss[-1], abs=1e-3)
    # 2: every training patient memorized
    assert end(MEMORIZE)["train_accuracy"] == 1.0
    # 3: a smaller gap, and no better on new patients
    assert gap(SMALL) < gap(MEMORIZE) / 2
    assert end(SMALL)["test_accuracy"] <= end(MEMORIZE)["test_accuracy"]
    # 4: the losses stay together
    apart = [end(c)["test_loss"] - end(c)["train_loss"] for c in (MEMORIZE, DECAYED)]
    assert abs(apart[1]) < 0.05 < 1.0 < apart[0]
    # 5: the test loss ends lower
    assert end(DROPPED)["test_loss"] < end(MEMORIZE)["test_loss"]
    # 6: the best moment is better on new patients
    history = trained(MEMORIZE, EARLY_ROWS, 0.2).history
    best = replay(history.validation_loss, 50).best
    assert history.test_loss[best] < history.test_loss[-1]
    assert history.test_accuracy[best] > history.test_accuracy[-1]
    # 7: early stopping alone keeps weights from before the end, with a lower loss than L2
    stopped = run(BENCH.but(l2=0.0, patience=50), 0.2)
    kept = stopped.history.at(stopped.kept_epoch)["validation_loss"]
    assert stopped.kept_epoch < stopped.history.stopped_epoch
    assert kept < run(BENCH, 0.2).history.validation_loss[-1] < 0.5


@pytest.mark.slow
def test_the_last_step_finds_the_test_set_sealed() -> None:
    app = revealed(followed(7))
    assert any(h.value == "The test set is sealed" for h in app.header)
    assert "test accuracy" not in " ".join(m.label.lower() for m in app.metric)


@pytest.mark.slow
def test_the_visitor_can_change_a_steps_settings() -> None:
    app = followed(3).select_slider(key="width").set_value(2).run()
    assert header(app) == accuracies(run(MEMORIZE.but(hidden_sizes=(2,))))
    app = app.button(key="again_overfitting").click().run()
    assert "Predict first." in words(app)


@pytest.mark.slow
def test_a_step_asks_again_what_was_answered_and_although_questions_are_off() -> None:
    record = {"l2": {"verdict": "right", "said": "smaller", "was": "smaller"}}
    app = followed(4, questions=False, predictions=record, guesses={"l2": Guess(-1, "x", True)})
    assert "Predict first." in words(app)
    assert "Let them predict" in words(app)
    app = revealed(app).button(key="end_tour").click().run()
    assert app.toggle(key="questions").value is False


@pytest.mark.slow
def test_an_address_copied_after_a_change_keeps_it() -> None:
    app = opened(tour.STEPS[2].path, **tour.link(3) | {"width": "2"})
    assert header(app) == accuracies(run(MEMORIZE.but(hidden_sizes=(2,))))


@pytest.mark.parametrize("number", ["", "0", "8", "-1", "<b>", "9" * 30, "2"])
def test_an_invalid_step_changes_nothing(number) -> None:
    app = opened("pages/6_Exercises.py", tour=number, questions="true", task="4")
    assert app.toggle(key="questions").value is True
    assert app.radio(key="task").value == 4


def test_home_links_to_every_step_within_ten_minutes() -> None:
    app = opened("streamlit_app.py")
    links = [link.proto for link in app.main.get("page_link")]
    queries = [dict(parse_qsl(link.query_string)) for link in links if link.query_string]
    every = [tour.link(number) for number in range(1, len(tour.STEPS) + 1)]
    assert queries == [tour.link(1), *every]  # the first one starts it
    minutes = [step.minute for step in tour.STEPS]
    assert minutes == sorted(set(minutes)) and minutes[0] == 0 and minutes[-1] < 10


@pytest.mark.slow
@pytest.mark.parametrize("number", range(1, len(tour.STEPS) + 1))
def test_a_step_starts_from_the_default_of_every_control(number: int) -> None:
    step = tour.STEPS[number - 1]
    app = opened(step.path, **tour.link(number))
    found = {element.key for kind in SETTINGS for element in app.get(kind) if element.key}
    splits = {key for key in found if key.endswith("_splits")}  # they show nothing before a press
    assert found - splits - NO_SETTINGS <= app.session_state["controls"].keys()
    assert step.settings.keys() <= app.session_state["controls"].keys()


# ---- The banner


def queries(app: AppTest) -> dict[str, dict[str, str]]:
    """Label of each link with settings -> its settings."""
    links = [link.proto for link in app.main.get("page_link")]
    return {link.label: dict(parse_qsl(link.query_string)) for link in links if link.query_string}


@pytest.mark.slow
@pytest.mark.parametrize("number", range(1, len(tour.STEPS) + 1))
def test_a_step_says_what_to_say_where_to_look_and_the_way_on(number: int) -> None:
    step, app = tour.STEPS[number - 1], followed(number)
    if step.ask:
        assert f"**Let them predict:** {step.ask}" in words(app)
        assert step.look not in words(app)
    app = revealed(app)
    text = words(app)
    assert f"**Step {number} of 7** · minute {step.minute} of 10" in text
    assert f"Look at: {step.look}" in text
    ways = {label: link for label, link in queries(app).items() if label in ("← Back", "Next →")}
    assert ways == {
        **({"← Back": tour.link(number - 1)} if number > 1 else {}),
        **({"Next →": tour.link(number + 1)} if number < 7 else {}),
    }


@pytest.mark.parametrize("number", [1, pytest.param(4, marks=pytest.mark.slow)])
def test_a_step_has_a_clock_and_begins_at_the_top(number: int) -> None:
    (clock,) = [
        h.proto.body for h in followed(number).main.get("html") if "tour-clock" in h.proto.body
    ]
    assert f'sessionStorage.tourStep = "{number}"' in clock
    assert "scrollTo(0, 0)" in clock
    assert 'role="timer"' in clock


def test_the_sentence_to_say_takes_the_place_of_the_lead() -> None:
    lead = "Every weight is a free parameter"
    assert lead not in words(followed(3))
    assert lead in words(opened(tour.STEPS[2].path))


def test_ending_the_tour_leaves_the_page_as_it_is() -> None:
    app = followed(3).button(key="end_tour").click().run()
    assert not app.exception
    assert "Step 3 of 7" not in words(app)
    assert "tour" not in app.query_params
    assert header(app) == accuracies(run(SMALL))
    assert "Every weight is a free parameter" in words(app)


@pytest.mark.parametrize("before", [True, False])
def test_ending_the_tour_asks_questions_only_if_they_were_asked_before(before: bool) -> None:
    app = on(followed(2, questions=before), 3)
    app = app.button(key="end_tour").click().run()
    assert app.toggle(key="questions").value is before


def test_another_page_has_no_banner() -> None:
    app = followed(3).switch_page("pages/6_Exercises.py").run()
    assert "**Step" not in words(app)
    assert "end_tour" not in [button.key for button in app.button]


def test_a_step_resets_the_data_and_its_noise() -> None:
    app = followed(2, data="Two moons", noise=0.1)
    assert app.selectbox(key="data").value == "Diabetes"
    assert header(app) == accuracies(run(MEMORIZE))


def on(app: AppTest, number: int) -> AppTest:
    """Follow a link to a step on the page of another one."""
    app.query_params.clear()
    app.query_params.update(tour.link(number))
    app = app.switch_page(tour.STEPS[number - 1].path).run()
    assert not app.exception
    return app


@pytest.mark.slow
def test_steps_forward_and_back_set_their_settings() -> None:
    app = followed(2)
    for number in (3, 4, 3, 2, 3):
        app = revealed(on(app, number))
        assert header(app) == shown(number)
        assert f"**Step {number} of 7**" in words(app)
    assert "Predict first." not in words(on(app, 2))  # a class is asked once


@pytest.mark.slow
def test_a_step_forgets_what_a_visitor_changed_on_the_way() -> None:
    app = revealed(followed(4)).select_slider(key="l2").set_value(0.5).run()
    app = on(on(app, 5), 4)
    assert header(app) == shown(4)
