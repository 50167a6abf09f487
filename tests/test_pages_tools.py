"""Early stopping and All together in Streamlit's own test runner: the numbers on them are those of
regcore, and nothing trains or opens that was not asked to. (Dropout's: test_dropout.)"""

from functools import cache

import numpy as np
import pytest
from helpers import diabetes_split, run
from streamlit.testing.v1 import AppTest
from test_pages import ROOT, chart_rows, header

from regcore import PRESETS, Config, Fit, fit, replay
from ui.look import count, plain, score
from ui.pins import MOST
from ui.runs import store

DROPOUT, STOPPING = "pages/3_Dropout.py", "pages/4_Early_Stopping.py"
TOGETHER = "pages/5_All_Together.py"
MEMORIZE, PRINTED = PRESETS["memorize"], PRESETS["as printed"]
QUICK = {"all_epochs": "100", "width": "4"}
QUICK_CONFIG = Config(hidden_sizes=(4,), epochs=100, momentum=0.9)
ALL_KEYS = ("width", "depth", "all_seed", "all_epochs", "lr", "momentum", "all_rows", "all_batch")
ALL_KEYS += ("all_l2", "all_p", "stop_early", "all_patience", "all_delta")
KEYS = {
    DROPOUT: ("preset", "keep", "width", "batch"),
    STOPPING: ("patience", "min_delta", "preset", "width"),
    TOGETHER: ALL_KEYS,
}
HOSTILE = (
    "",
    "inf",
    "1e400",
    "text",
    "9" * 30,
    "-1",
    "nan",
    "[]",
    ["1", "text"],
    "<b>",
    "1; import os",
)


def opened(path: str, **link: object) -> AppTest:
    """The page as a link with these settings opens it."""
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=180)
    app.switch_page(path)
    for key, value in link.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def accuracies(found: Fit, epoch: int | None = None, part: str = "test") -> list[str]:
    row = found.history.at(found.history.stopped_epoch if epoch is None else epoch)
    train, unseen = row["train_accuracy"], row[f"{part}_accuracy"]
    return [score(train), score(unseen), score(train - unseen)]


def sentence(app: AppTest, number: int) -> str:
    return app.get("vega_lite_chart")[number].proto.alt


def words(app: AppTest) -> str:
    """All that the page says, shows in tables and draws, as one text."""
    said = [*app.markdown, *app.caption, *app.metric, *app.info, *app.error, *app.header]
    texts = [" ".join(map(str, (e.value, getattr(e, "label", "")))) for e in said]
    texts += [frame.value.to_string() for frame in (*app.table, *app.dataframe)]
    drawn = [chart.proto for chart in app.get("vega_lite_chart")]
    return "\n".join(texts + [chart.spec + chart.alt for chart in drawn])


@pytest.mark.parametrize("path", [DROPOUT, STOPPING, TOGETHER])
def test_every_chart_has_a_sentence_and_a_table_twin(path: str) -> None:
    app = opened(path)
    drawn = app.get("vega_lite_chart")
    assert drawn
    assert len(app.dataframe) == len(drawn)
    texts = [text.value for text in app.markdown]
    for chart in drawn:
        assert len(chart.proto.alt) > 40
        assert f":small[{plain(chart.proto.alt)}]" in texts


@cache
def by_default(path: str) -> tuple[list[str], str]:
    app = opened(path)
    return header(app), words(app)


@pytest.mark.parametrize(
    ("path", "value"),
    [(TOGETHER, value) for value in HOSTILE]
    + [(path, value) for path in (DROPOUT, STOPPING) for value in ("text", "-1", "nan")],
    ids=lambda value: str(value)[:14],
)
def test_a_link_with_hostile_values_opens_the_page_as_it_is_by_default(path, value) -> None:
    app = opened(path, **dict.fromkeys(KEYS[path], value))
    assert (header(app), words(app)) == by_default(path)


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: str(value)[:8])
def test_a_hostile_link_does_not_reach_the_settings_that_are_folded_away(value) -> None:
    folded = {"all_rows": "false", "stop_early": "true", **QUICK}
    hostile = dict.fromkeys(("all_batch", "all_patience", "all_delta"), value)
    app = opened(TOGETHER, **folded, **hostile)
    found = run(QUICK_CONFIG.but(batch_size=64, patience=50), 0.2)
    assert header(app) == accuracies(found, found.kept_epoch, "validation")


# ---- Early stopping


@pytest.mark.parametrize(("patience", "min_delta"), [(1, 0.0), (20, 0.0), (300, 0.05), (300, 0.0)])
def test_early_stopping_replays_the_rule_and_trains_nothing(patience, min_delta) -> None:
    app, history = opened(STOPPING), run(MEMORIZE, 0.2).history
    before = store().computed
    app.slider(key="patience").set_value(patience)
    app = app.select_slider(key="min_delta").set_value(min_delta).run()
    assert not app.exception
    assert store().computed == before
    stop = replay(history.validation_loss, patience, min_delta)
    assert header(app) == accuracies(run(MEMORIZE, 0.2), stop.best)
    table = app.table[0].value
    stopped = stop.stopped == stop.best + patience
    assert stopped is (stop.stopped < 5000)
    for row, epoch in enumerate((stop.best, stop.stopped, 5000) if stopped else (stop.best, 5000)):
        at, shown = history.at(epoch), table.loc[row]
        assert f"(epoch {count(epoch)})" in shown["setting"]
        for part, name in (("train", "training"), ("validation",) * 2, ("test",) * 2):
            assert shown[name] == score(at[f"{part}_accuracy"])
            assert shown[f"{name} loss"] == score(at[f"{part}_loss"])
    said, losses = words(app), history.validation_loss
    seen, rest = losses[: stop.stopped + 1].min(), losses[stop.stopped + 1 :].min()
    assert f"the rule counts is at epoch {count(stop.best)}, to a validation loss" in said
    assert f"it stops {patience} epochs later, at {count(stop.stopped)}." in said
    assert f"The rule saves {count(5000 - stop.stopped)} of 5,000 epochs." in said
    assert ("ignored a lower loss" in said) is bool(seen < losses[stop.best])
    assert ("Waiting longer would have brought nothing" in said) is bool(rest >= seen)
    assert rest >= seen or f"would have brought {score(rest)}, at epoch" in said


def test_a_rule_that_never_stops_the_run_does_not_claim_to() -> None:
    app = opened(STOPPING, preset="As printed", patience="300")
    losses = run(PRINTED, 0.2).history.validation_loss
    stop = replay(losses, 300)
    assert stop.stopped == 2000 < stop.best + 300
    assert "The rule never stops this run" in words(app)
    assert len(app.table[0].value) == 2


def test_early_stopping_shows_the_weights_of_training_that_stops_for_real() -> None:
    real = fit(diabetes_split(0.2), MEMORIZE.but(patience=20))
    end = run(MEMORIZE, 0.2)
    sizes = [score(np.abs(found.params[0]).mean()) for found in (real, end)]
    said = words(opened(STOPPING))
    assert f"the mean size of W1 is {sizes[0]} at the best epoch and {sizes[1]} at the end" in said


@pytest.mark.parametrize("width", [1, 128])
def test_early_stopping_takes_another_long_run(width: int) -> None:
    found = run(PRINTED.but(hidden_sizes=(width,)), 0.2)
    app = opened(STOPPING, preset="As printed", width=str(width))
    assert header(app) == accuracies(found, replay(found.history.validation_loss, 20).best)


# ---- All together


def test_all_together_tunes_on_validation_patients_and_says_nothing_of_the_test() -> None:
    app, found = opened(TOGETHER), run(MEMORIZE, 0.2)
    assert [m.label for m in app.metric] == ["Training accuracy", "Validation accuracy", "Gap"]
    assert header(app) == accuracies(found, part="validation")
    app = app.button(key="pin").click().run()
    said = words(app)
    assert "opened **never**" in said
    for silence in ("test accuracy", "test loss", "test:", score(found.history.test_accuracy[-1])):
        assert silence not in said.lower()
    rows = chart_rows(app, 0)
    assert set(rows["part"]) == {"training", "validation"}
    assert int(np.argmin(found.history.test_loss)) not in set(rows["epoch"])
    assert not [c for frame in (*app.table, *app.dataframe) for c in frame.value if "test" in c]


def test_opening_the_test_set_is_counted_and_shows_what_the_score_flattered() -> None:
    app = opened(TOGETHER, **(QUICK | {"all_epochs": "1000", "stop_early": "true"}))
    found = run(QUICK_CONFIG.but(epochs=1000, patience=50), 0.2)
    assert found.kept_epoch == found.history.stopped_epoch - 50 < 950
    row = found.history.at(found.kept_epoch)
    validation, test = row["validation_accuracy"], row["test_accuracy"]
    assert header(app) == accuracies(found, found.kept_epoch, "validation")
    luck = (validation * (1 - validation) / 116 + test * (1 - test) / 192) ** 0.5
    for _ in range(2):  # to look again at what is open is no second look
        app = app.button(key="open_test").click().run()
        said = words(app)
        assert "opened **once**" in said
        assert "The test set is open" in said
        assert f"validation accuracy {score(validation)}, test accuracy **{score(test)}**" in said
        assert f"flattered it by {score(validation - test)};" in said
        assert f"luck alone moves this by about ±{score(luck)}." in said
    app = app.slider(key="width").set_value(5).run()  # another run, into which nobody looked
    assert "opened **once**" in words(app)
    assert "test accuracy" not in words(app)
    app = app.button(key="open_test").click().run()
    assert "opened **2 times**" in words(app)


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
def test_a_link_opens_all_together_with_these_settings_up_to_their_ends(link, changes) -> None:
    found = run(QUICK_CONFIG.but(**changes), 0.2)
    app = opened(TOGETHER, **(QUICK | link))
    assert header(app) == accuracies(found, found.kept_epoch, "validation")
    losses = chart_rows(app, 0).groupby("part")["value"].last()
    assert losses["training"] == found.history.train_loss[-1]
    assert losses["validation"] == found.history.validation_loss[-1]


def test_settings_that_no_run_can_have_become_one_sentence() -> None:
    app = opened(TOGETHER, lr="1000", all_l2="1")
    (error,) = app.error
    assert error.value.startswith("lr * l2 is 1000 * 1 = 1000; it must be below 1")
    assert not app.metric
    app = pin(app.select_slider(key="lr").set_value(0.1).run(), "kept")
    app = app.select_slider(key="lr").set_value(1000.0).run()
    assert app.table[0].value["setting"].tolist() == ["kept"]  # a wrong setting loses no pin


def pin(app: AppTest, name: str) -> AppTest:
    app.text_input(key="new").set_value(name)
    return app.button(key="pin").click().run()


def test_pinned_runs_are_compared_renamed_and_removed() -> None:
    app = pin(opened(TOGETHER, **QUICK), "plain")
    app = pin(app.select_slider(key="all_l2").set_value(0.05).run(), "tamed")
    pair = {"plain": run(QUICK_CONFIG, 0.2), "tamed": run(QUICK_CONFIG.but(l2=0.05), 0.2)}
    scores, settings = (table.value.set_index("setting") for table in app.table)
    for name, found in pair.items():
        assert scores.loc[name, ["training", "validation", "gap"]].tolist() == accuracies(
            found, part="validation"
        )
    assert settings.loc["**l2**"].tolist() == ["**0**", "**0.05**"]
    assert [name for name in settings.index if "*" in name] == ["**l2**"]
    ends = chart_rows(app, 0).groupby("run")["value"].last()
    assert dict(ends) == {name: found.history.validation_loss[-1] for name, found in pair.items()}
    assert not app.info

    app = pin(app.slider(key="all_p").set_value(0.5).run(), "both")
    (notice,) = app.info
    assert notice.value.startswith("“plain” and “both” differ in l2, dropout. Where two runs")
    (field,) = (field for field in app.text_input if field.label == "Name of run 2")
    app = field.set_value(" tamed").run()  # cleaned it is the old name, and nothing loops
    assert app.table[0].value["setting"].tolist() == ["plain", "tamed", "both"]
    app = field.set_value("plain").run()
    assert app.table[0].value["setting"].tolist() == ["plain", "plain 2", "both"]
    app = next(button for button in app.button if button.label == "Remove").click().run()
    assert app.table[0].value["setting"].tolist() == ["plain 2", "both"]
    assert not app.exception
    assert not app.info


def test_there_is_no_button_to_pin_more_runs_than_there_is_room_for() -> None:
    app = opened(TOGETHER, **QUICK)
    for number in range(MOST):
        assert not app.button(key="pin").disabled
        app = pin(app, f"run {number}")
    assert app.button(key="pin").disabled
    assert app.table[0].value["setting"].tolist() == [f"run {n}" for n in range(MOST)]
