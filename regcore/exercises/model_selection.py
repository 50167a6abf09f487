"""Task 7: choose λ without touching the test set."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from regcore.exercises import reference_runs
from regcore.exercises.grading import AnswerError, Task, call, entries, graded, number

Row = Mapping[str, float]
Sweep = Sequence[Row]
SAME_L2 = 1e-3  # relative, as float16 rounds; the λ of a sweep differ by a tenth or more
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


RIGHT = _lowest(lambda row: row["validation_loss"])


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
    "λ = 0 is never chosen. Its row is a candidate like the others.": _lowest(
        lambda row: row["validation_loss"] if row["l2"] else np.inf
    ),
}


@graded
def check(answer: Any) -> str:
    """`answer` is a function choose_l2(sweep), or {"l2": λ}, chosen in the real sweep."""
    if not callable(answer):
        (l2,) = entries(answer, ("l2",), "answer")
        l2 = number("Your λ", l2)
        return _judge([list(reference_runs.sweep())], lambda sweep: l2)
    sweeps = draw(np.random.default_rng())
    praise = _judge(sweeps, answer)
    _check_ignores_test(sweeps, answer)
    return praise


def _judge(sweeps: list[Sweep], choose: Any) -> str:
    picked = [chosen(choose, sweep) for sweep in sweeps]
    right = [RIGHT(sweep) for sweep in sweeps]
    for sentence, rule in MISTAKES.items():
        if picked != right and picked == [rule(sweep) for sweep in sweeps]:
            raise AnswerError(sentence)
    if picked != right:
        raise AnswerError("Another row of the sweep has a lower loss where it counts.")
    best = next(row for row in reference_runs.sweep() if row["l2"] == picked[0])
    return (
        f"Correct: λ = {picked[0]:g} has the lowest validation loss. Only now is the test set "
        f"opened, once: its accuracy is {best['test_accuracy']:.3f}. Another λ would have scored "
        "higher on it, but choosing that one would have been luck."
    )


def chosen(choose: Any, sweep: Sweep) -> float:
    """The λ of the row that the learner's function chooses; AnswerError if there is none."""
    l2 = number("The λ that you return", call(choose, [dict(row) for row in sweep]))
    for row in sweep:
        if np.isclose(l2, row["l2"], rtol=SAME_L2, atol=0.0):
            return row["l2"]
    raise AnswerError("The λ that you return is not in the sweep.")


def draw(rng: np.random.Generator) -> list[Sweep]:
    """The real sweep, and others: λ = 0 or the largest is best, and the losses may be close."""
    kinds = product(("first", "last", "any"), (1e-3, 0.3, 3.0, 100.0), (0.05, 1e-3, 1e-5, 1e-7))
    return [list(reference_runs.sweep()), *(_random_sweep(rng, *kind) for kind in kinds)]


def _random_sweep(rng: np.random.Generator, best: str, largest: float, step: float) -> Sweep:
    """A sweep whose six scores rank its rows independently; `step` is between two ranks."""
    n = int(rng.integers(4, 9))
    strengths = largest * np.exp(np.cumsum(rng.uniform(-2.0, -0.2, n)))[::-1]
    strengths = strengths / strengths[-1] * largest
    strengths[0] *= best == "any" and rng.random() < 0.5
    columns = {name: rng.permutation(n) for name in reference_runs.SCORES}
    if best != "any":
        ranks, place = columns["validation_loss"], 0 if best == "first" else -1
        ranks[ranks == 0], ranks[place] = ranks[place], 0
    rows = [{"l2": float(l2)} for l2 in strengths]
    for name, ranks in columns.items():
        for row, rank in zip(rows, ranks, strict=True):
            row[name] = 0.4 + step * float(rank + 0.2 * rng.random())
    return [rows[place] for place in rng.permutation(n)]


def _check_ignores_test(sweeps: list[Sweep], choose: Any) -> None:
    """Raise AnswerError if other test scores change the choice."""
    for sweep in sweeps:
        others = [{**r, "test_loss": r["l2"], "test_accuracy": 1.0 - r["l2"]} for r in sweep]
        if chosen(choose, others) != chosen(choose, sweep):
            raise AnswerError("The choice changes when only the test scores change.")


TASK = Task("model-selection", 7, TITLE, "l2", TEXT, STARTER, HINTS, SOLUTION, check)
