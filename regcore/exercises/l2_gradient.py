"""Task 4: write the L2 gradient."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from regcore.checks import Array
from regcore.exercises.grading import AnswerError, Task, array, call, graded, sequence
from regcore.nn import network
from regcore.nn.parameters import Params

NAMES = ("dW1", "db1", "dW2", "db2")
TOLERANCE = 1e-5  # of the largest entry: float32 and central differences are better than this
STEP = 3e-5  # of the central differences, moves z by this at most
TO_KINK = 1e-4  # of the largest feature: float32 rounds z by less
MAX_LOGIT = 60.0  # float32 holds e^60
TITLE = "Write the L2 gradient"

TEXT = r"""
This function returns the gradients of the data loss $L$. Make them the gradients of
$J = L + \frac{\lambda}{2} \sum W^2$, without the biases. Change two of the last four assignments.
"""

STARTER = '''import numpy as np


def gradients(X, y, W1, b1, W2, b2, l2):
    """X (n, d), y (n, 1); returns dW1, db1, dW2, db2 of the loss with its penalty."""
    Z1 = X @ W1 + b1
    A1 = np.maximum(0, Z1)
    A2 = 1 / (1 + np.exp(-(A1 @ W2 + b2)))
    dZ2 = (A2 - y) / len(X)
    dZ1 = (dZ2 @ W2.T) * (Z1 > 0)
    # your code here: the gradients below do not use l2 yet
    dW2 = A1.T @ dZ2
    db2 = dZ2.sum(axis=0, keepdims=True)
    dW1 = X.T @ dZ1
    db1 = dZ1.sum(axis=0, keepdims=True)
    return dW1, db1, dW2, db2
'''

HINTS = (
    "The derivative of a sum is the sum of the derivatives: keep what is there, and add to it.",
    "What is the derivative of (λ/2)·w² with respect to w? The ½ is there to keep it simple.",
    "Each weight matrix gets one added term of its own shape: λ times the matrix itself.",
)

SOLUTION = (
    STARTER.replace("    # your code here: the gradients below do not use l2 yet\n", "")
    .replace("dW2 = A1.T @ dZ2\n", "dW2 = A1.T @ dZ2 + l2 * W2\n")
    .replace("dW1 = X.T @ dZ1\n", "dW1 = X.T @ dZ1 + l2 * W1\n")
)

BIASES_TOO = "The biases are penalized, too. The penalty sums over the weights only."
FACTORS = {  # the factors of λW1, λb1, λW2 and λb2 in a wrong answer -> a sentence
    (0, 0, 0, 0): "This is still the gradient of the data loss alone: l2 has no effect.",
    (1, 1, 1, 1): BIASES_TOO,
    (1, 1, 1, 0): BIASES_TOO,
    (1, 0, 1, 1): BIASES_TOO,
    (0, 1, 0, 1): (
        "The biases are penalized and the weights are not. It must be the other way around."
    ),
    (2, 0, 2, 0): "The term is twice as large as it should be. Mind the ½ in the loss.",
    (0.5, 0, 0.5, 0): "The term is half as large as it should be. The square brings a factor of 2.",
    (-1, 0, -1, 0): "The term has the wrong sign: training would make the weights grow.",
    (1, 0, 0, 0): "W1 has its term, but W2 has none yet.",
    (0, 0, 1, 0): "W2 has its term, but W1 has none yet.",
}
WRONG_TERMS = {  # a sentence -> the wrong term of a weight matrix
    "You added a term with W². That is the penalty itself; take its derivative.": lambda l2, n, W: (
        l2 * W**2
    ),
    "You added a term with W²/2. That is the penalty itself; "
    "take its derivative.": lambda l2, n, W: l2 / 2 * W**2,
    "You added the whole penalty to every entry. Take its derivative "
    "with respect to each weight.": lambda l2, n, W: 0 * W + l2 / 2 * (W**2).sum(),
    "The pull is the same for large and small weights. "
    "That is L1; with L2 it grows with W.": lambda l2, n, W: l2 * np.sign(W),
    "|W| loses the sign: negative weights would be pushed away from zero.": lambda l2, n, W: (
        l2 * np.abs(W)
    ),
    "You added λ itself. The pull on a weight depends on the weight.": lambda l2, n, W: l2 + 0 * W,
    "The term is divided by the number of rows. "
    "Here the penalty is added to the mean loss.": lambda l2, n, W: l2 * W / n,
    "λ is squared. In the loss it is not.": lambda l2, n, W: l2**2 * W,
}


class Problem(NamedTuple):
    """Rows, parameters and a λ at which an answer is called."""

    X: Array
    y: Array
    params: Params
    l2: float


@graded
def check(gradients: Any) -> str:
    """`gradients(X, y, W1, b1, W2, b2, l2)`, compared with central differences of J."""
    problems = draw(np.random.default_rng())
    answers = [grad for problem in problems for grad in answer(gradients, problem)]
    true = [slope for problem in problems for slope in _slopes(problem)]
    if agree(answers, true):
        return (
            f"Correct: on {len(problems)} random networks every entry agrees with the measured "
            "slope of J, to at least five digits."
        )
    for sentence, result in _mistakes(problems):
        if agree(answers, result):
            raise AnswerError(sentence)
    raise AnswerError(_first_difference(answers, true))


def answer(gradients: Any, problem: Problem) -> list[Array]:
    """The four gradients that the learner's function returns; AnswerError unless they are that."""
    copies = [value.copy() for value in (problem.X, problem.y, *problem.params)]
    returned = sequence(call(gradients, *copies, problem.l2), len(NAMES))
    if returned is None:
        raise AnswerError(f"The function must return four arrays: {', '.join(NAMES)}.")
    named = zip(NAMES, returned, problem.params, strict=True)
    return [array(name, value, p.shape) for name, value, p in named]


def agree(first: list[Array], second: list[Array]) -> bool:
    """Whether each two arrays agree, up to a part of the largest entry of the second."""
    pairs = zip(first, second, strict=True)
    return all(np.abs(a - b).max() <= _allowed(b) for a, b in pairs)


def _allowed(true: Array) -> float:
    return TOLERANCE * max(1.0, float(np.abs(true).max()))


def draw(rng: np.random.Generator) -> list[Problem]:
    """Networks and rows of many kinds, so that what is right for some of them only is found."""
    usual = [_problem(rng, (9, 3, 4), l2) for l2 in (0.3, 0.05, 0.0)]
    strengths = 10.0 ** rng.uniform((-3, -2, -1), (-2, -1, 1))
    sizes = [tuple(rng.integers(1, (12, 5, 6), endpoint=True)) for _ in strengths]
    others = [_problem(rng, size, float(l2)) for size, l2 in zip(sizes, strengths, strict=True)]
    steep = _problem(rng, (7, 4, 3), 0.1, scales=(300.0, 0.03, 1.0), least=100.0)
    strong = _problem(rng, (5, 2, 5), 5.0, scales=(0.02, 60.0, 1.0), least=100.0)
    active = _problem(rng, (8, 3, 4), 0.2, scales=(50.0, 1.0, 0.01), least=5.0)
    dead = [_problem(rng, (6, 3, 4), 0.4, dead=units) for units in (1, 2, 4)]
    return [*usual, *others, steep, strong, active, *dead]


def _problem(
    rng: np.random.Generator,
    size: tuple[int, ...],
    l2: float,
    scales: tuple[float, float, float] = (1.0, 1.0, 1.0),
    least: float = 0.0,
    dead: int = 0,
) -> Problem:
    """Draw rows and weights away from the kink of ReLU, where J has no derivative.

    scales  of X, of W1 and of W2 and the biases
    least   the largest entry of the gradients is at least this: clipping would cut it off
    dead    so many units are active for no row, and one feature is 0 in each; both still decay
    """
    n, d, h = size
    while True:
        X, W1, W2 = (
            scale * rng.standard_normal(shape)
            for scale, shape in zip(scales, ((n, d), (d, h), (h, 1)), strict=True)
        )
        b1, b2 = (scales[2] * rng.standard_normal((1, units)) for units in (h, 1))
        X[:, : dead > 0] = 0.0
        b1[:, :dead] -= np.abs(X @ W1).max(0)[:dead] + 3.0
        y = rng.integers(0, 2, (n, 1)).astype(float)
        problem = Problem(X, y, (W1, b1, W2, b2), l2)
        if _is_smooth(problem) and _steepest(problem) > least:
            return problem


def _is_smooth(problem: Problem) -> bool:
    """Whether a step of the central differences crosses no kink, and e^-z does not overflow."""
    X, _, params, _ = problem
    nearest = np.abs(X @ params[0] + params[1]).min()
    is_moderate = np.abs(network.logits(X, params)).max() < MAX_LOGIT
    return bool(is_moderate and nearest > TO_KINK * max(1.0, np.abs(X).max()))


def _steepest(problem: Problem) -> float:
    return max(float(np.abs(grad).max()) for grad in network.gradients(*problem))


def _slopes(problem: Problem) -> list[Array]:
    """Central differences of J by every parameter."""
    X, y, params, l2 = problem
    step = STEP / max(3.0, float(np.abs(X).max()))
    slopes = [np.empty_like(p) for p in params]
    for place, slope in enumerate(slopes):
        for index in np.ndindex(slope.shape):
            slope[index] = network.central_difference(X, y, params, place, index, l2, step)
    return slopes


def _mistakes(problems: list[Any]) -> Iterator[tuple[str, list[Array]]]:
    """Sentences, each with the gradients of all problems that this mistake gives."""
    data = [network.gradients(p.X, p.y, p.params) for p in problems]
    pairs = list(zip(problems, data, strict=True))
    for factors, sentence in FACTORS.items():
        yield (
            sentence,
            [
                dL + factor * l2 * p
                for (_, _, params, l2), grads in pairs
                for factor, dL, p in zip(factors, grads, params, strict=True)
            ],
        )
    for sentence, term in WRONG_TERMS.items():
        yield (
            sentence,
            [
                dL if place % 2 else dL + term(l2, len(X), params[place])
                for (X, _, params, l2), grads in pairs
                for place, dL in enumerate(grads)
            ],
        )


def _first_difference(answers: list[Array], true: list[Array]) -> str:
    off = [np.abs(answer - slope) for answer, slope in zip(answers, true, strict=True)]
    place = next(place for place, error in enumerate(off) if error.max() > _allowed(true[place]))
    row, column = np.unravel_index(np.argmax(off[place]), off[place].shape)
    return (
        f"{NAMES[place % 4]}[{row}, {column}] is {answers[place][row, column]:.6f}, "
        f"but the measured slope of J is {true[place][row, column]:.6f}."
    )


TASK = Task("l2-gradient", 4, TITLE, "l2", TEXT, STARTER, HINTS, SOLUTION, check)
