"""Is it real? on the pages: what is shown is what the study says, and stopping loses nothing."""

from itertools import islice

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from regcore import PRESETS, load_breast_cancer, make_two_moons
from regcore.comparison import compare
from regcore.selection import best, cross_validate, optimism
from regcore.study import Plan, run_study
from tests.apps import opened, words
from tests.test_own_data import own
from ui import choosing, repeats, runs
from ui.look import score, signed

MOONS = runs.Data(dataset="two moons", noise=0.2)
PAGES = {
    "overfitting": "pages/1_Overfitting.py",
    "l2": "pages/2_L2.py",
    "dropout": "pages/3_Dropout.py",
    "early_stopping": "pages/4_Early_Stopping.py",
}


def page(name: str, **link) -> AppTest:
    return opened(PAGES[name], data="Two moons", preset="as printed", width=2, **link)


def pressed(app: AppTest, key: str, splits: int = 10) -> AppTest:
    app.slider(key=f"{key}_splits").set_value(splits).run()
    app.button(key=f"{key}_go").click().run()
    assert not app.exception
    return app


def verdicts(app: AppTest) -> list[list[str]]:
    table = next(t.value for t in app.table if "verdict" in t.value)
    return table.to_numpy().tolist()


@pytest.mark.parametrize("name", PAGES)
def test_every_page_repeats_its_own_comparison(name):
    app = page(name)
    assert not [t for t in app.table if "verdict" in t.value]
    app = pressed(app, f"real_{name}")
    assert [row[0] for row in verdicts(app)] == ["test accuracy", "test loss", "gap"]
    assert "over 10 splits" in words(app)


def test_the_figures_are_those_of_the_study():
    app = pressed(page("l2"), "real_l2")
    plain = PRESETS["as printed"].but(hidden_sizes=(2,))
    plan = Plan((plain, plain.but(l2=0.05)), 10)
    *_, study = run_study(make_two_moons(0.2), plan)
    for row, found in zip(verdicts(app), compare(study, 1, 0).values(), strict=True):
        ends = f"{signed(found.low)} to {signed(found.high)}"
        counts = f"{found.wins} / {found.losses} / {found.ties}"
        assert row[1:] == [signed(found.mean), ends, counts, found.verdict]


def test_what_has_come_in_is_kept_and_shown_as_such(monkeypatch):
    def interrupted(*args):
        yield from islice(run_study(*args), 3)
        st.stop()  # as a click does

    app = page("l2", l2=0.1)
    with monkeypatch.context() as patch:
        patch.setattr(repeats, "run_study", interrupted)
        app = pressed(app, "real_l2")
    app.run()
    assert "Stopped: 3 of 10 splits have come in" in app.info[0].value
    assert "over 3 splits" in words(app)
    asked = []
    monkeypatch.setattr(repeats, "run_study", lambda *a: asked.append(len(a[-1])) or run_study(*a))
    app.button(key="real_l2_go").click().run()
    assert asked == [6]  # two runs of each of three splits were not trained again
    assert not app.info
    assert "over 10 splits" in words(app)


def test_what_one_visitor_repeated_the_next_one_need_not(monkeypatch):
    pressed(page("l2", l2=0.2), "real_l2")
    monkeypatch.setattr("regcore.tasks.fill", lambda *a: pytest.fail("trained again"))
    assert verdicts(pressed(page("l2", l2=0.2), "real_l2"))


def test_repeats_on_a_table_of_ones_own_stay_with_it():
    app = own("pages/2_L2.py", width=2)
    before = len(repeats._shared())
    app = pressed(app, "real_l2")
    assert verdicts(app)
    assert len(repeats._shared()) == before
    assert len(app.session_state["own"].studies) == 1


def test_all_together_waits_until_the_test_set_is_open():
    app = opened("pages/5_All_Together.py", data="Two moons", width=2)
    app.button(key="pin").click().run()
    app.select_slider(key="all_l2").set_value(0.05).run()
    assert "they wait until you have opened this one" in words(app)
    assert "real_together_go" not in [button.key for button in app.button]
    app.button(key="open_test").click().run()
    assert app.button(key="real_together_go")


def test_folds_choose_as_the_study_says():
    app = opened(
        "pages/2_L2.py",
        data="Breast cancer",
        preset="as printed",
        width=2,
        lambdas_preset="as printed",
    )
    app.button(key="folds_go").click().run()
    configs = [PRESETS["as printed"].but(l2=l2) for l2 in choosing.LAMBDAS]
    study = cross_validate(load_breast_cancer(), configs)
    chosen = best(study)
    mean = study.scores(chosen, "validation_loss").mean()
    assert f"chooses λ = {choosing.LAMBDAS[chosen]:g}, with a validation loss of {score(mean)}" in (
        words(app)
    )


def test_the_optimism_of_a_choice_is_measured():
    app = page("l2", lambdas_preset="as printed")
    app = pressed(app, "optimism")
    configs = tuple(PRESETS["as printed"].but(l2=l2) for l2 in choosing.LAMBDAS)
    *_, study = run_study(make_two_moons(0.2), Plan(configs, 10, validation_size=0.2))
    found = optimism(study, choosing.LAMBDAS.index(choosing.FIXED))
    assert f"by {signed(float(np.mean(found.chosen)))} in loss" in words(app)
