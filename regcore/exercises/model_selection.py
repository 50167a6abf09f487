"""Task 7: choose λ without touching the test set."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from regcore.exercises import reference_runs
from regcore.exercises.grading import AnswerError, Task, call, entries, graded, number

Row = Mapping[str, float]
Sweep = Sequence[Row]
TITLE = "Choose λ with the test set closed"

TEXT = """
A sweep has been run. Every row has a λ, called `l2`, and the final **loss** and **accuracy** on the
training, validation and test patients. Choose λ by the rule that you could defend to a doctor: the
lowest loss on the set that is meant for choosing.
"""

STARTER = '''def choose_l2(sweep):
    """sweep: a list of dicts with the keys l2, train_loss, validation_loss, test_loss,
    train_accuracy, validation_accuracy and test_accuracy. Return the l2 of one of them."""
    # your code here
    return None
'''

HINTS = (
    "Three sets, three jobs: one to fit the weights, one to choose λ, one for the final score.",
    "A set that was used to choose cannot also give the final score: it is too optimistic.",
    "Take the row with the smallest `validation_loss`: `min(sweep, key=lambda row: ...)`, and "
    "return its `l2`.",
)

SOLUTION = '''def choose_l2(sweep):
    """The l2 of the row with the lowest validation loss."""
    return min(sweep, key=lambda row: row["validation_loss"])["l2"]
'''


def _lowest(score: Callable[[Row], float]) -> Callable[[Sweep], float]:
    return lambda sweep: min(sweep, key=score)["l2"]


MISTAKES = {  # a sentence for the learner -> the rule with this mistake
    "This has the lowest test loss. Then no data are left to tell how good the choice is.": _lowest(
        lambda row: row["test_loss"]
    ),
    "This has the highest test accuracy. "
    "Then no data are left to tell how good the choice is.": _lowest(
        lambda row: -row["test_accuracy"]
    ),
    "This has the lowest training loss, "
    "which always prefers the network that memorizes most.": _lowest(lambda row: row["train_loss"]),
    "This has the highest training accuracy, "
    "which always prefers the network that memorizes.": _lowest(lambda row: -row["train_accuracy"]),
    "This has the smallest gap to the test accuracy. Never use the test set to choose; besides, "
    "a network that learns nothing has no gap.": _lowest(
        lambda row: row["train_accuracy"] - row["test_accuracy"]
    ),
    "This has the highest validation accuracy: the right set, but a single patient can decide. "
    "The loss also counts how confident the network is.": _lowest(
        lambda row: -row["validation_accuracy"]
    ),
    "This has the highest validation loss.": _lowest(lambda row: -row["validation_loss"]),
    "This λ is the largest, whatever the losses are.": _lowest(lambda row: -row["l2"]),
    "This λ is the smallest, whatever the losses are.": _lowest(lambda row: row["l2"]),
}


@graded
def check(answer: Any) -> str:
    """`answer` is a function choose_l2(sweep), or {"l2": λ}, chosen in the real sweep."""
    if not callable(answer):
        (l2,) = entries(answer, ("l2",), "answer")
        chosen = number("Your λ", l2)
        return _judge([list(reference_runs.sweep())], lambda sweep: chosen)
    rng = np.random.default_rng()
    sweeps: list[Sweep] = [list(reference_runs.sweep()), *(_random_sweep(rng) for _ in range(12))]
    praise = _judge(sweeps, answer)
    _check_ignores_test(sweeps, answer)
    return praise


def _judge(sweeps: list[Sweep], choose: Any) -> str:
    chosen = [_chosen(choose, sweep) for sweep in sweeps]
    pairs = zip(chosen, sweeps, strict=True)
    if any(l2 not in [row["l2"] for row in sweep] for l2, sweep in pairs):
        raise AnswerError("The λ that you return is not in the sweep.")
    for sentence, rule in MISTAKES.items():
        if chosen == [rule(sweep) for sweep in sweeps]:
            raise AnswerError(sentence)
    if chosen != [_lowest(lambda row: row["validation_loss"])(sweep) for sweep in sweeps]:
        raise AnswerError("Another row of the sweep has a lower loss where it counts.")
    best = next(row for row in reference_runs.sweep() if row["l2"] == chosen[0])
    return (
        f"Correct: λ = {chosen[0]:g} has the lowest validation loss. Only now is the test set "
        f"opened, once: its accuracy is {best['test_accuracy']:.3f}. Another λ would have scored "
        "higher on it, but choosing that one would have been luck."
    )


def _random_sweep(rng: np.random.Generator) -> Sweep:
    """A sweep whose six scores rank its rows independently."""
    rows = [dict.fromkeys(reference_runs.SCORES, 0.0) for _ in range(6)]
    for name in reference_runs.SCORES:
        for row, value in zip(rows, rng.permutation(6), strict=True):
            row[name] = round(0.4 + 0.05 * float(value) + 0.01 * float(rng.random()), 4)
    scale = sorted(float(value) for value in 10.0 ** rng.uniform(-4, 0, 6))
    return [{"l2": l2, **row} for l2, row in zip(scale, rows, strict=True)]


def _check_ignores_test(sweeps: list[Sweep], choose: Any) -> None:
    """Raise AnswerError if other test scores change the choice."""
    for sweep in sweeps:
        others = [{**r, "test_loss": r["l2"], "test_accuracy": 1.0 - r["l2"]} for r in sweep]
        if _chosen(choose, others) != _chosen(choose, sweep):
            raise AnswerError("The choice changes when only the test scores change.")


def _chosen(choose: Any, sweep: Sweep) -> float:
    return number("The λ that you return", call(choose, [dict(row) for row in sweep]))


TASK = Task("model-selection", 7, TITLE, "l2", TEXT, STARTER, HINTS, SOLUTION, check)
