"""Task 1: sweep the strength of L2, and see the gap shrink."""

from typing import Any

import numpy as np

from regcore.config import LESSON_SWEEP
from regcore.exercises import grading, reference_runs
from regcore.exercises.grading import AnswerError, Task, graded
from regcore.experiments.comparison import direction

LAMBDAS = LESSON_SWEEP
CHANGES = ("falls", "stays", "rises")
PRINTED_GAP = 0.281  # the gap without L2 that the lesson prints
ONE_PATIENT = 1 / 576
TITLE = "Sweep the strength"

TEXT = """
Train 64 units with λ = 0, 0.01, 0.05 and 0.2, as the lesson's code does: 2,000 steps of plain
gradient descent. Measure the **gap** of each, training accuracy minus test accuracy. Then say how
the **training accuracy** changes from the first λ to the last.
"""

STARTER = """from regcore import lesson, load_diabetes, split

patients = split(load_diabetes())
train, test = patients.train, patients.test

gaps = {0.0: None, 0.01: None,
        0.05: None, 0.2: None}
# your code here:
# lesson.train(train.X, train.y, l2=...) returns
# the weights, lesson.accuracy(X, y, weights)
# the fraction classified correctly

answer = {
    "gaps": gaps,
    # "falls", "stays" or "rises"
    "training accuracy": None,
}
"""

HINTS = (
    "Train once for each λ, and measure two accuracies each time.",
    "Loop over the keys of `gaps`. Everything but `l2` keeps its default.",
    "Inside the loop: `weights = lesson.train(train.X, train.y, l2=l2)`, then "
    "`lesson.accuracy(train.X, train.y, weights)` minus the same for `test`.",
)

SOLUTION = """from regcore import lesson, load_diabetes, split

patients = split(load_diabetes())
train, test = patients.train, patients.test

gaps = {}
for l2 in (0.0, 0.01, 0.05, 0.2):
    weights = lesson.train(train.X, train.y, l2=l2)
    on_train = lesson.accuracy(train.X, train.y, weights)
    on_test = lesson.accuracy(test.X, test.y, weights)
    gaps[l2] = on_train - on_test
    print(l2, round(on_train, 3), round(on_test, 3))

answer = {"gaps": gaps, "training accuracy": "falls"}
"""


@graded
def check(answer: Any) -> str:
    """`answer` is {"gaps": {λ: gap}, "training accuracy": "falls", "stays" or "rises"}."""
    gaps, change = grading.entries(answer, ("gaps", "training accuracy"), "answer")
    values = grading.entries(gaps, LAMBDAS, "dict of gaps")
    names = [f"The gap for λ = {l2:g}" for l2 in LAMBDAS]
    figures = {name: grading.number(name, value) for name, value in zip(names, values, strict=True)}
    runs = [reference_runs.run(l2) for l2 in LAMBDAS]
    true = [reference_runs.gap(run) for run in runs]
    if _looks_printed(list(figures.values()), runs):
        raise AnswerError(
            "0.281 is what the lesson prints, but its code does not produce it. Run the code."
        )
    grading.same_figures(figures, true, _mistakes(runs), grading.DIFFERENCE_TOLERANCE)
    if grading.choice("The training accuracy", change, CHANGES) != _change(runs):
        raise AnswerError(
            "The gaps are right. Look at the training accuracies again, from λ = 0 to 0.2."
        )
    return (
        "Correct: it matches four real runs. The gap shrinks as λ grows, and part of the price is "
        "training accuracy: the network no longer fits every single patient."
    )


def _looks_printed(gaps: list[float], runs: list[Any]) -> bool:
    errors = [1.0 - reference_runs.scores(run)[1] for run in runs]
    as_errors = grading.agree(gaps, errors, grading.DIFFERENCE_TOLERANCE)
    return abs(gaps[0] - PRINTED_GAP) < 0.0005 and not as_errors


def _change(runs: list[Any]) -> str:
    """Whether training accuracy falls or rises by more than one patient, from first to last run."""
    first, last = (reference_runs.scores(run)[0] for run in (runs[0], runs[-1]))
    return CHANGES[1 + direction(last - first, ONE_PATIENT)]


def _mistakes(runs: list[Any]) -> dict[str, Any]:
    accuracy = np.array([reference_runs.scores(run) for run in runs])
    loss = np.array([reference_runs.scores(run, "loss") for run in runs])
    gap = accuracy[:, 0] - accuracy[:, 1]
    return {
        "The gap is training minus test. Yours has the opposite sign.": -gap,
        "These are training accuracies. A gap is a difference of two.": accuracy[:, 0],
        "These are test accuracies. A gap is a difference of two.": accuracy[:, 1],
        "This is 1 minus the test accuracy. Subtract from the training accuracy.": 1
        - accuracy[:, 1],
        "These are gaps between losses. The gap here is between accuracies.": loss[:, 1]
        - loss[:, 0],
        "All four gaps are the one without L2. Does λ reach the training?": np.full(4, gap[0]),
        "The gaps are in the wrong order: a small λ leaves a larger gap.": gap[::-1],
    }


TASK = Task("l2-sweep", 1, TITLE, "l2", TEXT, STARTER, HINTS, SOLUTION, check)
