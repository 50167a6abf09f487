"""Every page in Streamlit's test runner: it loads, its controls reach their limits, and its figures
are those of regcore."""

import json
import re

import numpy as np
import pytest
from numpy.testing import assert_allclose
from streamlit.testing.v1 import AppTest

from regcore import PRESETS, fit, load_diabetes, split
from tests.pages.expected import expected, open_page, trained
from tests.support import ROOT
from tests.support.apps import chart_rows, header
from tests.support.helpers import plain_logits, with_twin
from ui.sections.memorizing import SNAPSHOTS
from ui.text import escape, score, share_of

PATHS = sorted(f"pages/{page.name}" for page in (ROOT / "pages").glob("*.py"))
SURFACE = 3  # the number of that chart on its page
SHORT = 100  # epochs, the lower end of that slider


@pytest.fixture
def overfitting() -> AppTest:
    app = open_page("pages/1_Overfitting.py")
    return app.slider(key="epochs_memorize").set_value(SHORT).run()


def test_home_shows_the_curves_of_a_real_run() -> None:
    app = open_page("")
    assert app.title[0].value == "Regularization Lab"
    history = trained(PRESETS["memorize"]).history
    ends = chart_rows(app, 0).groupby("part")["value"].last()
    assert ends["training"] == history.train_loss[-1]
    assert ends["test"] == history.test_loss[-1]
    sentence = app.get("vega_lite_chart")[0].proto.alt
    assert score(history.test_loss.min()) in sentence
    assert score(history.test_loss[-1]) in sentence


@pytest.mark.parametrize("path", ["", *PATHS])
def test_every_chart_has_a_sentence_and_a_table_twin(path: str) -> None:
    app = open_page(path)
    if "Exercises" in path:  # its charts are those of the last task
        app = app.segmented_control(key="task").set_value(8).run()
    drawn = app.get("vega_lite_chart")
    assert drawn
    assert len(app.dataframe) == len(drawn)
    texts = [text.value for text in app.markdown]
    for chart in drawn:
        assert len(chart.proto.alt) > 40
        assert f":small[{escape(chart.proto.alt)}]" in texts


def test_overfitting_opens_with_the_headline_of_the_lesson() -> None:
    app = open_page("pages/1_Overfitting.py")
    assert header(app) == ["1.000", "0.719", "0.281"] == expected(trained(PRESETS["memorize"]))
    table = app.table[0].value.set_index("setting")
    assert table.loc["As printed, measured", "training":"gap"].tolist() == expected(
        trained(PRESETS["as printed"])
    )
    assert any("641 parameters" in text.value for text in app.markdown)


@pytest.mark.parametrize(
    ("widget", "key", "value", "changes"),
    [
        ("slider", "width", 1, {"hidden_sizes": (1,)}),
        ("slider", "width", 256, {"hidden_sizes": (256,)}),
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


def test_overfitting_trains_the_longest_run(overfitting: AppTest) -> None:
    overfitting.slider(key="width").set_value(1)
    overfitting.slider(key="rows").set_value(20)
    app = overfitting.slider(key="epochs_memorize").set_value(20_000).run()
    config = PRESETS["memorize"].but(hidden_sizes=(1,), epochs=20_000)
    assert header(app) == expected(trained(config, 20))


def test_a_preset_brings_its_epochs(overfitting: AppTest) -> None:
    app = overfitting.segmented_control(key="preset").set_value("as printed").run()
    assert app.slider(key="epochs_as_printed").value == 2000
    assert header(app) == expected(trained(PRESETS["as printed"]))


def test_a_diverging_run_is_explained(overfitting: AppTest) -> None:
    app = overfitting.select_slider(key="lr").set_value(1000.0).run()
    run = trained(PRESETS["memorize"].but(epochs=SHORT, lr=1000.0))
    assert run.history.stop_reason == "diverged"
    assert not app.exception
    assert f"epoch {run.history.stopped_epoch}" in app.warning[0].value
    assert "10³⁰²" in app.warning[0].value
    assert len(app.get("vega_lite_chart")[0].proto.alt) < 200
    assert header(app) == expected(run)


def test_the_width_sweep_shows_the_scores_of_real_runs(overfitting: AppTest) -> None:
    rows = chart_rows(overfitting, 2).set_index(["setting", "part"])["value"]
    for width in (2, 4, 8, 64):
        history = trained(PRESETS["memorize"].but(hidden_sizes=(width,))).history
        assert rows[str(width), "training"] == history.train_accuracy[-1]
        assert rows[str(width), "test"] == history.test_accuracy[-1]


def test_every_surface_is_that_of_a_real_snapshot(overfitting: AppTest) -> None:
    data = split(load_diabetes().select(("glucose", "bmi")), train_rows=120)
    config = PRESETS["memorize"].but(hidden_sizes=(64, 64), epochs=3000)
    run = with_twin(fit(data, config, keep=SNAPSHOTS), data)
    drawn = overfitting.get("vega_lite_chart")[SURFACE].proto
    cells, title = chart_rows(overfitting, SURFACE), json.loads(drawn.spec)["title"]
    numbers = overfitting.dataframe[SURFACE].value.set_index("epoch")
    assert list(numbers.index) == list(SNAPSHOTS)
    centres = np.column_stack([(cells[a] + cells[f"{a}2"]) / 2 for a in "xy"])
    for moment, epoch in enumerate(SNAPSHOTS, start=1):
        z = plain_logits((centres - data.mean) / data.scale, run.snapshots[epoch])[:, 0]
        # the coordinates are sent in 32 bits, which matters where the surface is steep
        assert_allclose(cells[f"p{moment}"] / 1000, 1 / (1 + np.exp(-z)), atol=0.001)
        row = run.history.at(epoch)
        accuracies = score(row["train_accuracy"]), score(row["test_accuracy"])
        assert tuple(numbers.loc[epoch])[:2] == accuracies
        assert tuple(numbers.loc[epoch])[2:] == (score(row["train_loss"]), score(row["test_loss"]))
        subtitle = "training accuracy {}, test accuracy {}".format(*accuracies)
        assert shown_at(moment, title["text"]) == f"Epoch {epoch:,}"
        assert shown_at(moment, title["subtitle"]) == subtitle
    assert "is right on 83 of 120 training and 127 of 192 test patients; after" in drawn.alt
    assert "300 is the best on test patients, with 97 of 120 training and 144 of" in drawn.alt
    # the final number depends on the processor: 131 to 135 were measured
    assert 125 <= run.history.test_accuracy[-1] * 192 <= 145
    end = share_of(run.history.at(3000)["test_accuracy"], 192)
    assert f"after 3,000 epochs on 120 of 120 training and {end} test patients" in drawn.alt
    assert end.startswith("about ")


def test_a_run_that_amplifies_rounding_says_so(overfitting: AppTest) -> None:
    notices = [info.value for info in overfitting.info]
    assert sum("amplifies rounding" in text for text in notices) == 1  # the surface's run, no other
    assert re.search(r"decimal of its test (loss|accuracy) means nothing", notices[-1])


def shown_at(moment: int, text: dict[str, str]) -> str:
    """Evaluate an expression of the form [text, text, ...][moment - 1]."""
    texts, _, place = text["expr"].rpartition("[")
    assert place == "moment - 1]"
    return json.loads(texts)[moment - 1]


def test_the_surface_takes_any_two_measurements(overfitting: AppTest) -> None:
    app = overfitting.selectbox(key="across").set_value("bmi").run()
    app = app.selectbox(key="up").set_value("age").run()
    assert not app.exception
    spec = json.loads(app.get("vega_lite_chart")[SURFACE].proto.spec)
    assert spec["layer"][0]["encoding"]["x"]["title"] == "bmi (kg/m²)"
    assert spec["layer"][0]["encoding"]["y"]["title"] == "age (years)"


def test_a_leaping_run_is_explained(overfitting: AppTest) -> None:
    app = overfitting.select_slider(key="lr").set_value(10.0).run()
    (notice,) = (info.value for info in app.info if "too large" in info.value)
    run = trained(PRESETS["memorize"].but(epochs=SHORT, lr=10.0))
    assert score(run.history.train_loss.max()) in notice


def test_a_changed_preset_says_so(overfitting: AppTest) -> None:
    assert any("Memorize, but with epochs 100" in text.value for text in overfitting.caption)
