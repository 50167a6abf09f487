"""Task 3: verify the decay by the mean size of the weights."""

from typing import Any

import numpy as np

from regcore.exercises import reference_runs
from regcore.exercises.grading import Task, entries, graded, number, same_figures

LAMBDAS = (0.0, 0.05)
TITLE = "Verify the decay"

TEXT = """
L2 is also called weight decay. Verify the name: what is the mean of |W1|, the size of a weight of
the hidden layer, after 2,000 plain steps with 64 units, for λ = 0 and for λ = 0.05?
"""

STARTER = """from regcore import lesson, load_diabetes, split

train = split(load_diabetes()).train

# your code here: lesson.train returns (W1, b1, W2, b2)

answer = {0.0: None, 0.05: None}  # λ: mean size of W1
"""

HINTS = (
    "A size has no sign, and a mean over all entries of W1 is one number.",
    "`np.abs` takes the signs away. `.mean()` without an axis takes the mean of everything.",
    "`W1, b1, W2, b2 = lesson.train(train.X, train.y, l2=0.05)`, then `np.abs(W1).mean()`. "
    "Once more with `l2=0.0`.",
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
        f"Right, against real trainings: {true[0]:.3f} without and {true[1]:.3f} with λ = 0.05. "
        f"The weights are {true[0] / true[1]:.0f} times smaller. Decay is no figure of speech."
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
        "These are sizes of W2, the output layer. W1 is asked for.": output,
        "The biases are counted in. L2 leaves them alone, so look at W1 only.": with_biases,
        "These are sums. A mean can be compared between networks of any width.": sums,
        "These are mean squares. The mean of the sizes is asked for.": squares,
        "These are the largest sizes. The mean is asked for.": largest,
        "The two are exchanged: which λ pulls the weights towards zero?": true[::-1],
        "Both are the figure without L2. Does λ reach the training?": [true[0]] * 2,
        "These belong to the Memorize preset. Use 2,000 plain steps here.": memorized,
    }


TASK = Task("weight-decay", 3, TITLE, "l2", TEXT, STARTER, HINTS, SOLUTION, check)
