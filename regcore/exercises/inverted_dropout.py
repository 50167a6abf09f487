"""Task 5: write inverted dropout."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from regcore.checks import Array
from regcore.exercises import grading
from regcore.exercises.grading import AnswerError, Task, array, graded, sequence

SHAPE = (200, 30)
WIDE = (160, 64)  # no two rows or columns of a right mask are equal
OTHER_SHAPES = ((37, 23), (1, 64), (91, 1), (1, 1))
TENTHS = (0, 1, 3, 4, 6, 8)  # each p is between one of them and the next: no rounded p is right
MAX_SIGMAS = 6.0  # a right answer fails once in a hundred million checks
MAX_CORRELATION = 7.5  # in sigmas, of ten thousand distances
OWN_DRAW = "Each entry needs a draw of its own."
Call = tuple[Array, float, int]  # A, p and a seed for rng: dropout in training
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


class Trial(NamedTuple):
    """What a call returned."""

    A: Array
    p: float
    out: Array
    mask: Array

    @property
    def share(self) -> float:
        """The fraction dropped."""
        return float((self.out == 0.0).mean())

    @property
    def sigma(self) -> float:
        """The standard deviation of that fraction, if all is right."""
        return float(np.sqrt(self.p * (1.0 - self.p) / self.out.size))


@graded
def check(functions: Any) -> str:
    """`functions` are dropout(A, p, rng, training) and dropout_backward(dA, mask)."""
    dropout, backward = functions
    rng = np.random.default_rng()
    trials = [_trial(dropout, call) for call in draw(rng)]
    _check_zeros(trials)
    _check_scaling(trials)
    _check_independence(_trial(dropout, _call(rng, WIDE, rng.uniform(0.42, 0.48))))
    _check_inactive(_trial(dropout, _call(rng, SHAPE, 0.37, active=0.5)))
    _check_scaling([_trial(dropout, _call(rng, shape, 0.37)) for shape in OTHER_SHAPES])
    _check_draws(dropout, _call(rng, SHAPE, 0.3))
    _check_evaluation(dropout, _call(rng, SHAPE, 0.0))
    _check_backward(backward, rng)
    return (
        "Correct: on new random data the fraction dropped, the scaling, the random draws, "
        "evaluation mode and the backward pass are all as they should be."
    )


def draw(rng: np.random.Generator) -> list[Call]:
    """Calls with small and large probabilities of dropping, most of them no tenths."""
    others = ((tenth + rng.uniform(0.35, 0.65)) / 10.0 for tenth in TENTHS)
    return [_call(rng, SHAPE, p) for p in (0.2, 0.5, *others)]


def _call(rng: np.random.Generator, shape: tuple[int, int], p: float, active: float = 1.0) -> Call:
    """Draw activations, of which a share of 1 - active is 0, as after ReLU."""
    A = rng.uniform(0.5, 1.5, shape) * rng.choice((-1.0, 1.0), shape)
    return A * (rng.random(shape) < active), p, int(rng.integers(2**31))


def _trial(dropout: Any, call: Call) -> Trial:
    return Trial(*call[:2], *_pair(dropout, *call))


def _pair(dropout: Any, A: Array, p: float, seed: int, training: bool = True) -> tuple[Array, Any]:
    returned = grading.call(dropout, A.copy(), p, np.random.default_rng(seed), training)
    pair = sequence(returned, 2) if type(returned) is not np.ndarray else None
    if pair is None:
        raise AnswerError("dropout must return two arrays: the output and the mask.")
    out = array("the output", pair[0], A.shape)
    return out, array("the mask", pair[1], A.shape) if training else None


def _check_zeros(trials: list[Trial]) -> None:
    masks = [trial.out == 0.0 for trial in trials]
    if not any(dropped.any() for dropped in masks):
        raise AnswerError("Nothing is dropped in training yet.")
    is_shared = all((drop == drop[0]).all() or (drop == drop[:, :1]).all() for drop in masks)
    if is_shared and not all(drop.all() for drop in masks):
        raise AnswerError(f"Whole rows or columns are dropped. {OWN_DRAW}")
    off = [t for t in trials if abs(t.share - t.p) > MAX_SIGMAS * t.sigma]
    if off and all(abs(t.share - (1.0 - t.p)) < MAX_SIGMAS * t.sigma for t in trials):
        raise AnswerError("p is the probability of dropping. You use it as that of keeping.")
    for t in off:
        raise AnswerError(f"With p = {t.p:.4g}, {t.share:.2%} of the entries are dropped.")


def _check_independence(trial: Trial) -> None:
    dropped = trial.out == 0.0
    for lines, name in ((dropped, "rows"), (dropped.T, "columns")):
        if len(np.unique(np.vstack((lines, ~lines)), axis=0)) < 2 * len(lines):
            raise AnswerError(f"Two {name} have the same draws. {OWN_DRAW}")
        if np.abs(_correlations(lines.ravel())).max() > MAX_CORRELATION:
            raise AnswerError(f"Some entries are dropped or kept together. {OWN_DRAW}")


def _correlations(dropped: NDArray[np.bool_]) -> Array:
    """The correlation of entries at every distance up to half of all, in sigmas."""
    x, n = dropped - dropped.mean(), len(dropped)
    products = np.fft.irfft(np.abs(np.fft.rfft(x, 2 * n)) ** 2)[: n // 2 + 1]
    return products[1:] / (x.var() * np.sqrt(n - np.arange(1, n // 2 + 1)))


def _check_scaling(trials: list[Trial]) -> None:
    kept = [(t.p, t.out[t.out != 0.0] / t.A[t.out != 0.0]) for t in trials]
    off = [(p, factor) for p, factor in kept if not np.allclose(factor, 1.0 / (1.0 - p))]
    for sentence, wrong in FACTORS.items():
        if off and all(np.allclose(factor, wrong(p)) for p, factor in kept):
            raise AnswerError(f"The kept units are {sentence}")
    for p, factor in off:
        raise AnswerError(
            f"With p = {p:.4g} the kept units are multiplied by {factor.min():.4g} to "
            f"{factor.max():.4g}: that does not preserve the mean of the layer."
        )
    _check_mask(trials)


FACTORS = {  # a sentence for the learner -> the wrong factor
    "not scaled up: sums are smaller in training than in evaluation.": lambda p: 1.0,
    "divided by p. Which probability belongs there?": lambda p: 1.0 / p,
    "scaled down. They must make up for the dropped ones.": lambda p: 1.0 - p,
}


def _check_mask(trials: list[Trial]) -> None:
    if all(np.allclose(t.out, t.A * t.mask) for t in trials):
        return
    if all(np.array_equal(t.mask, t.out != 0.0) for t in trials):
        raise AnswerError("The mask holds 0 and 1 only. The backward pass needs the factor, too.")
    raise AnswerError("The output is not A times the mask that you return.")


def _check_inactive(trial: Trial) -> None:
    """Where A is 0 already, the mask still has the draw that the backward pass needs."""
    mask = trial.mask[trial.A == 0.0]
    right, share = np.isclose(mask, 1.0 / (1.0 - trial.p)), float((mask == 0.0).mean())
    if not (right | (mask == 0.0)).all() or abs(share - trial.p) > 2.0 * MAX_SIGMAS * trial.sigma:
        raise AnswerError(
            f"Where A is 0, {share:.2%} of your mask is 0 with p = {trial.p:g}, and the rest is "
            f"up to {mask.max():.4g}. The mask must not depend on A."
        )
    _check_mask([trial])


def _check_draws(dropout: Any, call: Call) -> None:
    A, p, seed = call
    first, again, other = (_pair(dropout, A, p, s)[0] for s in (seed, seed, seed + 1))
    if not np.array_equal(first, again):
        raise AnswerError("The same rng gives two different masks. Draw from rng and nothing else.")
    if np.array_equal(first, other):
        raise AnswerError("Two different rngs give the same mask. Draw from rng in every call.")
    if not np.allclose(_pair(dropout, A, 0.0, seed)[0], A):
        raise AnswerError("With p = 0 the output must equal A.")


def _check_evaluation(dropout: Any, call: Call) -> None:
    A, _, seed = call
    outs = [_pair(dropout, A, p, seed, training=False)[0] for p in (0.27, 0.5, 0.83)]
    if all(np.allclose(out, A) for out in outs):
        return
    if all((out == 0.0).any() and out.any() for out in outs):
        raise AnswerError("Units are dropped in evaluation, too: predictions would be random.")
    raise AnswerError(
        "Evaluation changes A. Inverted dropout scales in training, so evaluation returns A "
        "unchanged."
    )


def _check_backward(backward: Any, rng: np.random.Generator) -> None:
    strengths = (0.0, 0.4, *rng.uniform((0.1, 0.52, 0.7), (0.3, 0.6, 0.9)))
    masks = [np.where(rng.random((20, 15)) < p, 0.0, 1.0 / (1.0 - p)) for p in strengths]
    pairs = [(rng.standard_normal(mask.shape), mask) for mask in masks]
    backs = [
        array("the gradient", grading.call(backward, dA.copy(), mask.copy()), dA.shape)
        for dA, mask in pairs
    ]

    def agrees(gradient: Callable[[Array, Array], Array]) -> bool:
        return all(
            np.allclose(back, gradient(*pair)) for back, pair in zip(backs, pairs, strict=True)
        )

    if agrees(np.multiply):
        return
    for sentence, wrong in BACKWARD.items():
        if agrees(wrong):
            raise AnswerError(f"The backward pass {sentence}")
    raise AnswerError("The backward pass must return dA times the mask.")


BACKWARD = {  # a sentence for the learner -> the wrong gradient
    "lacks the mask: a dropped unit must get no gradient.": lambda dA, mask: dA,
    "lacks the factor of the kept units: see the mask.": lambda dA, mask: dA * (mask > 0.0),
    "applies the factor twice. It is in the mask already.": lambda dA, mask: dA * mask**2,
}


TASK = Task("inverted-dropout", 5, TITLE, "dropout", TEXT, STARTER, HINTS, SOLUTION, check)
