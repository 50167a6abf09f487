"""Task 10: choose a temperature, by which all logits are divided (Guo et al., 2017)."""

from typing import Any, NamedTuple

import numpy as np

from regcore.checks import Array
from regcore.exercises.grading import AnswerError, Task, call, graded, vector
from regcore.nn.network import cross_entropy, sigmoid

SEARCHED = (0.1, 10.0)
TRUE = (0.5, 0.6, 2.0, 3.0, 4.0, 5.5)  # the temperatures of the cases, up to a tenth
SPREADS = (1.2, 1.6, 2.0, 2.5, 3.0, 4.0)  # of the logits behind the labels: no spread tells T
VALIDATION_ROWS, NEW_ROWS = (350, 450), (250, 350)  # never the same number
ALLOWED = 0.01  # nats above the lowest validation loss: a step of 0.2 in T is fine enough
GAIN = 0.02  # nats that the best T gains over T = 1, at least
NEAREST = 0.05  # |z / T|: three decimals keep every answer
TITLE = "Choose a temperature"

TEXT = r"""
A network that has memorized is too sure of its answers; another may not be sure enough. One
number, the temperature $T > 0$, fixes either: divide every logit by it, $p = \sigma(z / T)$.

Find the $T$ from 0.1 to 10 with the lowest cross-entropy on the validation rows, and return $z / T$
for new rows. The check: no answer may change, and the loss must fall.
"""

STARTER = '''import numpy as np


def scaled(z_val, y_val, z):
    """Validation rows: logits z_val (m,) and
    labels y_val (m,), 0 or 1. New rows: z (n,).

    Returns z / T (n,).
    """
    T = 1.0
    # your code here
    return z / T
'''

HINTS = (
    "Try many temperatures, and keep the one with the lowest loss. Accuracy cannot choose: it is "
    "the same for each.",
    "From logits, the cross-entropy of a row is log(1 + e^z) − y z. `np.logaddexp(0, z)` is "
    "log(1 + e^z) and does not overflow.",
    "`for t in np.geomspace(0.1, 10, 200):` take the mean of "
    "`np.logaddexp(0, z_val / t) - y_val * z_val / t`, and remember the t where it is lowest.",
)

SOLUTION = '''import numpy as np


def scaled(z_val, y_val, z):
    """z / T, with the T of the lowest loss on the validation rows."""
    T, lowest = 1.0, np.inf
    for t in np.geomspace(0.1, 10, 200):
        loss = np.mean(np.logaddexp(0, z_val / t) - y_val * z_val / t)
        if loss < lowest:
            T, lowest = t, loss
    return z / T
'''


class Case(NamedTuple):
    """Logits and labels of validation rows (m,) and of new rows (n,); the T to find."""

    z_val: Array
    y_val: Array
    z: Array
    y: Array
    T: float


@graded
def check(scaled: Any) -> str:
    """`scaled(z_val, y_val, z)`, on fresh logits."""
    cases = draw(np.random.default_rng())
    used = [answer(scaled, case) for case in cases]
    judge(cases, used)
    before, after = (_mean_loss(cases, Ts) for Ts in ([1.0] * len(cases), used))
    return (
        f"Correct: in {len(cases)} cases no answer changes, and the mean loss on new rows falls "
        f"from {before:.3f} to {after:.3f}. Your T is {min(used):.2g} to {max(used):.2g}."
    )


def _mean_loss(cases: list[Case], Ts: list[float]) -> float:
    return float(np.mean([loss(c.z, c.y, T) for c, T in zip(cases, Ts, strict=True)]))


def answer(scaled: Any, case: Case) -> float:
    """The T of what the learner's function returns; AnswerError if that is no z / T."""
    returned = call(scaled, case.z_val.copy(), case.y_val.copy(), case.z.copy())
    if type(returned) in (int, float):
        raise AnswerError(f"You return one number, {returned:.4g}. Return the logits z / T.")
    out = vector("What your function returns", returned, len(case.z))
    _check_answers(case.z, out)
    factor = float(out @ case.z / (case.z @ case.z))
    if not np.allclose(out, factor * case.z, rtol=2e-3, atol=1e-3):
        least, most = np.quantile(out / case.z, (0.0, 1.0))
        raise AnswerError(
            f"No answer changes, but this is not z / T: your logits are {least:.3g} to {most:.3g} "
            "times z. All rows need the same T."
        )
    return 1.0 / max(factor, 1e-9)  # logits may be all but 0


def _check_answers(z: Array, out: Array) -> None:
    changed = (z > 0.0) != (out > 0.0)
    if changed.all():
        raise AnswerError("Every answer is flipped. T must be above 0.")
    if changed.any() and (out >= 0.0).all():
        raise AnswerError("No logit that you return is below 0. Are they probabilities?")
    if changed.any():
        raise AnswerError(
            f"{changed.sum()} of {len(z)} answers change: your logit has a different sign from z. "
            "Dividing by a T above 0 changes none."
        )


def judge(cases: list[Case], used: list[float]) -> None:
    """Raise AnswerError unless each T has nearly the lowest validation loss of its case."""
    pairs = list(zip(cases, used, strict=True))
    off = [(case, T) for case, T in pairs if not is_near(case, T)]
    if off and np.allclose(used, 1.0, rtol=1e-3):
        raise AnswerError("The logits are as they were: T is still 1.")
    if off and all(is_near(case, 1.0 / T) for case, T in pairs):
        raise AnswerError("You multiply by T. A T above 1 must make the network less sure: divide.")
    if off and np.allclose(used, used[0], rtol=1e-3):
        raise AnswerError(
            f"You divide by {used[0]:.3g} in all {len(cases)} cases. Each network needs a T of its "
            "own."
        )
    for case, T in off:
        used_loss, lowest = (loss(case.z_val, case.y_val, t) for t in (T, case.T))
        raise AnswerError(
            f"You divide by {T:.4g}, where a validation loss is {used_loss:.4g}. With T = "
            f"{case.T:.3g} it is {lowest:.4g}."
        )


def loss(z: Array, y: Array, T: float) -> float:
    """Mean cross-entropy of z / T in nats."""
    return float(cross_entropy(z / T, y).mean())


def best(z: Array, y: Array) -> float:
    """The T of the lowest loss, to half a percent: the best of a coarse grid, then a fine one."""
    low, high = SEARCHED
    for _ in range(2):
        grid = np.geomspace(low, high, 41)
        place = int(np.argmin([loss(z, y, T) for T in grid]))
        low, high = grid[max(place - 1, 0)], grid[min(place + 1, 40)]
    return float(grid[place])


def is_near(case: Case, T: float) -> bool:
    """Whether the validation loss with T is nearly the lowest."""
    excess = loss(case.z_val, case.y_val, T) - loss(case.z_val, case.y_val, case.T)
    return excess <= ALLOWED


def draw(rng: np.random.Generator) -> list[Case]:
    """Networks that are too sure, and some that are not sure enough, in a random order."""
    pairs = zip(rng.permutation(TRUE), rng.permutation(SPREADS), strict=True)
    return [_case(rng, float(T * rng.uniform(0.9, 1.1)), float(spread)) for T, spread in pairs]


def _case(rng: np.random.Generator, T: float, spread: float) -> Case:
    """Logits that are T times those that the labels come from; drawn again if T is not clear."""
    while True:
        base = float(rng.uniform(-0.5, 0.5))
        val, new = (_rows(rng, n, T, spread, base) for n in (VALIDATION_ROWS, NEW_ROWS))
        case = Case(*val, *new, best(*val))
        if _is_clear(case):
            return case


def _rows(
    rng: np.random.Generator, sizes: tuple[int, int], T: float, spread: float, base: float
) -> tuple[Array, Array]:
    """Logits and labels (n,); no logit is so near 0 that rounding would turn its answer."""
    true = base + spread * rng.standard_normal(rng.integers(*sizes))
    true = np.where(np.abs(true) < NEAREST, NEAREST, true)
    return T * true, (rng.random(len(true)) < sigmoid(true)).astype(float)


def _is_clear(case: Case) -> bool:
    """Whether T is well within the search, and gains over T = 1 on validation and new rows."""
    z_val, y_val, z, y, T = case
    gains = [loss(z_val, y_val, 1.0) - loss(z_val, y_val, T), loss(z, y, 1.0) - loss(z, y, T)]
    return 2 * SEARCHED[0] < T < SEARCHED[1] / 1.3 and min(gains) > GAIN


TASK = Task("temperature", 10, TITLE, "overfitting", TEXT, STARTER, HINTS, SOLUTION, check)
