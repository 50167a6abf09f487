"""Task 3: verify the decay by the mean size of the weights."""

from typing import Any

import numpy as np

from regcore.exercises import reference_runs
from regcore.exercises.grading import Task, entries, graded, number, same_figures

LAMBDAS = (0.0, 0.05)
TITLE = "Verify the decay"

TEXT = """
L2 is also called weight decay. Does it live up to its name? Find the mean of |W1|, the mean size
of a weight in the hidden layer, after 2,000 steps of plain gradient descent with 64 units, for
λ = 0 and for λ = 0.05.
"""

STARTER = """from regcore import lesson, load_diabetes, split

train = split(load_diabetes()).train

# your code here: lesson.train returns (W1, b1, W2, b2)

answer = {0.0: None, 0.05: None}  # λ: mean size of W1
"""

HINTS = (
    "A size has no sign, and a mean over all entries of W1 is one number.",
    "`np.abs` removes the signs. `.mean()` without an axis averages over all entries.",
    "`W1, b1, W2, b2 = lesson.train(train.X, train.y, l2=0.05)`, then `np.abs(W1).mean()`. "
    "Repeat with `l2=0.0`.",
)

SOLUTION = """import numpy as np

from regcore import lesson, load_diabetes, split

train = split(load_diabetes()).train

answer = {}
for l2 in (0.0, 0.05):
    W1, b1, W2, b2 = lesson.train(train.X, train.y, l2=l2)
    answer[l2] = np.abs(W1).mean()
print(answer)
"""


@graded
def check(answer: Any) -> str:
    """`answer` is {λ: mean of abs(W1)} for λ = 0 and 0.05."""
    values = entries(answer, LAMBDAS, "answer")
    names = [f"Mean |W1| for λ = {l2:g}" for l2 in LAMBDAS]
    figures = {name: number(name, value) for name, value in zip(names, values, strict=True)}
    runs = [reference_runs.run(l2) for l2 in LAMBDAS]
    true = [reference_runs.mean_size(run) for run in runs]
    same_figures(figures, true, _mistakes(runs, true))
    return (
        f"Correct: it matches two real runs. Mean |W1| is {true[0]:.3f} without L2 and "
        f"{true[1]:.3f} with λ = 0.05, {true[0] / true[1]:.0f} times smaller."
    )


def _mistakes(runs: list[Any], true: list[float]) -> dict[str, list[float]]:
    weights = [run.params[0] for run in runs]
    means = [W.mean() for W in weights]
    sums = [np.abs(W).sum() for W in weights]
    squares = [(W**2).mean() for W in weights]
    largest = [np.abs(W).max() for W in weights]
    output = [reference_runs.mean_size(run, 1) for run in runs]
    with_biases = [np.abs(np.vstack(run.params[:2])).mean() for run in runs]
    memorize = [reference_runs.run(l2, preset="memorize") for l2 in LAMBDAS]
    memorized = [reference_runs.mean_size(run) for run in memorize]
    return {
        "The signs cancel in a plain mean. What is the size of a weight?": means,
        "These are sizes of W2, the output layer. The task is about W1.": output,
        "The biases are included. L2 leaves them alone, so look at W1 only.": with_biases,
        "These are sums. A mean can be compared between networks of any width.": sums,
        "These are mean squares. Take the mean of the absolute values.": squares,
        "These are the largest absolute values. Take the mean.": largest,
        "The two are swapped: which λ pulls the weights toward zero?": true[::-1],
        "Both are the value without L2. Do you pass l2 to lesson.train?": [true[0]] * 2,
        "These belong to the Memorize preset. Use 2,000 steps without momentum here.": memorized,
    }


TASK = Task("weight-decay", 3, TITLE, "l2", TEXT, STARTER, HINTS, SOLUTION, check)
