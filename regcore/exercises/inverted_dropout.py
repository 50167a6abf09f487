"""Task 5: write inverted dropout."""

from typing import Any

import numpy as np

from regcore.checks import Array
from regcore.exercises.grading import AnswerError, Task, array, call, graded

SHAPE = (200, 30)
MAX_SIGMAS = 6.0  # a right answer fails once in a hundred million checks
TITLE = "Write inverted dropout"

TEXT = """
Write both passes of inverted dropout. `p` is the probability of **dropping** a unit. In training,
return the masked activations and the mask, which the backward pass needs. In evaluation, return
`A` unchanged. Draw from `rng`, a NumPy Generator.
"""

STARTER = '''import numpy as np


def dropout(A, p, rng, training):
    """A (n, h); returns (output, mask), both (n, h)."""
    mask = np.ones_like(A)
    # your code here
    return A * mask, mask


def dropout_backward(dA, mask):
    """From the gradient of the output to the gradient of A."""
    # your code here
    return dA
'''

HINTS = (
    "One random number for each entry of A decides whether the entry stays.",
    "The mean of the mask must be 1, or the sums would be larger in evaluation than in training. "
    "By which factor must the kept entries be multiplied?",
    "`np.where(rng.random(A.shape) < p, 0.0, ...)` with the factor in place of the dots. "
    "The backward pass multiplies by the same mask.",
)

SOLUTION = STARTER.replace(
    "    # your code here\n    return A",
    "    if training:\n"
    "        mask = np.where(rng.random(A.shape) < p, 0.0, 1.0 / (1.0 - p))\n"
    "    return A",
).replace("    # your code here\n    return dA\n", "    return dA * mask\n")


@graded
def check(functions: Any) -> str:
    """`functions` are dropout(A, p, rng, training) and dropout_backward(dA, mask)."""
    dropout, backward = functions
    rng = np.random.default_rng()
    A = rng.uniform(0.5, 1.5, SHAPE) * rng.choice((-1.0, 1.0), SHAPE)
    seed = int(rng.integers(1, 2**31))
    for p in (0.2, 0.4):
        out, mask = _pair(dropout, A, p, seed)
        _check_zeros(out, p)
        _check_factor(out, A, p)
        _check_mask(out, A, mask)
    _check_draws(dropout, A, seed)
    _check_evaluation(dropout, A, seed)
    _check_backward(backward, rng)
    return (
        "Correct: on new random data the fraction dropped, the scaling, the random draws, "
        "evaluation mode and the backward pass are all as they should be."
    )


def _pair(dropout: Any, A: Array, p: float, seed: int, training: bool = True) -> tuple[Array, Any]:
    pair = call(dropout, A.copy(), p, np.random.default_rng(seed), training)
    if type(pair) not in (tuple, list) or len(pair) != 2:
        raise AnswerError("dropout must return two arrays: the output and the mask.")
    out = array("the output", pair[0], A.shape)
    return out, array("the mask", pair[1], A.shape) if training else None


def _check_zeros(out: Array, p: float) -> None:
    dropped = out == 0.0
    if not dropped.any():
        raise AnswerError("Nothing is dropped in training yet.")
    if (dropped == dropped[0]).all() or (dropped == dropped[:, :1]).all():
        raise AnswerError("Whole rows or columns are dropped. Each entry needs a draw of its own.")
    share, band = dropped.mean(), MAX_SIGMAS * np.sqrt(p * (1.0 - p) / dropped.size)
    if abs(share - (1.0 - p)) < band:
        raise AnswerError("p is the probability of dropping. You use it as that of keeping.")
    if abs(share - p) > band:
        raise AnswerError(f"With p = {p}, {share:.0%} of the entries are dropped.")


def _check_factor(out: Array, A: Array, p: float) -> None:
    kept = out != 0.0
    factor, keep = out[kept] / A[kept], 1.0 - p
    mistakes = {
        1.0: "The kept units are not scaled up: sums are smaller in training than in evaluation.",
        1.0 / p: "The kept units are divided by p. Which probability belongs there?",
        keep: "The kept units are scaled down. They must make up for the dropped ones.",
    }
    if np.allclose(factor, 1.0 / keep):
        return
    for wrong, sentence in mistakes.items():
        if np.allclose(factor, wrong):
            raise AnswerError(sentence)
    raise AnswerError(
        f"With p = {p} the kept units are multiplied by {factor.min():.4g} to {factor.max():.4g}: "
        "that does not preserve the mean of the layer."
    )


def _check_mask(out: Array, A: Array, mask: Array) -> None:
    if np.allclose(out, A * mask):
        return
    if np.array_equal(mask, out != 0.0):
        raise AnswerError("The mask holds 0 and 1 only. The backward pass needs the factor, too.")
    raise AnswerError("The output is not A times the mask that you return.")


def _check_draws(dropout: Any, A: Array, seed: int) -> None:
    first, again, other = (_pair(dropout, A, 0.3, s)[0] for s in (seed, seed, seed + 1))
    if not np.array_equal(first, again):
        raise AnswerError("The same rng gives two different masks. Draw from rng and nothing else.")
    if np.array_equal(first, other):
        raise AnswerError("Two different rngs give the same mask. Draw from rng in every call.")
    if not np.allclose(_pair(dropout, A, 0.0, seed)[0], A):
        raise AnswerError("With p = 0 the output must equal A.")


def _check_evaluation(dropout: Any, A: Array, seed: int) -> None:
    out, _ = _pair(dropout, A, 0.2, seed, training=False)
    if np.allclose(out, A):
        return
    if (out == 0.0).any():
        raise AnswerError("Units are dropped in evaluation, too: predictions would be random.")
    raise AnswerError(
        "Evaluation changes A. Inverted dropout scales in training, so evaluation returns A "
        "unchanged."
    )


def _check_backward(backward: Any, rng: np.random.Generator) -> None:
    dA, p = rng.standard_normal(SHAPE), 0.4
    mask = np.where(rng.random(SHAPE) < p, 0.0, 1.0 / (1.0 - p))
    back = array("the gradient", call(backward, dA.copy(), mask.copy()), SHAPE)
    if np.allclose(back, dA * mask):
        return
    if np.allclose(back, dA):
        raise AnswerError("The backward pass lacks the mask: a dropped unit must get no gradient.")
    if np.allclose(back, dA * (mask > 0.0)):
        raise AnswerError("The backward pass lacks the factor of the kept units: see the mask.")
    if np.allclose(back, dA * mask**2):
        raise AnswerError("The backward pass applies the factor twice. It is in the mask already.")
    raise AnswerError("The backward pass must return dA times the mask.")


TASK = Task("inverted-dropout", 5, TITLE, "dropout", TEXT, STARTER, HINTS, SOLUTION, check)
