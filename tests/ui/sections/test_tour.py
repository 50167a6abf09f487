"""The ten-minute tour: each link shows what its step says, whatever was set before."""

from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from regcore import PRESETS, Config, replay
from tests.support import ROOT
from tests.support.apps import accuracies, header, opened, words
from tests.support.helpers import run
from ui.sections import tour

SETTINGS = ("slider", "select_slider", "number_input", "selectbox", "button_group", "toggle")
NO_SETTINGS = {"questions", "projector"}  # the tour turns the one off, and leaves the other
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
    app.session_state["controls"] = set(before)  # as when their pages were drawn
    app.switch_page(tour.STEPS[number - 1].path)
    for key, value in tour.link(number).items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def end(config: Config) -> dict[str, float]:
    history = run(config).history
    return history.at(history.stopped_epoch)


def gap(config: Config) -> float:
    return end(config)["train_accuracy"] - end(config)["test_accuracy"]


def shown(number: int) -> list[str]:
    """Return the text at the top of the page of a step."""
    stop = replay(run(MEMORIZE, 0.2).history.validation_loss, 20).best
    return {
        2: lambda: accuracies(run(MEMORIZE)),
        3: lambda: accuracies(run(SMALL)),
        4: lambda: accuracies(run(DECAYED)),
        5: lambda: accuracies(run(DROPPED)),
        6: lambda: accuracies(run(MEMORIZE, 0.2), stop),
        7: lambda: accuracies(run(BENCH, 0.2), part="validation"),
    }[number]()


ELSEWHERE = {
    "data": "Two moons",
    "preset": "as printed",
    "width": 2,
    "depth": 2,
    "l2": 0.5,
    "keep": 0.5,
    "patience": 3,
    "min_delta": 0.05,
    "all_epochs": 100,
    "all_p": 0.5,
    "questions": True,
}


@pytest.mark.parametrize("number", range(2, 8))
def test_a_step_opens_its_page_with_its_settings_unasked(number) -> None:
    for before in ({}, ELSEWHERE):
        app = followed(number, **before)
        assert header(app) == shown(number)
        assert "Predict first." not in words(app)


def test_what_the_steps_claim_is_true() -> None:
    # 1: the test loss turns, the training loss does not
    losses = run(MEMORIZE).history
    assert losses.test_loss.min() < losses.test_loss[-1] / 2
    assert losses.train_loss.min() == pytest.approx(losses.train_loss[-1], abs=1e-3)
    # 2: every training patient by heart
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
    history = run(MEMORIZE, 0.2).history
    best = replay(history.validation_loss, 20).best
    assert history.test_loss[best] < history.test_loss[-1]
    assert history.test_accuracy[best] > history.test_accuracy[-1]


def test_the_last_step_finds_the_test_set_sealed() -> None:
    app = followed(7)
    assert any(h.value == "The test set is sealed" for h in app.header)
    assert "test accuracy" not in " ".join(m.label.lower() for m in app.metric)


def test_the_visitor_can_change_a_steps_settings() -> None:
    app = followed(3).slider(key="width").set_value(2).run()
    assert header(app) == accuracies(run(MEMORIZE.but(hidden_sizes=(2,))))
    app = app.toggle(key="questions").set_value(True).run()
    assert "Predict first." in words(app)


def test_an_address_copied_after_a_change_keeps_it() -> None:
    app = opened(tour.STEPS[2].path, **tour.link(3) | {"width": "2"})
    assert header(app) == accuracies(run(MEMORIZE.but(hidden_sizes=(2,))))


@pytest.mark.parametrize("number", ["", "0", "8", "-1", "<b>", "9" * 30, "2"])
def test_an_invalid_step_changes_nothing(number) -> None:
    app = opened("pages/6_Exercises.py", tour=number, questions="true", task="4")
    assert app.toggle(key="questions").value is True
    assert app.segmented_control(key="task").value == 4


def test_home_links_to_every_step_within_ten_minutes() -> None:
    app = opened("streamlit_app.py")
    links = [link.proto for link in app.main.get("page_link")]
    queries = [dict(parse_qsl(link.query_string)) for link in links if link.query_string]
    assert queries == [tour.link(number) for number in range(2, len(tour.STEPS) + 1)]
    minutes = [step.minute for step in tour.STEPS]
    assert minutes == sorted(set(minutes)) and minutes[0] == 0 and minutes[-1] < 10


@pytest.mark.parametrize("number", range(1, len(tour.STEPS) + 1))
def test_a_step_starts_from_the_default_of_every_control(number: int) -> None:
    step = tour.STEPS[number - 1]
    app = opened(step.path, **tour.link(number))
    found = {element.key for kind in SETTINGS for element in app.get(kind) if element.key}
    splits = {key for key in found if key.endswith("_splits")}  # they show nothing before a press
    assert found - splits - NO_SETTINGS <= app.session_state["controls"]
    assert step.settings.keys() <= app.session_state["controls"]
