"""The page All together: what it tunes on, what it keeps sealed, and what it compares."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.expected import MEMORIZE, QUICK, QUICK_CONFIG, TOGETHER
from tests.pages.questions import drawn
from tests.support.apps import accuracies, chart_rows, header, opened, words
from tests.support.helpers import run
from ui.sections.pinned_runs import MAX_PINS
from ui.text import score


def test_all_together_shows_validation_scores_and_hides_the_test_set() -> None:
    app, fitted = opened(TOGETHER), run(MEMORIZE, 0.2)
    assert [m.label for m in app.metric] == ["Training accuracy", "Validation accuracy", "Gap"]
    assert header(app) == accuracies(fitted, part="validation")
    app = app.button(key="pin").click().run()
    text = words(app)
    assert "Opened in this session: **not yet**" in text
    for hidden in ("test accuracy", "test loss", "test:", score(fitted.history.test_accuracy[-1])):
        assert hidden not in text.lower()
    rows = chart_rows(app, 0)
    assert set(rows["part"]) == {"training", "validation"}
    spaced = (np.geomspace(1, 5001, 300) - 1).round().astype(int)
    lowest = int(np.argmin(fitted.history.validation_loss))
    assert set(rows["epoch"]) == {*spaced.tolist(), lowest}  # none is from the test set
    assert not [c for frame in (*app.table, *app.dataframe) for c in frame.value if "test" in c]


def test_opening_the_test_set_is_counted_and_compares_the_scores() -> None:
    app = opened(TOGETHER, **(QUICK | {"all_epochs": "1000", "stop_early": "true"}))
    fitted = run(QUICK_CONFIG.but(epochs=1000, patience=50), 0.2)
    assert fitted.kept_epoch == fitted.history.stopped_epoch - 50 < 950
    row = fitted.history.at(fitted.kept_epoch)
    validation, test = row["validation_accuracy"], row["test_accuracy"]
    assert header(app) == accuracies(fitted, fitted.kept_epoch, "validation")
    names = set(chart_rows(app, 0)["name"])  # as the table and the caption say
    assert f"validation, kept: {score(row['validation_loss'])}" in names
    chance = (validation * (1 - validation) / 116 + test * (1 - test) / 192) ** 0.5
    app = app.button(key="open_test").click().run()
    text = words(app)
    assert "session: **once**" in text
    assert "The test set is open" in text
    assert f"validation accuracy {score(validation)}, test accuracy **{score(test)}**" in text
    assert f"overstated it by {score(validation - test)};" in text
    assert f"chance alone typically changes the difference by about ±{score(chance)}." in text
    assert "open_test" not in [button.key for button in app.button]  # there is nothing to open
    app = app.select_slider(key="width").set_value(8).run()  # another run
    assert "session: **once**" in words(app)
    assert "test accuracy" not in words(app)
    app = app.button(key="open_test").click().run()
    assert "session: **2 times**" in words(app)


L2, P = {"use_l2": "true"}, {"use_p": "true", "all_p": "0.8"}
ENDS = [
    ({"width": "1", "depth": "3", "all_seed": "0"}, {"hidden_sizes": (1, 1, 1), "seed": 0}),
    ({"width": "256", "all_seed": "9999"}, {"hidden_sizes": (256,), "seed": 9999}),
    (
        {"lr": "0.001", "momentum": "0", **L2, "all_l2": "1"},
        {"lr": 0.001, "momentum": 0.0, "l2": 1.0},
    ),
    ({"momentum": "0.95", **L2, "all_l2": "0.0001"}, {"momentum": 0.95, "l2": 0.0001}),
    ({"all_rows": "false", "all_batch": "16"} | P, {"dropout": 0.8, "batch_size": 16}),
    ({"all_rows": "false", "all_batch": "256"}, {"batch_size": 256}),
    ({"stop_early": "true", "all_patience": "1"}, {"patience": 1}),
    (
        {"stop_early": "true", "all_patience": "300", "all_delta": "0.01"},
        {"patience": 300, "min_delta": 0.01},
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("link", "changes"), ENDS, ids=lambda pair: ", ".join(pair))
def test_a_link_sets_all_together_up_to_the_limits(link, changes) -> None:
    fitted = run(QUICK_CONFIG.but(**changes), 0.2)
    app = opened(TOGETHER, **(QUICK | link))
    assert header(app) == accuracies(fitted, fitted.kept_epoch, "validation")
    losses = chart_rows(app, 0).groupby("part")["value"].last()
    # not to the last bit: how BLAS adds depends on where an array happens to start
    assert losses["training"] == pytest.approx(fitted.history.train_loss[-1], rel=1e-12)
    assert losses["validation"] == pytest.approx(fitted.history.validation_loss[-1], rel=1e-12)


@pytest.mark.slow
def test_incompatible_settings_give_one_error_message() -> None:
    app = opened(TOGETHER, lr="1000", all_l2="1")
    (error,) = app.error
    assert error.value.startswith("lr * l2 is 1000 * 1 = 1000; it must be below 1")
    assert not app.metric
    app = pin(app.select_slider(key="lr").set_value(0.1).run(), "kept")
    app = app.select_slider(key="lr").set_value(1000.0).run()
    assert app.table[0].value["setting"].tolist() == ["kept"]  # an error keeps the pins


def pin(app: AppTest, name: str) -> AppTest:
    app.text_input(key="new").set_value(name)
    return app.button(key="pin").click().run()


@pytest.mark.slow
def test_pinned_runs_are_compared_renamed_and_removed() -> None:
    app = pin(opened(TOGETHER, **QUICK), "plain")
    app = pin(app.toggle(key="use_l2").set_value(True).run(), "tamed")
    pair = {"plain": run(QUICK_CONFIG, 0.2), "tamed": run(QUICK_CONFIG.but(l2=0.05), 0.2)}
    scores, settings = (table.value.set_index("setting") for table in app.table)
    for name, fitted in pair.items():
        assert scores.loc[name, ["training", "validation", "gap"]].tolist() == accuracies(
            fitted, part="validation"
        )
    assert settings.loc["**L2 λ**"].tolist() == ["**0**", "**0.05**"]
    assert [name for name in settings.index if "*" in name] == ["**L2 λ**"]
    ends = chart_rows(app, 0).groupby("line")["value"].last()
    losses = {f"validation, {n}": fitted.history.validation_loss[-1] for n, fitted in pair.items()}
    assert dict(ends) == losses
    assert not app.info

    app.toggle(key="use_p").set_value(True).run()
    app = pin(app.slider(key="all_p").set_value(0.5).run(), "both")
    (notice,) = app.info
    assert notice.value.startswith("“plain” and “both” differ in L2 λ, dropout p. Where two runs")
    (field,) = (field for field in app.text_input if field.label == "Name of run 2")
    app = field.set_value(" tamed").run()  # stripped, the name is unchanged: no rerun loop
    assert app.table[0].value["setting"].tolist() == ["plain", "tamed", "both"]
    app = field.set_value("plain").run()
    assert app.table[0].value["setting"].tolist() == ["plain", "plain 2", "both"]
    app = next(button for button in app.button if button.label == "Remove").click().run()
    assert app.table[0].value["setting"].tolist() == ["plain 2", "both"]
    assert not app.exception
    assert not app.info


def test_the_pin_button_is_disabled_at_the_limit() -> None:
    app = opened(TOGETHER, **QUICK)
    for number in range(MAX_PINS):
        assert not app.button(key="pin").disabled
        app = pin(app, f"run {number}")
    assert app.button(key="pin").disabled
    assert app.table[0].value["setting"].tolist() == [f"run {n}" for n in range(MAX_PINS)]


def with_dropout(app: AppTest) -> AppTest:
    return app.toggle(key="use_p").set_value(True).run()


@pytest.mark.parametrize("number", [1, 2])
def test_pins_that_nothing_has_kept_are_reported_once(number: int) -> None:
    app = opened(TOGETHER, **QUICK)
    for _ in range(number):
        app = pin(app, "") if not app.table else pin(with_dropout(app), "")
    assert app.query_params["pins"] in (str(number), [str(number)])
    assert not app.warning
    del app.session_state["pins"]  # the address alone is left
    app.run()
    (box,) = app.warning
    assert ("with a pinned run" if number == 1 else "with 2 pinned runs") in box.value
    assert "pins" not in app.query_params
    assert not app.run().warning


@pytest.mark.parametrize("value", ["0", "-1", "5", "2.0", "²", "9" * 5000, "x", ""])
def test_an_invalid_number_of_pins_in_the_link_is_ignored(value: str) -> None:
    assert not opened(TOGETHER, **QUICK, pins=value).warning


# ---- The tools and their switches


def test_the_tools_are_off_at_first_and_show_their_strength_once_on() -> None:
    app = opened(TOGETHER, **QUICK)
    switches = {toggle.label: toggle.value for toggle in app.toggle}
    assert [switches[name] for name in ("L2", "Dropout", "Early stopping")] == [False] * 3
    keys = {widget.key for kind in ("slider", "select_slider") for widget in app.get(kind)}
    assert not keys & {"all_l2", "all_p", "all_patience", "all_delta"}
    for switch in ("use_l2", "use_p", "stop_early"):
        app = app.toggle(key=switch).set_value(True).run()
    fitted = run(QUICK_CONFIG.but(l2=0.05, dropout=0.2, patience=50), 0.2)
    assert header(app) == accuracies(fitted, fitted.kept_epoch, "validation")
    assert "L2 λ = 0.05, dropout p = 0.2, patience 50" in words(app)


def test_a_switched_off_tool_leaves_the_run_and_keeps_its_strength() -> None:
    app = opened(TOGETHER, **QUICK, use_l2="true", all_l2="0.5")
    app = app.toggle(key="use_l2").set_value(False).run()
    assert header(app) == accuracies(run(QUICK_CONFIG, 0.2), part="validation")


# ---- What is evaluated


def judged(app: AppTest) -> str:
    (box,) = [box for box in app.selectbox if box.label == "Run to evaluate"]
    return box.value


def test_the_run_to_evaluate_is_the_one_on_the_screen() -> None:
    app = opened(TOGETHER, **QUICK)
    assert judged(app) == "this run"
    app = pin(app, "plain")
    assert judged(app) == "plain"  # it is the one on the screen
    app = app.select_slider(key="width").set_value(8).run()
    assert judged(app) == "this run"
    app = pin(app, "wide")
    assert judged(app) == "wide"
    app = app.select_slider(key="width").set_value(2).run()
    assert judged(app) == "this run"


def test_opening_the_test_set_names_the_run_and_asks_once_more() -> None:
    app = pin(opened(TOGETHER, **QUICK), "my *best*")
    popovers = [box.proto.popover.label for box in app.get("popover")]
    assert "Open the test set for “my \\*best\\*” …" in popovers
    text = words(app)
    assert "how “my \\*best\\*” does on the 192 patients of the test set" in text
    assert "Do not use that score to choose anything" in text
    assert app.button(key="open_test").label == "Open it"
    assert "test accuracy" not in text


def test_another_chosen_run_is_the_one_that_is_opened() -> None:
    app = pin(opened(TOGETHER, **QUICK), "plain")
    app = app.select_slider(key="width").set_value(8).run()
    (box,) = [box for box in app.selectbox if box.label == "Run to evaluate"]
    app = box.set_value("plain").run()
    app = app.button(key="open_test").click().run()
    fitted = run(QUICK_CONFIG, 0.2)
    assert f"test accuracy **{score(fitted.history.test_accuracy[-1])}**" in words(app)
    (line,) = [text.value for text in app.markdown if "test accuracy **" in text.value]
    assert line.startswith("**plain**")


def test_the_settings_table_speaks_english() -> None:
    app = pin(opened(TOGETHER, **QUICK), "plain")
    app = pin(app.toggle(key="stop_early").set_value(True).run(), "stopped")
    settings = app.table[1].value.set_index("setting")
    assert settings.loc["**patience**"].tolist() == ["**no early stopping**", "**50**"]
    assert settings.loc["hidden units"].tolist() == ["4", "4"]
    assert settings.loc["batch size"].tolist() == ["all rows", "all rows"]
    names = " ".join(settings.index)
    assert not [word for word in ("hidden_sizes", "batch_size", "lr ") if word in names]


def test_several_runs_are_drawn_by_their_validation_losses() -> None:
    app = pin(opened(TOGETHER, **QUICK), "plain")
    app = app.select_slider(key="width").set_value(8).run()
    assert drawn(app)[0] == {"validation, plain", "validation, this run"}
