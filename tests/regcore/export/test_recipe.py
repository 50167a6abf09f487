"""What a recipe says of a run: how exact it is, its batches, and where a diverged run ends."""

import json

import numpy as np

from regcore import Config, fit, load_diabetes
from regcore.export.notebook import notebook
from regcore.export.recipe import AMPLIFIED, EXACT, Recipe
from regcore.export.tables import bundled
from regcore.training.sensitivity import with_spread
from tests.support.helpers import diabetes_split


def recipe(config: Config, nudge: float | None = None) -> Recipe:
    run = fit(diabetes_split(), config)
    if nudge is not None:
        run = with_spread(run, fit(diabetes_split(), config, nudge=nudge))
    return Recipe("", config, bundled(load_diabetes()), 768, diabetes_split(), run.history)


def test_a_measured_spread_decides_how_exact_the_figures_are():
    deep = Config(hidden_sizes=(4, 4), epochs=5)
    assert recipe(Config(epochs=5)).exactness == EXACT
    assert recipe(deep).exactness == AMPLIFIED
    assert recipe(deep, nudge=1e-15).exactness == EXACT
    assert recipe(Config(epochs=400, lr=2.0), nudge=1e-3).exactness == AMPLIFIED


def test_a_batch_of_all_rows_is_none():
    assert recipe(Config(epochs=1, batch_size=575)).batch_size == 575
    assert recipe(Config(epochs=1, batch_size=576)).batch_size is None


def test_a_diverged_run_trains_as_long_as_its_loss_is_finite():
    found = recipe(Config((64, 64), lr=8.0, momentum=0.9, l2=0.02, epochs=500))
    assert found.history.stop_reason == "diverged"
    assert found.epochs == found.history.stopped_epoch < 500
    values = [v for scores in found.figures().values() for v in scores.values()]
    assert all(value is None or np.isfinite(value) for value in values)
    compile(_code(notebook(found)), "notebook", "exec")


def _code(text: str) -> str:
    cells = json.loads(text)["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
