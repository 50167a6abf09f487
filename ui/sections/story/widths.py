"""A sweep over the width of the hidden layer: from underfitting to memorizing."""

from regcore import PRESETS, Fit
from ui import charts, controls
from ui.charts import figure, frames
from ui.charts.frames import scores
from ui.data import chosen
from ui.glossary import say
from ui.text import stated
from ui.theme import ACCURACY
from ui.training import progress, runs

PARTS = ("training", "test")


def show(baseline: float, n_test: int) -> None:
    """Sweep over the width, with a preset of its own."""
    say(
        "Few units **underfit**: they cannot even fit the training examples. Many units "
        "**memorize** them, and the two lines drift apart. Does test accuracy improve, or only the "
        f"gap? One test {chosen.row()} is worth {stated(1 / n_test)}, so small differences mean "
        "little. The next page keeps the capacity and tames it."
    )
    base = PRESETS[controls.preset("widths_preset", sets_all=False)]
    with progress.bar(f"Training {len(controls.WIDTHS)} networks") as report:
        configs = [base.but(hidden_sizes=(width,)) for width in controls.WIDTHS]
        swept = runs.train([runs.Request(chosen.spec(), config) for config in configs], report)
    _draw(swept, baseline)


def _draw(swept: list[Fit], baseline: float) -> None:
    """Both accuracies over the width of the hidden layer."""
    small, large = (scores(run.history) for run in (swept[0], swept[-1]))
    lines = frames.sweep_lines(controls.WIDTHS, swept, "accuracy", PARTS)
    figure(
        charts.sweep(lines, "units in the hidden layer", ACCURACY, baseline=baseline),
        f"With 1 unit training accuracy only reaches {stated(small['training'])}, test accuracy "
        f"{stated(small['test'])}; with 256 units they are {stated(large['training'])} and "
        f"{stated(large['test'])}. The gap goes from {stated(small['gap'])} to "
        f"{stated(large['gap'])}.",
        frames.sweep_table("units", controls.WIDTHS, swept, PARTS),
    )
