"""Sure and wrong: its figures are those of regcore, and its sentences follow them on any data."""

import pytest

from regcore import PRESETS, fit
from regcore.experiments.calibration import GRID, best_temperature, confidence, loss, reliability
from regcore.nn.network import logits
from regcore.training.history import Figure
from tests.pages.expected import OVERFITTING
from tests.support.apps import chart_rows, opened, words
from tests.support.helpers import diabetes_split
from ui.charts.player import log_steps
from ui.data.spec import DataSpec, split_of
from ui.sections.why.confidence import AS_TRAINED, MOMENTS, taken_back, with_validation
from ui.text import score

SHORT = 300  # epochs


def section(**link: object):
    return opened(OVERFITTING, open_confidence="true", epochs_memorize=SHORT, **link)


def test_every_figure_is_that_of_a_run_with_a_fifth_set_aside() -> None:
    parts, epochs = diabetes_split(0.2), log_steps(SHORT, MOMENTS)
    run = fit(parts, PRESETS["memorize"].but(hidden_sizes=(8,), epochs=SHORT), keep=epochs)
    app = section(width=8)
    table, (z, unseen) = (
        app.table[-1].value.set_index("setting"),
        (logits(part.X, run.params) for part in (parts.test, parts.validation)),
    )
    T, right = best_temperature(unseen, parts.validation.y), run.history.test_accuracy[-1]
    for name, at in ((f"Epoch {SHORT}", 1.0), (f"Epoch {SHORT}, T = {T:.3g}", T)):
        expected = [right, confidence(z, at), loss(z, parts.test.y, at)]
        assert table.loc[name].tolist() == [score(value) for value in expected]
    bins, found = chart_rows(app, -1), reliability(z, parts.test.y)
    last = bins[bins["number"] == len(epochs)]
    assert last["observed"].tolist() == found.observed.tolist()
    assert last[f"t{AS_TRAINED}"].tolist() == pytest.approx(found.predicted, abs=1e-4)
    cooled = reliability(z, parts.test.y, temperature=T).predicted
    assert last["t0"].tolist() == pytest.approx(cooled, abs=1e-4)
    assert f"and {score(right)} of the answers are right" in words(app)


def test_the_slider_has_the_temperature_1() -> None:
    assert GRID[AS_TRAINED - 1] == 1.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("link", "says"),
    [
        ({"data": "Two moons"}, "chosen on the validation points"),
        ({"data": "Breast cancer"}, "chosen on the validation tumors"),
        ({"flipped": 30}, "chosen on the validation patients"),
        ({"rows": 20}, "the network is overconfident"),
        ({"lr": 0.001}, "The test loss hardly rises in this run"),
        ({"lr": 1000}, "the last one shown before training diverges"),
    ],
)
def test_its_sentences_follow_the_data_and_the_settings(link: dict, says: str) -> None:
    assert says in words(section(width=8, **link))


def test_it_says_how_much_of_the_rise_a_temperature_takes_back() -> None:
    assert "hardly rises" in taken_back(0.5, 0.505, 0.4)
    assert "undoes none of it" in taken_back(0.5, 0.9, 0.95)
    assert "undoes 0.100; the rest" in taken_back(0.5, 0.9, 0.8)
    assert "undoes 0.300: most" in taken_back(0.5, 0.9, 0.6)
    assert "undoes all of it" in taken_back(0.5, 0.9, 0.45)
    assert "Rounding decides" in taken_back(0.5, Figure(90.0, 20.0), 0.6)


def test_it_trains_on_no_more_rows_than_the_page() -> None:
    assert with_validation(DataSpec()).train_rows is None
    assert len(split_of(with_validation(DataSpec(train_rows=100))).train) == 100
    assert len(split_of(with_validation(DataSpec(train_rows=570))).train) == 460
