"""The lines of the training loop: the lesson's own, and the same with lists for deeper networks."""

import ast
import re
import textwrap
from collections.abc import Sequence
from typing import NamedTuple

from regcore import lesson
from regcore.export.recipe import Recipe
from regcore.source import lines_of, source_of


class Lines(NamedTuple):
    """The lines of one kind of network, from which `train` is put together.

    params    the names of its parameters
    first     what its first argument about size is called
    start     starting weights and what else is needed before the loop
    velocity  the same for momentum
    masks     a draw of masks for dropout
    gradient  from the forward pass to all gradients
    momentum  the new velocities
    update    the step
    """

    params: str
    first: str
    start: Sequence[str]
    velocity: Sequence[str]
    masks: Sequence[str]
    gradient: Sequence[str]
    momentum: Sequence[str]
    update: Sequence[str]


def _lesson_loop() -> list[str]:
    """The lines in the loop of `lesson.train`."""
    source = source_of(lesson.train)
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.FunctionDef)
    (loop,) = (one for one in node.body if isinstance(one, ast.For))
    body = source.splitlines()[loop.body[0].lineno - 1 : lines_of(loop.body[-1])[-1]]
    return textwrap.dedent("\n".join(body)).splitlines()


LOOP = _lesson_loop()
ONE = Lines(
    "W1, b1, W2, b2",
    "n_hidden",
    ["W1, b1, W2, b2 = init_params(X.shape[1], n_hidden, seed)", "n = len(X)"],
    ["vW1, vb1, vW2, vb2 = [np.zeros_like(p) for p in (W1, b1, W2, b2)]"],
    ["drawn = draws.random((n_hidden, n)).T", "mask = (drawn >= dropout) / (1 - dropout)"],
    LOOP[:-2],
    [
        "vW1, vb1 = momentum * vW1 + dW1, momentum * vb1 + db1",
        "vW2, vb2 = momentum * vW2 + dW2, momentum * vb2 + db2",
    ],
    LOOP[-2:],
)
DEEP = Lines(
    "Ws, bs",
    "hidden_sizes",
    [
        "Ws, bs = init_params([X.shape[1], *hidden_sizes, 1], seed)",
        "dWs, dbs = [None] * len(Ws), [None] * len(bs)",
        "n = len(X)",
    ],
    ["vWs, vbs = [np.zeros_like(W) for W in Ws], [np.zeros_like(b) for b in bs]"],
    [
        "drawn = [draws.random((h, n)).T for h in hidden_sizes]",
        "masks = [(u >= dropout) / (1 - dropout) for u in drawn]",
    ],
    [
        "Zs, As = forward(X, Ws, bs)",
        "dZ = (As[-1] - y) / n",
        "for layer in reversed(range(len(Ws))):",
        "    dWs[layer] = As[layer].T @ dZ + l2 * Ws[layer]",
        "    dbs[layer] = dZ.sum(axis=0, keepdims=True)",
        "    if layer > 0:",
        "        dZ = (dZ @ Ws[layer].T) * (Zs[layer - 1] > 0)",
    ],
    [
        "vWs = [momentum * v + dW for v, dW in zip(vWs, dWs)]",
        "vbs = [momentum * v + db for v, db in zip(vbs, dbs)]",
    ],
    [
        "Ws = [W - lr * dW for W, dW in zip(Ws, dWs)]",
        "bs = [b - lr * db for b, db in zip(bs, dbs)]",
    ],
)
IN_DROPOUT = {  # lines of the lesson, and of lists, as dropout changes them
    "Z1, A1, _, A2 = forward(X, W1, b1, W2, b2)": [
        "Z1 = X @ W1 + b1",
        "A1 = relu(Z1) * mask",
        "A2 = sigmoid(A1 @ W2 + b2)",
    ],
    "dZ1 = (dZ2 @ W2.T) * (Z1 > 0)": ["dZ1 = (dZ2 @ W2.T) * mask * (Z1 > 0)"],
    "Zs, As = forward(X, Ws, bs)": ["Zs, As = forward(X, Ws, bs, masks)"],
    "        dZ = (dZ @ Ws[layer].T) * (Zs[layer - 1] > 0)": [
        "        dA = (dZ @ Ws[layer].T) * masks[layer - 1]",
        "        dZ = dA * (Zs[layer - 1] > 0)",
    ],
}
IN_BATCH = {r"\bX\b": "X[rows]", r"\by\b": "y[rows]", r"\bn\b": "len(rows)"}
ORDER = "order = np.random.default_rng([seed, 1])  # a stream of random numbers of its own"
DRAWS = "draws = np.random.default_rng([seed, 2])  # another one, for the masks"
BATCHES = [
    "cuts = range(batch_size, n, batch_size)",
    "for rows in np.split(order.permutation(n), cuts):",
]


def lines_for(recipe: Recipe) -> Lines:
    """The lines for the network of this run, as dropout, momentum and batches change them."""
    lines = DEEP if recipe.is_deep else ONE
    gradient, update, masks = list(lines.gradient), list(lines.update), list(lines.masks)
    if recipe.has_dropout:
        gradient = [new for line in gradient for new in IN_DROPOUT.get(line, [line])]
    if recipe.config.momentum:
        update = [re.sub(r"\bd([Wb]\w*)", r"v\1", line) for line in update]
    if recipe.batch_size is not None:
        gradient, masks = ([_in_batch(line) for line in part] for part in (gradient, masks))
    return lines._replace(gradient=gradient, update=update, masks=masks)


def _in_batch(line: str) -> str:
    for name, part in IN_BATCH.items():
        line = re.sub(name, part, line)
    return line
