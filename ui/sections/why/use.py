"""Which network would you use? The gap is not the goal: accuracy on new rows decides."""

from collections.abc import Sequence
from dataclasses import replace

from regcore import Fit, Split
from regcore.checks import Array
from regcore.experiments import paired
from regcore.experiments.comparison import direction
from ui.charts.frames import scores
from ui.sections import quiz, results
from ui.text import count, noise, stated
from ui.verdicts import LOSS_BAND

CLUE = (
    "The gap says how much a network memorizes. How many more answers must be right before you "
    "believe that it is not luck?"
)
UNKNOWN = ("", "", "")  # why it comes out as it does, until it is measured


def measured(pair: Sequence[Fit], split: Split) -> tuple[float, float, float]:
    """Return both test accuracies, and how far apart chance alone may put them."""
    right = [_right(run, split) for run in pair]
    first, second = (scores(run.history)["test"] for run in pair)
    return first, second, paired.chance(*right)


def explained(question: quiz.Which, pair: Sequence[Fit], split: Split, rows: str) -> quiz.Which:
    """Return the question with the reason for what was measured; `rows` are, say, patients."""
    return replace(question, why=(_why(question, pair, split, rows),) * 3)


def _why(question: quiz.Which, pair: Sequence[Fit], split: Split, rows: str) -> str:
    ends = [scores(run.history) for run in pair]
    *_, chance = measured(pair, split)
    change = ends[1]["test"] - ends[0]["test"]
    better = direction(change, max(chance, noise(change)))
    gaps = f"The gaps, {stated(ends[0]['gap'])} and {stated(ends[1]['gap'])}, do not decide."
    if not better:
        some = f"{count(len(split.test))} new {rows}"
        return (
            f"On {some} they differ by no more than chance allows. {gaps}{_loss(question, ends)} "
            "Many splits can tell more: see the fold “Is it real?”."
        )
    n, name = len(split.test), _begun(question.names[better > 0])
    # where rounding moves the number it is not worth saying
    more = f"{count(round(abs(change) * n))} more" if noise(change) < 0.5 / n else "more"
    return (
        f"{name} it is right on {more} of {count(n)} new {rows}, which is beyond chance. "
        f"{gaps}{_constant(ends[better > 0]['test'], split)}"
    )


def _loss(question: quiz.Which, ends: Sequence[results.Scores]) -> str:
    """Say which of two equally right networks has the lower test loss, if one has."""
    losses = [row["test loss"] for row in ends]
    change = losses[1] - losses[0]
    lower = direction(change, max(LOSS_BAND, noise(change)))
    if not lower:
        return ""
    name, low, high = _begun(question.names[lower < 0]), losses[lower < 0], losses[lower > 0]
    return f" {name} test loss is lower: {stated(low)}, not {stated(high)}."


def _constant(accuracy: float, split: Split) -> str:
    """Say so if the better network is right no more often than always the same answer."""
    one = results.majority(split.test)
    is_no_better = accuracy < one + 0.5 / len(split.test)
    return f" Yet always giving the same answer scores {stated(one)}." if is_no_better else ""


def _begun(name: str) -> str:
    return name[0].upper() + name[1:]


def _right(run: Fit, split: Split) -> Array:
    return ((run.predict_proba(split.test.X) > 0.5) == split.test.y).ravel()
