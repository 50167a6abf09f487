"""Is it real? on the pages: the figures are those of the study, and stopping loses nothing."""

import re
from collections import deque
from itertools import count
from time import sleep

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from regcore import PRESETS, make_two_moons
from regcore.experiments.comparison import Difference, compare
from regcore.experiments.cross_validation import best, cross_validate, optimism
from regcore.experiments.outcome import train_outcome
from regcore.experiments.study import Plan, run_study
from tests.support.apps import finished, opened, words
from tests.support.own import QUICK, own
from ui.data.spec import NOISE, DataSpec, split_of
from ui.sections import model_selection
from ui.sections.studies import repeated_splits, significance
from ui.text import score, signed
from ui.training import background, cache, speed
from ui.training.cache import SHARED, Cache
from ui.training.trouble import NO_MEMORY

pytestmark = pytest.mark.slow

MOONS = DataSpec(dataset="two moons", noise=NOISE)
PAGES = {
    "overfitting": "pages/1_Overfitting.py",
    "l2": "pages/2_L2.py",
    "dropout": "pages/3_Dropout.py",
    "early_stopping": "pages/4_Early_Stopping.py",
}

REAL = {"open_real": "true"}


def page(name: str, **link) -> AppTest:
    folds = {"open_real": "true", "open_choosing": "true"} if name == "l2" else REAL
    return opened(PAGES[name], data="Two moons", width=2, **QUICK, **folds, **link)


def pressed(app: AppTest, key: str, splits: int = 10) -> AppTest:
    app.slider(key=f"{key}_splits").set_value(splits).run()
    return finished(app.button(key=f"{key}_go").click().run(), key)


def verdicts(app: AppTest) -> list[list[str]]:
    table = next(t.value for t in app.table if "verdict" in t.value)
    return table.to_numpy().tolist()


PLAIN = PRESETS["as printed"].but(hidden_sizes=(2,))
PLANS = {
    "overfitting": Plan((PLAIN.but(hidden_sizes=(4,)), PLAIN), 10),
    "l2": Plan((PLAIN, PLAIN.but(l2=0.05)), 10),
    "dropout": Plan((PLAIN, PLAIN.but(dropout=0.2)), 10),
    "early_stopping": Plan(
        (PLAIN, PLAIN.but(patience=50)), 10, validation_size=0.2, train_rows=120
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_repeats_its_own_comparison(name):
    app = page(name)
    assert not [t for t in app.table if "verdict" in t.value]
    app = pressed(app, f"real_{name}")
    *_, study = run_study(make_two_moons(NOISE), PLANS[name])
    scores = compare(study, 1, 0)
    assert [row[0] for row in verdicts(app)] == ["test accuracy", "test loss", "gap"]
    for row, found in zip(verdicts(app), scores.values(), strict=True):
        ends = f"{signed(found.low)} to {signed(found.high)}"
        counts = f"{found.wins} / {found.losses} / {found.ties}"
        assert row[1:] == [signed(found.mean), ends, counts, found.verdict]
    assert "over 10 splits" in words(app)
    gains = study.scores(1, "test_accuracy") - study.scores(0, "test_accuracy")
    told = next(c.proto.alt for c in app.get("vega_lite_chart") if "split by split" in c.proto.alt)
    here = float(told.split("this page gave ")[1].split(":")[0].replace("−", "-"))
    below, above = (int(n) for n in re.findall(r"(\d+) (?:splits? )?gave (?:less|more)", told))
    assert below + above == (np.abs(gains - here) > 0.0006).sum()


def test_a_known_study_stays_until_there_is_one_of_more_splits(monkeypatch):
    monkeypatch.setattr(cache, "SHARED", Cache(10**7))
    app = pressed(page("dropout"), "real_dropout")
    known = verdicts(app)
    app.slider(key="real_dropout_splits").set_value(30).run()
    assert verdicts(app) == known
    assert "over 10 splits" in words(app)
    assert "real_dropout_go" in buttons(app)


def test_a_stopped_run_stays_at_its_final_loss():
    *_, study = run_study(make_two_moons(NOISE), PLANS["early_stopping"])
    table = significance.ribbons(study, ["never", "stopped"])
    end = table[table["run"] == "stopped"].iloc[-1]
    assert end["epoch"] == 2000
    assert end["value"] == np.median(study.scores(1, "test_loss"))


@pytest.mark.parametrize(
    ("mean", "word", "says"),
    [
        (0.02, "better", "raises test accuracy by 0.020"),
        (-0.141, "worse", "lowers test accuracy by 0.141"),
        (-0.01, "cannot tell", "The mean difference in test accuracy is −0.010"),
    ],
)
def test_the_verdict_is_a_sentence_without_a_double_negative(mean, word, says):
    assert says in significance.verdict(Difference(mean, -0.2, 0.3, 1, 2, 3, word), "it", 6)


def buttons(app: AppTest) -> list[str]:
    return [button.key for button in app.button]


def test_finished_repeats_are_kept_after_a_stop(monkeypatch):
    calls = count()

    def halting(split, config, watch):
        while next(calls) >= 6:
            watch(0, 1)
            sleep(0.01)
        return train_outcome(split, config, watch)

    fresh = Cache(10**7)
    monkeypatch.setattr(cache, "SHARED", fresh)
    app = page("l2", l2=0.1)
    before = fresh.computed
    app.slider(key="real_l2_splits").set_value(10).run()
    with monkeypatch.context() as patch:
        patch.setattr(repeated_splits, "train_outcome", halting)
        app.button(key="real_l2_go").click().run()
        while fresh.computed < before + 6:
            sleep(0.01)
        app.run()
        assert app.get("progress")[0].proto.text.startswith("3 of 10 splits")
        app.button(key="real_l2_stop").click().run()
    assert "3 of 10 splits: test accuracy higher on" in words(app)
    assert "over 3 splits" in words(app)
    app = finished(app.button(key="real_l2_go").click().run(), "real_l2")
    assert fresh.computed == before + 20  # those of three splits were not trained again
    assert "over 10 splits" in words(app)
    assert not {"real_l2_go", "real_l2_stop"} & set(buttons(app))


def test_another_comparison_stops_the_study(monkeypatch):
    def endless(split, config, watch):
        while True:
            watch(0, 1)
            sleep(0.01)

    # the new run waits for the only thread, which the study has until nobody looks at it
    monkeypatch.setattr(background, "UNSEEN_SECONDS", 5.0)
    monkeypatch.setattr(cache, "SHARED", Cache(10**7))
    app = page("l2", l2=0.1)
    with monkeypatch.context() as patch:
        patch.setattr(repeated_splits, "train_outcome", endless)
        app.button(key="real_l2_go").click().run()
        study = app.session_state["background"]["real_l2"]
        app.run()  # any other control
        assert study.is_running
        app.select_slider(key="l2").set_value(0.2).run()
    assert not study.is_running
    assert "real_l2_go" in buttons(app)


def test_a_machine_that_fails_is_explained(monkeypatch):
    def fails(split, config, watch):
        raise MemoryError

    monkeypatch.setattr(cache, "SHARED", Cache(10**7))
    app = page("l2", l2=0.1)
    with monkeypatch.context() as patch:
        patch.setattr(repeated_splits, "train_outcome", fails)
        app = finished(app.button(key="real_l2_go").click().run(), "real_l2")
    assert [error.value for error in app.error] == [NO_MEMORY]
    app = finished(app.button(key="real_l2_go").click().run(), "real_l2")
    assert not app.error
    assert verdicts(app)


def test_the_button_says_what_the_study_will_take(monkeypatch):
    monkeypatch.setattr(cache, "SHARED", Cache(10**7))
    app = page("l2", l2=0.01)
    monkeypatch.setattr(speed, "_slowness", deque())
    assert app.run().button(key="real_l2_go").label == "Repeat over 20 splits"
    effort = speed.effort(split_of(MOONS), PLAIN)
    monkeypatch.setattr(speed, "_slowness", deque([1.0 / effort]))
    assert app.run().button(key="real_l2_go").label == "Repeat over 20 splits: about 40 s"


def test_repeats_are_shared_between_visitors():
    pressed(page("l2", l2=0.2), "real_l2")
    before = SHARED.computed
    other = page("l2", l2=0.2)
    other.slider(key="real_l2_splits").set_value(10).run()
    assert verdicts(other)  # at once, without a press
    assert SHARED.computed == before


def test_repeats_on_an_uploaded_table_stay_with_it():
    app = own("pages/2_L2.py", width=2, **REAL)
    before = SHARED.computed
    app = pressed(app, "real_l2")
    assert verdicts(app)
    assert SHARED.computed == before
    kept = app.session_state["own"].kept["cache"]._values
    assert sum(key[0] == "outcome" for key in kept) == 20


def test_all_together_waits_until_the_test_set_is_open():
    app = opened("pages/5_All_Together.py", data="Two moons", width=2)
    app.button(key="pin").click().run()
    app.toggle(key="use_l2").set_value(True).run()
    assert "so open this one first" in words(app)
    assert "real_together_go" not in [button.key for button in app.button]
    app.button(key="open_test").click().run()
    app.session_state["open_real"] = True
    app.run()
    assert verdicts(pressed(app, "real_together"))
    app.selectbox(key="data").set_value("Diabetes").run()
    assert "The test set is sealed" in words(app)  # that of the other table was opened


def opened_fold(app: AppTest, key: str) -> AppTest:
    assert key.replace("open", "go") not in buttons(app)
    app.session_state[key] = True
    return app.run()


@pytest.fixture
def few(monkeypatch):
    """Two strengths and three folds: enough to compare with regcore, and quick."""
    monkeypatch.setattr(model_selection, "STRENGTHS", (0.0, 0.05))
    monkeypatch.setattr(model_selection, "FOLDS", 3)
    return tuple(PRESETS["as printed"].but(l2=l2) for l2 in model_selection.STRENGTHS)


def test_folds_choose_as_the_study_says(few):
    app = opened_fold(page("l2"), "folds_open")
    app = finished(app.button(key="folds_go").click().run(), "folds")
    study = cross_validate(make_two_moons(NOISE), few, 3)
    chosen = best(study)
    mean = study.scores(chosen, "validation_loss").mean()
    l2 = f"{model_selection.STRENGTHS[chosen]:g}"
    said = f"chooses λ = {l2}, with a validation loss of {score(mean)}"
    assert said in words(app)


def test_the_optimism_of_a_choice_is_measured(few):
    app = pressed(opened_fold(page("l2"), "optimism_open"), "optimism")
    *_, study = run_study(make_two_moons(NOISE), Plan(few, 10, validation_size=0.2))
    found = optimism(study, model_selection.STRENGTHS.index(model_selection.FIXED_L2))
    said = f"is {signed(float(np.mean(found.chosen)))} on average for the chosen"
    assert said in words(app)
