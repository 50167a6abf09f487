"""The page All together: what it tunes on, what it keeps sealed, and what it compares."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.expected import MEMORIZE, QUICK, QUICK_CONFIG, TOGETHER
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
    assert int(np.argmin(fitted.history.test_loss)) not in set(rows["epoch"])
    assert not [c for frame in (*app.table, *app.dataframe) for c in frame.value if "test" in c]


def test_opening_the_test_set_is_counted_and_compares_the_scores() -> None:
    app = opened(TOGETHER, **(QUICK | {"all_epochs": "1000", "stop_early": "true"}))
    fitted = run(QUICK_CONFIG.but(epochs=1000, patience=50), 0.2)
    assert fitted.kept_epoch == fitted.history.stopped_epoch - 50 < 950
    row = fitted.history.at(fitted.kept_epoch)
    validation, test = row["validation_accuracy"], row["test_accuracy"]
    assert header(app) == accuracies(fitted, fitted.kept_epoch, "validation")
    chance = (validation * (1 - validation) / 116 + test * (1 - test) / 192) ** 0.5
    for _ in range(2):  # looking again does not count
        app = app.button(key="open_test").click().run()
        text = words(app)
        assert "session: **once**" in text
        assert "The test set is open" in text
        assert f"validation accuracy {score(validation)}, test accuracy **{score(test)}**" in text
        assert f"flattered it by {score(validation - test)};" in text
        assert f"chance alone moves this by about ±{score(chance)}." in text
    app = app.slider(key="width").set_value(5).run()  # another run
    assert "session: **once**" in words(app)
    assert "test accuracy" not in words(app)
    app = app.button(key="open_test").click().run()
    assert "session: **2 times**" in words(app)


ENDS = [
    ({"width": "1", "depth": "3", "all_seed": "0"}, {"hidden_sizes": (1, 1, 1), "seed": 0}),
    ({"width": "256", "all_seed": "9999"}, {"hidden_sizes": (256,), "seed": 9999}),
    ({"lr": "0.001", "momentum": "0", "all_l2": "1"}, {"lr": 0.001, "momentum": 0.0, "l2": 1.0}),
    ({"momentum": "0.95", "all_l2": "0.0001"}, {"momentum": 0.95, "l2": 0.0001}),
    ({"all_p": "0.8", "all_rows": "false", "all_batch": "16"}, {"dropout": 0.8, "batch_size": 16}),
    ({"all_rows": "false", "all_batch": "256"}, {"batch_size": 256}),
    ({"stop_early": "true", "all_patience": "1"}, {"patience": 1}),
    (
        {"stop_early": "true", "all_patience": "300", "all_delta": "0.01"},
        {"patience": 300, "min_delta": 0.01},
    ),
]


@pytest.mark.parametrize(("link", "changes"), ENDS, ids=lambda pair: ", ".join(pair))
def test_a_link_sets_all_together_up_to_the_limits(link, changes) -> None:
    fitted = run(QUICK_CONFIG.but(**changes), 0.2)
    app = opened(TOGETHER, **(QUICK | link))
    assert header(app) == accuracies(fitted, fitted.kept_epoch, "validation")
    losses = chart_rows(app, 0).groupby("part")["value"].last()
    # not to the last bit: how BLAS adds depends on where an array happens to start
    assert losses["training"] == pytest.approx(fitted.history.train_loss[-1], rel=1e-12)
    assert losses["validation"] == pytest.approx(fitted.history.validation_loss[-1], rel=1e-12)


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


def test_pinned_runs_are_compared_renamed_and_removed() -> None:
    app = pin(opened(TOGETHER, **QUICK), "plain")
    app = pin(app.select_slider(key="all_l2").set_value(0.05).run(), "tamed")
    pair = {"plain": run(QUICK_CONFIG, 0.2), "tamed": run(QUICK_CONFIG.but(l2=0.05), 0.2)}
    scores, settings = (table.value.set_index("setting") for table in app.table)
    for name, fitted in pair.items():
        assert scores.loc[name, ["training", "validation", "gap"]].tolist() == accuracies(
            fitted, part="validation"
        )
    assert settings.loc["**l2**"].tolist() == ["**0**", "**0.05**"]
    assert [name for name in settings.index if "*" in name] == ["**l2**"]
    ends = chart_rows(app, 0).groupby("line")["value"].last()
    losses = {f"validation, {n}": fitted.history.validation_loss[-1] for n, fitted in pair.items()}
    assert dict(ends) == losses
    assert not app.info

    app = pin(app.slider(key="all_p").set_value(0.5).run(), "both")
    (notice,) = app.info
    assert notice.value.startswith("“plain” and “both” differ in l2, dropout. Where two runs")
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


@pytest.mark.parametrize("number", [1, 2])
def test_pins_lost_in_a_restart_are_reported_once(number: int) -> None:
    app = opened(TOGETHER, **QUICK)
    for _ in range(number):
        app = (
            pin(app, "") if not app.table else pin(app.slider(key="all_p").set_value(0.5).run(), "")
        )
    assert app.query_params["pins"] in (str(number), [str(number)])
    assert not app.warning
    del app.session_state["pins"]  # the server forgets; the browser keeps the address
    app.run()
    (box,) = app.warning
    assert box.value.startswith("A pinned run is" if number == 1 else "2 pinned runs are")
    assert "pins" not in app.query_params
    assert not app.run().warning


@pytest.mark.parametrize("value", ["0", "-1", "5", "2.0", "²", "9" * 5000, "x", ""])
def test_an_invalid_number_of_pins_in_the_link_is_ignored(value: str) -> None:
    assert not opened(TOGETHER, **QUICK, pins=value).warning
