"""The page Overfitting: its controls reach their ends, and its figures are those of regcore."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from regcore import PRESETS
from tests.pages.expected import OVERFITTING, QUICK_CONFIG, expected, open_page, trained
from tests.support.apps import chart_rows, header, opened, words
from tests.support.helpers import run
from ui.sections import results
from ui.text import score

SHORT = 100  # epochs, the lower end of that slider


@pytest.fixture
def overfitting() -> AppTest:
    return opened(OVERFITTING, epochs_memorize=SHORT)


def test_overfitting_opens_with_the_headline_of_the_lesson() -> None:
    app = open_page(OVERFITTING)
    assert header(app) == ["1.000", "0.719", "0.281"] == expected(trained(PRESETS["memorize"]))
    assert any("641 parameters" in text.value for text in app.markdown)
    history = trained(PRESETS["memorize"]).history
    sentence = next(text for text in words(app).split("\n") if "test loss is lowest" in text)
    assert score(history.test_loss.min()) in sentence
    assert score(history.test_loss[-1]) in sentence


def test_the_printed_figures_stand_beside_the_measured_ones() -> None:
    table = opened(OVERFITTING, open_printed="true").table[0].value.set_index("setting")
    for name in ("as printed", "memorize"):
        row = table.loc[f"{name.capitalize()}, measured", "training":"gap"]
        assert row.tolist() == expected(trained(PRESETS[name]))
    assert table.loc["The lesson prints", "training":"gap"].tolist() == ["1.000", "0.719", "0.281"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("widget", "key", "value", "changes"),
    [
        ("select_slider", "width", 1, {"hidden_sizes": (1,)}),
        ("select_slider", "width", 256, {"hidden_sizes": (256,)}),
        ("segmented_control", "depth", 3, {"hidden_sizes": (64, 64, 64)}),
        ("number_input", "seed", 0, {"seed": 0}),
        ("number_input", "seed", 9999, {"seed": 9999}),
        ("select_slider", "lr", 0.001, {"lr": 0.001}),
    ],
)
def test_overfitting_controls_reach_their_ends(
    overfitting: AppTest, widget: str, key: str, value: object, changes: dict
) -> None:
    app = getattr(overfitting, widget)(key=key).set_value(value).run()
    assert not app.exception
    assert header(app) == expected(trained(PRESETS["memorize"].but(epochs=SHORT, **changes)))


@pytest.mark.parametrize("rows", [20, 576])
def test_overfitting_trains_on_as_many_patients_as_asked(overfitting: AppTest, rows: int) -> None:
    app = overfitting.slider(key="rows").set_value(rows).run()
    config = PRESETS["memorize"].but(epochs=SHORT)
    assert header(app) == expected(trained(config, None if rows == 576 else rows))


@pytest.mark.slow
def test_overfitting_trains_the_longest_run(overfitting: AppTest) -> None:
    overfitting.select_slider(key="width").set_value(1)
    overfitting.slider(key="rows").set_value(20)
    app = overfitting.slider(key="epochs_memorize").set_value(20_000).run()
    config = PRESETS["memorize"].but(hidden_sizes=(1,), epochs=20_000)
    assert header(app) == expected(trained(config, 20))


def test_a_preset_brings_its_epochs(overfitting: AppTest) -> None:
    app = overfitting.segmented_control(key="preset").set_value("as printed").run()
    assert app.slider(key="epochs_as_printed").value == 2000
    assert header(app) == expected(trained(PRESETS["as printed"]))


def test_a_diverging_run_is_explained_with_advice_that_helps(overfitting: AppTest) -> None:
    app = overfitting.select_slider(key="lr").set_value(1000.0).run()
    run = trained(PRESETS["memorize"].but(epochs=SHORT, lr=1000.0))
    assert run.history.stop_reason == "diverged"
    assert not app.exception
    assert f"epoch {run.history.stopped_epoch}" in app.warning[0].value
    assert "Try η = 0.1." in app.warning[0].value
    assert len(app.get("vega_lite_chart")[1].proto.alt) < 200
    assert header(app) == expected(run)


def test_a_leaping_run_is_explained(overfitting: AppTest) -> None:
    app = overfitting.select_slider(key="lr").set_value(10.0).run()
    (notice,) = (info.value for info in app.info if "too large" in info.value)
    run = trained(PRESETS["memorize"].but(epochs=SHORT, lr=10.0))
    assert score(run.history.train_loss.max()) in notice


def test_a_changed_preset_says_so(overfitting: AppTest) -> None:
    assert any("Memorize, but with 100 epochs" in text.value for text in overfitting.caption)


@pytest.mark.slow
def test_the_width_sweep_shows_the_scores_of_real_runs() -> None:
    link = {"open_widths": "true", "widths_preset": "As printed"}
    app = opened(OVERFITTING, epochs_memorize=SHORT, **link)
    place = [c.proto.alt.startswith("With 1 unit") for c in app.get("vega_lite_chart")].index(True)
    rows = chart_rows(app, place).set_index(["setting", "part"])["value"]
    for width in (2, 4, 8, 64):
        history = trained(PRESETS["as printed"].but(hidden_sizes=(width,))).history
        assert rows[str(width), "training"] == history.train_accuracy[-1]
        assert rows[str(width), "test"] == history.test_accuracy[-1]


@pytest.mark.parametrize("link", [{}, {"rows": "20"}])
def test_a_run_that_keeps_its_digits_has_no_notice(link: dict) -> None:
    """What is drawn on the left amplifies rounding, but none of its digits is shown."""
    app = opened(OVERFITTING, **link)
    assert not [info for info in app.info if "amplifies rounding" in info.value]
    assert "≈" not in " ".join(header(app))


@pytest.mark.slow
def test_a_run_that_amplifies_rounding_says_so() -> None:
    app = opened(OVERFITTING, lr="10", epochs_memorize="2000")
    (notice,) = [info.value for info in app.info if "amplifies rounding" in info.value]
    assert re.search(r"ounding decides .+, so it is not shown", notice)


def test_the_loss_axis_holds_the_run_shown_before(monkeypatch) -> None:
    narrow, wide = run(QUICK_CONFIG), run(QUICK_CONFIG.but(lr=0.3, hidden_sizes=(64,), epochs=400))
    ends = [float(r.history.test_loss.max()) for r in (narrow, wide)]
    assert ends[1] > ends[0]
    state: dict = {"path": ""}
    monkeypatch.setattr(results.session, "state", lambda: state)
    monkeypatch.setattr(results.chosen, "name", lambda: "")
    assert results.loss_top(narrow, ghost=wide) == pytest.approx(ends[1])
    assert results.loss_top(narrow) == pytest.approx(ends[1])  # one axis while a page is explored
