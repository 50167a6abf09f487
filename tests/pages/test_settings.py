"""Each page has its own settings; links, Reset and presets set them."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.expected import DROPOUT, L2, MEMORIZE, OVERFITTING, PRINTED, STOPPING, TOGETHER
from tests.support.apps import accuracies, header, opened
from tests.support.helpers import run
from ui import controls

pytestmark = pytest.mark.slow


def width(app: AppTest) -> float:
    return app.select_slider(key="width").value


def go(app: AppTest, path: str, **link: str) -> AppTest:
    """Change the page as a link in the menu does: its address names no setting of the old one."""
    app.query_params.clear()
    app.query_params.update(link)
    app = app.switch_page(path).run()
    assert not app.exception
    return app


# ---- From page to page


def test_a_page_has_its_own_width_and_keeps_it() -> None:
    app = opened(OVERFITTING, width="4")
    app = go(app, L2)
    assert width(app) == 64
    assert header(app) == accuracies(run(MEMORIZE.but(l2=0.05)))
    app = app.select_slider(key="width").set_value(2).run()
    app = go(app, OVERFITTING)
    assert width(app) == 4
    assert header(app) == accuracies(run(MEMORIZE.but(hidden_sizes=(4,))))
    assert width(go(app, L2)) == 2


def test_settings_of_all_kinds_wait_for_the_visitor() -> None:
    app = opened(OVERFITTING, preset="As printed")
    app.segmented_control(key="depth").set_value(2)
    app.number_input(key="seed").set_value(3)
    app.selectbox(key="across").set_value("age")
    app = go(app.run(), "pages/6_Exercises.py")
    app = go(app, OVERFITTING)
    assert app.segmented_control(key="preset").value == "as printed"
    assert app.segmented_control(key="depth").value == 2
    assert app.number_input(key="seed").value == 3
    assert app.selectbox(key="across").value == "age"


def test_the_settings_of_a_link_win() -> None:
    app = go(opened(OVERFITTING, width="4"), "pages/6_Exercises.py")
    app = go(app, OVERFITTING, width="8")
    assert width(app) == 8


def test_data_and_noise_hold_on_every_page() -> None:
    app = opened(OVERFITTING, data="Two moons", noise="0.3", preset="As printed", width="2")
    for path in (L2, "streamlit_app.py", STOPPING, OVERFITTING):
        app = go(app, path)
        assert app.selectbox(key="data").value == "Two moons"
        assert app.slider(key="noise").value == 0.3


def test_the_two_moons_start_with_a_noise_at_which_networks_overfit() -> None:
    app = opened(OVERFITTING, data="Two moons")
    assert app.slider(key="noise").value == 0.6
    training, test, _ = (float(value) for value in header(app))
    assert training - test > 0.05
    tamed = opened(L2, data="Two moons")
    assert float(header(tamed)[1]) > test - 0.05


# ---- Reset and presets


def test_reset_restores_what_a_link_and_a_visitor_have_set() -> None:
    app = opened(OVERFITTING, width="4", preset="As printed", seed="7", lr="0.3", data="Two moons")
    app.segmented_control(key="depth").set_value(2)
    app = app.button(key="reset").click().run()
    assert not app.exception
    assert width(app) == 64
    assert app.segmented_control(key="preset").value == "memorize"
    assert app.segmented_control(key="depth").value == 1
    assert app.number_input(key="seed").value == 1
    assert app.select_slider(key="lr").value == 0.1
    assert app.selectbox(key="data").value == "Two moons"  # a choice for every page


DEFAULTS = [
    (L2, {"l2": "0.5", "width": "2"}, {"l2": 0.05, "width": 64}),
    (DROPOUT, {"p": "0.5", "batch": "128", "width": "2"}, {"p": 0.2, "batch": "full", "width": 64}),
    (STOPPING, {"patience": "3", "min_delta": "0.05"}, {"patience": 50, "min_delta": 0.0}),
    (STOPPING, {"few_rows": "60", "preset": "As printed"}, {"few_rows": 120, "preset": "memorize"}),
    (
        TOGETHER,
        {"use_l2": "true", "all_l2": "0.5", "all_rows": "false", "all_batch": "256"},
        {"use_l2": False, "all_rows": True},
    ),
]


@pytest.mark.parametrize(("path", "link", "defaults"), DEFAULTS)
def test_reset_restores_the_story_of_the_page(path: str, link: dict, defaults: dict) -> None:
    app = opened(path, **link)
    assert {key: app.session_state[key] for key in defaults} != defaults
    app = app.button(key="reset").click().run()
    assert not app.exception
    assert {key: app.session_state[key] for key in defaults} == defaults
    assert header(app) == header(opened(path))


def test_a_preset_sets_all_else_on_its_page() -> None:
    app = opened(L2, width="4", l2="0.2")
    app = app.segmented_control(key="preset").set_value("as printed").run()
    assert (width(app), app.select_slider(key="l2").value) == (64, 0.05)
    assert header(app) == accuracies(run(PRINTED.but(l2=0.05)))
    assert not [text for text in app.caption if "but with" in text.value]


def test_a_preset_of_the_sweep_sets_nothing_else() -> None:
    app = opened(OVERFITTING, width="4", preset="As printed", open_widths="true")
    app = app.segmented_control(key="widths_preset").set_value("as printed").run()
    assert width(app) == 4
    assert app.segmented_control(key="preset").value == "as printed"


def test_reset_is_there_on_every_page_with_an_experiment() -> None:
    for path in (OVERFITTING, L2, DROPOUT, STOPPING, TOGETHER):
        app = opened(path, preset="As printed", all_epochs="100", width="2")
        assert not app.button(key="reset").disabled


# ---- Links in today's and in earlier terms


@pytest.mark.parametrize(
    ("asked", "given"),
    [("57", 64), ("4", 4), ("3", 4), ("5", 4), ("6", 8), ("0", 1), ("9999", 256), ("300", 256)],
)
def test_a_width_in_a_link_is_rounded_to_a_power_of_two(asked: str, given: int) -> None:
    assert width(opened(STOPPING, width=asked, preset="As printed")) == given


@pytest.mark.parametrize("asked", ["", "-5", "99999", "1e2", "٣x", "²", "nan", "9" * 5000])
def test_any_other_width_in_a_link_is_the_default(asked: str) -> None:
    assert width(opened(STOPPING, width=asked, preset="As printed")) == 64


def test_the_widths_are_powers_of_two() -> None:
    assert tuple(2**k for k in range(9)) == controls.WIDTHS


def test_a_link_with_the_probability_of_keeping_is_understood() -> None:
    app = opened(DROPOUT, keep="0.7", preset="As printed")
    assert app.slider(key="p").value == 0.3
    assert header(app) == accuracies(run(PRINTED.but(dropout=0.3)))
    assert app.query_params["p"] == "0.30"
    assert "keep" not in app.query_params


@pytest.mark.parametrize("keep", ["", "text", "-1", "nan", "inf", "1e400", "2"])
def test_no_other_probability_of_keeping_changes_p(keep: str) -> None:
    assert opened(DROPOUT, keep=keep, preset="As printed").slider(key="p").value == 0.2


def test_p_wins_over_its_old_name() -> None:
    assert opened(DROPOUT, keep="0.7", p="0.1", preset="As printed").slider(key="p").value == 0.1
