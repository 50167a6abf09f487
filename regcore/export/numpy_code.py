"""The network and its training in NumPy, as source: the lesson's own lines where there are any.

With one hidden layer the functions are those of `regcore.lesson`, and `train` is the lesson's,
with lines added for what the run uses. Deeper networks have lists in place of W1 and W2.
"""

from collections.abc import Sequence
from typing import Any

from regcore import lesson
from regcore.export.recipe import Recipe
from regcore.export.train_lines import BATCHES, DRAWS, ORDER, Lines, lines_for
from regcore.source import without

WIDTH = 88  # of a line of code in a notebook


def functions(recipe: Recipe) -> str:
    """The functions of the network: the lesson's, or those with lists."""
    if not recipe.is_deep:
        names = (lesson.sigmoid, lesson.relu, lesson.init_params, lesson.forward, lesson.accuracy)
        return "\n\n\n".join(without(name, "checks") for name in names)
    shared = [without(lesson.sigmoid, "checks"), without(lesson.relu, "checks")]
    return "\n\n\n".join([*shared, DEEP_INIT, _deep_forward(recipe.has_dropout), DEEP_ACCURACY])


DEEP_INIT = '''def init_params(sizes, seed=1):
    """Return (Ws, bs): weights normal with standard deviation 0.1, biases zero."""
    rng = np.random.default_rng(seed)
    shapes = list(zip(sizes, sizes[1:]))
    Ws = [rng.standard_normal(shape) * 0.1 for shape in shapes]
    bs = [np.zeros((1, size)) for size in sizes[1:]]
    return Ws, bs'''
DEEP_ACCURACY = '''def accuracy(X, y, params):
    """Fraction of rows whose prediction A[-1] > 0.5 agrees with y (n, 1)."""
    Zs, As = forward(X, *params)
    return float(np.mean((As[-1] > 0.5) == y))'''


def _deep_forward(has_dropout: bool) -> str:
    masks = ", masks=None" if has_dropout else ""
    masked = """
        if masks is not None and layer < len(masks):
            As[-1] = As[-1] * masks[layer]"""
    loop = "for layer, (W, b) in enumerate(zip(Ws, bs)):" if masks else "for W, b in zip(Ws, bs):"
    return f'''def forward(X, Ws, bs{masks}):
    """Return (Zs, As); As[0] is X, As[-1] (n, 1) holds the probability of outcome 1."""
    Zs, As = [], [X]
    {loop}
        Zs.append(As[-1] @ W + b)
        As.append(relu(Zs[-1])){masked if masks else ""}
    As[-1] = sigmoid(Zs[-1])  # the last layer has no ReLU
    return Zs, As'''


def losses(recipe: Recipe) -> str:
    """The functions `loss`, of some rows, and `losses`, of all parts."""
    last = "forward(X, *params)[0][-1]" if recipe.is_deep else "forward(X, *params)[2]"
    return f'''def loss(X, y, params):
    """Mean binary cross-entropy: -log A where y is 1, -log(1 - A) where it is 0."""
    Z = {last}
    # the same, written with Z: exact even where A rounds to 0 or 1
    return float(np.mean(np.logaddexp(0, Z) - y * Z))


def losses(*params):
    """The loss of each part, without the penalty of L2 and with dropout off."""
    return {{
        name: loss(X, y, params)
        for name, (X, y) in parts.items()
    }}'''


def train(recipe: Recipe) -> str:
    """The lesson's `train` with a history, and with the lines that this run needs."""
    lines, patience = lines_for(recipe), recipe.config.patience
    body = [*lines.gradient, *(lines.momentum if recipe.config.momentum else ()), *lines.update]
    if recipe.has_dropout:
        body = [*lines.masks, *body]
    if recipe.batch_size is not None:
        body = [*BATCHES, *_indented(body)]
    body.append(f"history.append(losses({lines.params}))")
    kept = "kept" if patience else f"({lines.params})"
    body += watch(recipe, lines.params) if patience else []
    head = [*_before(recipe, lines), "for _ in range(epochs):", *_indented(body)]
    head.append(f"return {kept}, history")
    return "\n".join([_signature(recipe, lines.first), *_indented(head)])


WATCH = """if history[-1]["validation"] < best - min_delta:
    best, waited = history[-1]["validation"], 0
    kept = {params}
else:
    waited += 1
if waited >= patience:
    break"""


def watch(recipe: Recipe, params: str) -> list[str]:
    """The rule of early stopping after an epoch."""
    text = WATCH.format(params=params)
    return (text if recipe.config.min_delta else text.replace(" - min_delta", "")).splitlines()


def _before(recipe: Recipe, lines: Lines) -> list[str]:
    """What stands before the loop."""
    added = [*lines.start, *(lines.velocity if recipe.config.momentum else ())]
    added += [ORDER] * (recipe.batch_size is not None) + [DRAWS] * recipe.has_dropout
    added.append(f"history = [losses({lines.params})]")
    if recipe.config.patience:
        added += ['best, waited = history[0]["validation"], 0', f"kept = {lines.params}"]
    return added


def settings(recipe: Recipe) -> dict[str, Any]:
    """The arguments of `train` for this run, by name."""
    config = recipe.config
    sizes = config.hidden_sizes
    size = {"hidden_sizes": sizes} if recipe.is_deep else {"n_hidden": sizes[0]}
    always = {"lr": config.lr, "epochs": recipe.epochs, "l2": config.l2, "seed": config.seed}
    optional = {
        "momentum": config.momentum or None,
        "dropout": config.dropout if recipe.has_dropout else None,
        "batch_size": recipe.batch_size,
        "patience": config.patience,
        "min_delta": config.min_delta or None if config.patience else None,
    }
    return size | always | {name: value for name, value in optional.items() if value is not None}


def _signature(recipe: Recipe, first: str) -> str:
    names = ", ".join(["X", "y", first, *(n for n in settings(recipe) if n != first)])
    short = f"def train({names}):"
    return (
        '@np.errstate(all="ignore")  # what overflows is seen in the losses\n'
        + (short if len(short) <= WIDTH else f"def train(\n    {names}\n):")
        + '\n    """Gradient descent with these settings. Returns the weights and the losses."""'
    )


def _indented(lines: Sequence[str]) -> list[str]:
    return ["    " + line for line in lines]
