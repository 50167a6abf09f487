"""Source that prepares the data as `regcore.split` does: the same rows, filled and standardized."""

import ast
import inspect
from collections.abc import Callable, Sequence

from regcore.data.label_noise import STREAM
from regcore.data.splitting import whole_groups
from regcore.export.recipe import Recipe

STANDARD = ("import copy", "import csv", "import io")
SKLEARN = (
    "from sklearn.model_selection import train_test_split",
    "from sklearn.preprocessing import StandardScaler",
)
HEAD = """training, test = train_test_split(
    np.arange(len(y)), test_size=0.25, random_state={seed}, stratify=y
)"""
ASIDE = """
training, validation = train_test_split(
    training, test_size={size!r}, random_state={seed}, stratify=y[training]
)"""
FEWER = """
training, _ = train_test_split(  # train on fewer {rows}
    training, test_size={left_out}, random_state={seed}, stratify={stratify}
)"""
GROUPED = """{function}

aside = {name}(groups, y[:, 0], {seed}, 0.25)
training, test = np.flatnonzero(~aside), np.flatnonzero(aside)"""
GROUPED_ASIDE = """
aside = {name}(groups[training], y[training, 0], {seed}, {size!r})
training, validation = training[~aside], training[aside]"""
FLIP = """

draws = np.random.default_rng([{seed}, {stream}])  # which training labels are flipped
lies = training[draws.permutation(len(training))[: round({share!r} * len(training))]]
y = y.copy()
y[lies] = 1 - y[lies]"""
FILL = """
filler = SimpleImputer(strategy="median").fit(X[training])  # for missing values
X = filler.transform(X)"""
FLIPPED = (
    " As on the page, {:.0%} of the training labels are flipped: the network is told a lie about "
    "them. All other labels stay true."
)
SCALE = """
scaler = StandardScaler().fit(X[training])  # on the training rows only


def part(rows):
    \"\"\"Return the standardized inputs and the outcomes of these rows.\"\"\"
    return scaler.transform(X[rows]), y[rows]


parts = {{{parts}}}"""
SEALED = """
OPEN_THE_TEST_SET = False  # set it to True once, when you have chosen
if OPEN_THE_TEST_SET:
    parts["test"] = part(test)"""


def imports(recipe: Recipe, standard: Sequence[str] = (), others: Sequence[str] = ()) -> str:
    """The lines of import, Python's own first; more of them can be added."""
    lines = [*recipe.source.imports, *standard]
    own = sorted(line for line in lines if line in STANDARD)
    found = ["import numpy as np", "import pandas as pd", *SKLEARN, *others]
    found += [line for line in lines if line not in STANDARD]
    if recipe.source.missing:
        found.append("from sklearn.impute import SimpleImputer")
    found.sort(key=lambda line: (line.startswith("from"), line))
    return "\n".join([*own, *[""] * bool(own), *found])


def preparation(recipe: Recipe) -> str:
    """Source that makes `parts`: "training" -> (X, y), and so on."""
    seed, left_out = recipe.seed, recipe.rows_left_out
    head, aside = (GROUPED, GROUPED_ASIDE) if recipe.source.grouped else (HEAD, ASIDE)
    given = {"seed": seed, "size": recipe.validation_size, "name": whole_groups.__name__}
    text = head.format(function=_without_hints(whole_groups), **given)
    if recipe.validation_size:
        text += aside.format(**given)
    if left_out:
        stratify = "y[training]" if left_out > 1 else "None"
        rows = recipe.source.rows
        text += FEWER.format(left_out=left_out, seed=seed, stratify=stratify, rows=rows)
    if recipe.flipped:
        text += FLIP.format(seed=seed, stream=STREAM, share=recipe.flipped)
    if recipe.source.missing:
        text += FILL
    named = ", ".join(f'"{name}": part({name})' for name in recipe.parts)
    return text + SCALE.format(parts=named)


def _without_hints(function: Callable) -> str:
    """The source of a function without type hints, which need imports of their own."""
    (tree,) = ast.parse(inspect.getsource(function)).body
    assert isinstance(tree, ast.FunctionDef)
    tree.returns = None
    for argument in tree.args.args:
        argument.annotation = None
    return ast.unparse(tree)


def described(recipe: Recipe) -> str:
    """The sizes of the parts in words, and why only the training rows count for scaling."""
    split = recipe.split
    aside = split.validation
    rows = recipe.source.rows
    watched = f", {len(aside)} for validation" if aside is not None else ""
    return (
        f"{len(split.train)} {rows} to train on{watched} and {len(split.test)} for the test. The "
        "split is stratified: every part has about the same share of outcome 1. Mean and standard "
        "deviation come from the training rows alone, because the other parts stand for "
        f"{rows} that nobody has seen yet.{FLIPPED.format(recipe.flipped) * bool(recipe.flipped)}"
    )
