"""Every page in Streamlit's own test runner: it loads, its controls reach their ends, and the
numbers on it are those of regcore."""

import json
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from regcore import PRESETS, Config, Fit, fit, load_diabetes, split
from ui.look import plain, score

ROOT = Path(__file__).resolve().parent.parent
SHORT = 100  # epochs, the lower end of that slider


def open_page(path: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=180).run()
    if path:
        app.switch_page(path).run()
    assert not app.exception
    return app


@pytest.fixture
def overfitting() -> AppTest:
    app = open_page("pages/1_Overfitting.py")
    return app.slider(key="epochs_memorize").set_value(SHORT).run()


@pytest.fixture
def l2() -> AppTest:
    return open_page("pages/2_L2.py")


@cache
def trained(config: Config, train_rows: int | None = None, validation_size: float = 0.0) -> Fit:
    parts = split(load_diabetes(), train_rows=train_rows, validation_size=validation_size)
    return fit(parts, config)


def header(app: AppTest) -> list[str]:
    return [metric.value for metric in app.metric[:3]]


def expected(run: Fit) -> list[str]:
    train, test = run.history.train_accuracy[-1], run.history.test_accuracy[-1]
    return [score(train), score(test), score(train - test)]


def chart_rows(app: AppTest, number: int) -> pd.DataFrame:
    """The first dataset of a chart, as the browser gets it."""
    proto = app.get("vega_lite_chart")[number].proto
    return pa.ipc.open_stream(proto.datasets[0].data.data).read_pandas()


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


@pytest.mark.parametrize("path", ["", "pages/1_Overfitting.py", "pages/2_L2.py"])
def test_every_chart_has_a_sentence_and_a_table_twin(path: str) -> None:
    app = open_page(path)
    drawn = app.get("vega_lite_chart")
    assert drawn
    assert len(app.dataframe) == len(drawn)
    texts = [text.value for text in app.markdown]
    for chart in drawn:
        assert len(chart.proto.alt) > 40
        assert f":small[{plain(chart.proto.alt)}]" in texts


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


def test_overfitting_longest_run(overfitting: AppTest) -> None:
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


def test_the_width_sweep_shows_the_last_scores_of_real_runs(overfitting: AppTest) -> None:
    rows = chart_rows(overfitting, 2).set_index(["setting", "part"])["value"]
    for width in (2, 4, 8, 64):
        history = trained(PRESETS["memorize"].but(hidden_sizes=(width,))).history
        assert rows[str(width), "training"] == history.train_accuracy[-1]
        assert rows[str(width), "test"] == history.test_accuracy[-1]


def test_the_snapshots_are_moved_through_without_training(overfitting: AppTest) -> None:
    from ui.runs import store

    before = store().computed
    last = overfitting.select_slider(key="snapshot")
    scores = {}
    for epoch in (last.options[0], last.options[-1]):
        app = overfitting.select_slider(key="snapshot").set_value(int(epoch.replace(",", ""))).run()
        scores[epoch] = app.metric[3].value
    assert store().computed == before
    parts = split(load_diabetes().select(("glucose", "bmi")), train_rows=120)
    run = fit(parts, PRESETS["memorize"].but(hidden_sizes=(64, 64), epochs=3000))
    assert scores == {
        "0": score(run.history.train_accuracy[0]),
        "3,000": score(run.history.train_accuracy[-1]),
    }


def test_the_surface_takes_any_two_measurements(overfitting: AppTest) -> None:
    app = overfitting.selectbox(key="across").set_value("bmi").run()
    app = app.selectbox(key="up").set_value("age").run()
    assert not app.exception
    spec = json.loads(app.get("vega_lite_chart")[3].proto.spec)
    assert spec["layer"][0]["encoding"]["x"]["title"] == "bmi"
    assert spec["layer"][0]["encoding"]["y"]["title"] == "age"


@pytest.mark.parametrize("strength", [0.0001, 0.05, 1.0])
def test_l2_compares_with_and_without(l2: AppTest, strength: float) -> None:
    app = l2.select_slider(key="l2").set_value(strength).run()
    plain = trained(PRESETS["memorize"])
    decayed = trained(PRESETS["memorize"].but(l2=strength))
    assert header(app) == expected(decayed)
    table = app.table[0].value.set_index("setting").loc[:, "training":"gap"]
    assert table.loc["no L2, measured"].tolist() == expected(plain)
    assert table.loc[f"λ = {strength:g}, measured"].tolist() == expected(decayed)
    means = [score(abs(run.params[0]).mean()) for run in (plain, decayed)]
    assert [metric.value for metric in app.metric[3:5]] == means


@pytest.mark.parametrize(("key", "value", "width"), [("width", 1, 1), ("width", 256, 256)])
def test_l2_controls_reach_their_ends(l2: AppTest, key: str, value: int, width: int) -> None:
    l2.segmented_control(key="preset").set_value("as printed")
    app = l2.slider(key=key).set_value(value).run()
    config = PRESETS["as printed"].but(hidden_sizes=(width,), l2=0.05)
    assert header(app) == expected(trained(config))


def test_l2_shows_the_decay_and_marks_the_added_term(l2: AppTest) -> None:
    texts = " ".join(text.value for text in l2.markdown)
    assert "**0.995**" in texts
    assert "**138 steps**" in texts  # ln 2 / -ln 0.995 = 138.3
    assert "**13 steps**" in texts  # with momentum 0.9: ln 2 / -ln √0.9 = 13.2
    source = l2.get("html")[0].proto.body
    assert source.count("<mark>") == 2
    assert "<mark>+ l2 * W1</mark>" in source


def test_l2_measures_the_slope_that_the_formula_says(l2: AppTest) -> None:
    table = l2.table[1].value
    assert (table["difference"].astype(float) < 1e-9).all()
    assert (table["λW"].astype(float).abs() > 1e-4).all()


def test_l2_penalty_and_data_loss_add_up(l2: AppTest) -> None:
    history = trained(PRESETS["memorize"].but(l2=0.05)).history
    ends = chart_rows(l2, 1).groupby("part")["value"].last()
    assert ends["penalty"] == history.penalty[-1]
    assert ends["sum"] == history.train_loss[-1] + history.penalty[-1]


def test_validation_patients_choose_the_strength(l2: AppTest) -> None:
    rows = chart_rows(l2, 4)
    found = rows[rows["part"] == "validation"].set_index("setting")["value"]
    chosen = found.idxmin()
    run = trained(PRESETS["memorize"].but(l2=float(chosen)), validation_size=0.2)
    assert found[chosen] == run.history.validation_loss[-1]
    sentence = l2.get("vega_lite_chart")[4].proto.alt
    assert f"λ = {chosen}" in sentence
    table = l2.table[2].value.set_index("λ")
    assert table.loc[chosen, "chosen"] == "✓"
    assert table.loc[chosen, "test accuracy"] == score(run.history.test_accuracy[-1])


def test_a_leaping_run_is_explained(overfitting: AppTest) -> None:
    app = overfitting.select_slider(key="lr").set_value(10.0).run()
    assert "too large" in app.info[0].value
    run = trained(PRESETS["memorize"].but(epochs=SHORT, lr=10.0))
    assert score(run.history.train_loss.max()) in app.info[0].value


def test_a_changed_preset_says_so(overfitting: AppTest) -> None:
    assert any("Memorize, but with epochs 100" in text.value for text in overfitting.caption)


def test_l2_says_when_it_underfits_and_when_it_does_nothing(l2: AppTest) -> None:
    app = l2.select_slider(key="l2").set_value(1.0).run()
    assert any("**underfits**" in text.value for text in app.markdown)
    app = l2.select_slider(key="l2").set_value(0.0001).run()
    assert any("The gap grows from 0.281 to 0.307" in text.value for text in app.markdown)


def test_settings_go_along_in_the_link() -> None:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=180)
    app.switch_page("pages/2_L2.py")
    app.query_params["l2"] = "0.2"
    app.query_params["preset"] = "As printed"
    app.query_params["width"] = "-5"
    app.run()
    assert not app.exception
    assert header(app) == expected(trained(PRESETS["as printed"].but(l2=0.2)))


def test_a_table_twin_holds_measured_values_only(l2: AppTest) -> None:
    history = trained(PRESETS["memorize"].but(l2=0.05)).history
    table = l2.dataframe[0].value.set_index("epoch")
    assert not table.isna().any().any()
    for epoch in table.index:
        assert table.loc[epoch, "training, λ = 0.05"] == score(history.train_loss[epoch])
