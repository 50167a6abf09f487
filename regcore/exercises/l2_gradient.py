"""Task 4: write the L2 gradient."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from regcore.checks import Array
from regcore.exercises.grading import AnswerError, Task, agree, array, call, graded
from regcore.nn import network
from regcore.nn.parameters import Params

NAMES = ("dW1", "db1", "dW2", "db2")
TOLERANCE = 1e-6  # central differences are good to 1e-9 here; mistakes are far larger
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
    (1, 0, 0, 0): "W1 has its term, W2 has none yet.",
    (0, 0, 1, 0): "W2 has its term, W1 has none yet.",
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


@graded
def check(gradients: Any) -> str:
    """`gradients(X, y, W1, b1, W2, b2, l2)`, compared with central differences of J."""
    rng = np.random.default_rng()
    problems = [(*_problem(rng), l2) for l2 in (0.3, 0.05, 0.0)]
    answers, true = [], []
    for X, y, params, l2 in problems:
        copies = [value.copy() for value in (X, y, *params)]
        answers += _checked(call(gradients, *copies, l2), params)
        true += _slopes(X, y, params, l2)
    if agree(answers, true, TOLERANCE):
        return (
            "Correct: on three random networks every entry agrees with the measured slope of J, "
            "to at least six digits."
        )
    for sentence, result in _mistakes(problems):
        if agree(answers, result, TOLERANCE):
            raise AnswerError(sentence)
    raise AnswerError(_first_difference(answers, true))


def _problem(rng: np.random.Generator) -> tuple[Array, Array, Params]:
    """Random rows and weights, away from the kink of ReLU, where J has no derivative."""
    while True:
        X, y = rng.standard_normal((9, 3)), rng.integers(0, 2, (9, 1)).astype(float)
        shapes = ((3, 4), (1, 4), (4, 1), (1, 1))
        params = tuple(rng.standard_normal(shape) for shape in shapes)
        if np.abs(X @ params[0] + params[1]).min() > 1e-3:
            return X, y, params


def _checked(returned: Any, params: Params) -> list[Array]:
    if type(returned) not in (tuple, list) or len(returned) != len(NAMES):
        raise AnswerError(f"The function must return four arrays: {', '.join(NAMES)}.")
    named = zip(NAMES, returned, params, strict=True)
    return [array(name, value, p.shape) for name, value, p in named]


def _slopes(X: Array, y: Array, params: Params, l2: float) -> list[Array]:
    """Central differences of J by every parameter."""
    slopes = [np.empty_like(p) for p in params]
    for place, slope in enumerate(slopes):
        for index in np.ndindex(slope.shape):
            slope[index] = network.central_difference(X, y, params, place, index, l2)
    return slopes


def _mistakes(problems: list[Any]) -> Iterator[tuple[str, list[Array]]]:
    """Sentences, each with the gradients of all problems that this mistake gives."""
    data = [network.gradients(X, y, params) for X, y, params, _ in problems]
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
    place = next(place for place, error in enumerate(off) if error.max() > TOLERANCE)
    row, column = np.unravel_index(np.argmax(off[place]), off[place].shape)
    return (
        f"{NAMES[place % 4]}[{row}, {column}] is {answers[place][row, column]:.6f}, "
        f"but the measured slope of J is {true[place][row, column]:.6f}."
    )


TASK = Task("l2-gradient", 4, TITLE, "l2", TEXT, STARTER, HINTS, SOLUTION, check)
