"""The page L2 weight decay: its numbers are those of regcore."""

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from regcore import PRESETS
from tests.pages.expected import L2, expected, trained
from tests.support.apps import chart_rows, header, opened, words
from ui.text import score

FOLDS = ("slope", "objective", "weights", "choosing", "real")


@pytest.fixture
def l2() -> AppTest:
    """The page with its folds closed, to change."""
    return opened(L2)


@pytest.fixture(scope="module")
def unfolded() -> AppTest:
    """The page with its folds open, to read only."""
    return opened(L2, **{f"open_{fold}": "true" for fold in FOLDS})


def place(app: AppTest, start: str) -> int:
    """Return the number of the chart whose sentence contains this."""
    return [start in chart.proto.alt for chart in app.get("vega_lite_chart")].index(True)


def table_with(app: AppTest, column: str) -> pd.DataFrame:
    return next(table.value for table in app.table if column in table.value)


@pytest.mark.slow
@pytest.mark.parametrize("strength", [0.0001, 0.05, 1.0])
def test_l2_compares_with_and_without(strength: float) -> None:
    app = opened(L2, open_weights="true", open_real="true")
    app = app.select_slider(key="l2").set_value(strength).run()
    without = trained(PRESETS["memorize"])
    decayed = trained(PRESETS["memorize"].but(l2=strength))
    assert header(app) == expected(decayed)
    table = table_with(app, "setting").set_index("setting").loc[:, "training":"gap"]
    assert table.loc["no L2, measured"].tolist() == expected(without)
    assert table.loc[f"λ = {strength:g}, measured"].tolist() == expected(decayed)
    means = [score(abs(run.params[0]).mean()) for run in (without, decayed)]
    assert [metric.value for metric in app.metric[3:5]] == means


@pytest.mark.slow
@pytest.mark.parametrize(("key", "value", "width"), [("width", 1, 1), ("width", 256, 256)])
def test_l2_controls_reach_their_ends(l2: AppTest, key: str, value: int, width: int) -> None:
    app = l2.segmented_control(key="preset").set_value("as printed").run()
    app = app.select_slider(key=key).set_value(value).run()
    config = PRESETS["as printed"].but(hidden_sizes=(width,), l2=0.05)
    assert header(app) == expected(trained(config))


def test_l2_shows_the_decay_and_marks_the_added_term(unfolded: AppTest) -> None:
    texts = " ".join(text.value for text in unfolded.markdown)
    assert "**0.995**" in texts
    assert "**138 steps**" in texts  # ln 2 / -ln 0.995 = 138.3
    assert "**13 steps**" in texts  # with momentum 0.9: ln 2 / -ln √0.9 = 13.2
    source = next(h.proto.body for h in unfolded.main.get("html") if "<mark>" in h.proto.body)
    assert source.count("<mark>") == 2
    assert "<mark>+ l2 * W1</mark>" in source


def test_l2_measures_the_slope_of_the_formula(unfolded: AppTest) -> None:
    table = table_with(unfolded, "measured slope of J")
    assert (table["difference"].astype(float) < 1e-9).all()
    assert (table["λW"].str.replace("−", "-").astype(float).abs() > 1e-4).all()


def test_l2_penalty_and_data_loss_add_up(unfolded: AppTest) -> None:
    history = trained(PRESETS["memorize"].but(l2=0.05)).history
    ends = chart_rows(unfolded, place(unfolded, "data loss is")).groupby("part")["value"].last()
    assert ends["penalty"] == history.penalty[-1]
    assert ends["sum"] == history.train_loss[-1] + history.penalty[-1]


def test_validation_patients_choose_the_strength(unfolded: AppTest) -> None:
    rows = chart_rows(unfolded, place(unfolded, "has the lowest loss"))
    losses = rows[rows["part"] == "validation"].set_index("setting")["value"]
    chosen = losses.idxmin()
    run = trained(PRESETS["memorize"].but(l2=float(chosen)), validation_size=0.2)
    assert losses[chosen] == run.history.validation_loss[-1]
    sentence = unfolded.get("vega_lite_chart")[place(unfolded, "has the lowest loss")].proto.alt
    assert f"λ = {chosen}" in sentence
    table = table_with(unfolded, "chosen").set_index("λ")
    assert table.loc[chosen, "chosen"] == "✓"
    assert table.loc[chosen, "test accuracy"] == score(run.history.test_accuracy[-1])


@pytest.mark.slow
def test_l2_says_when_it_underfits_and_when_it_does_nothing(l2: AppTest) -> None:
    app = l2.select_slider(key="l2").set_value(1.0).run()
    assert "**underfits**" in words(app)
    app = l2.select_slider(key="l2").set_value(0.0001).run()
    assert "The gap grows from 0.281 to 0.307" in words(app)


def test_a_link_sets_the_controls() -> None:
    app = opened(L2, l2="0.2", preset="As printed", width="-5")
    assert header(app) == expected(trained(PRESETS["as printed"].but(l2=0.2)))


def test_a_table_twin_holds_measured_values_only(unfolded: AppTest) -> None:
    history = trained(PRESETS["memorize"].but(l2=0.05)).history
    table = unfolded.dataframe[place(unfolded, "Without L2 the test loss")].value.set_index("epoch")
    assert not table.isna().any().any()
    for epoch in table.index:
        assert table.loc[epoch, "training, λ = 0.05"] == score(history.train_loss[epoch])
