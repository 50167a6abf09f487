"""A notebook of a run, as JSON in the format of Jupyter, version 4.5. It stands alone."""

import json
import textwrap
from typing import Any

from regcore.export import numpy_code, preparation, pytorch
from regcore.export.recipe import Recipe
from regcore.export.words import added, suggestion

TITLE = """# A run of Regularization Lab

This notebook trains one run of the app again, from the table to the curves. It stands alone: it
needs NumPy, pandas and scikit-learn, Matplotlib for the curves, and PyTorch only for the last
part. Run its cells from top to bottom (Shift + Enter).

{exactness}"""
NETWORK = """## The network

{kind} `X` has one row for each of the {rows}; `y` is a column of 0s and 1s."""
LESSON = "These are the functions of the lesson, without the checks of their arguments."
LISTS = (
    "The functions of the lesson, for more layers: `Ws` and `bs` are lists of what was `W1`, `W2` "
    "and `b1`, `b2`."
)
TRAINING = """## Training

`train` is the lesson's loop. It also keeps the losses after every epoch (`history`){added}"""
RUN = """settings = dict(
{settings}
)
params, history = train(*parts["training"], **settings)
print({name!r}, "after", len(history) - 1, "epochs")"""
SCORES = """## The scores

Beside each figure stands the one that the page showed.{kept}{sealed}"""
KEPT = " They are the scores of the weights that early stopping kept."
CLOSED = (
    " The test set stays sealed, as on the page: open it once, when you have chosen. If you look "
    "at it again and again, you end up choosing by it, and its score is too optimistic."
)
TABLE = """scores = pd.DataFrame(
    {{
        name: {{"loss": loss(X, y, params), "accuracy": accuracy(X, y, params)}}
        for name, (X, y) in parts.items()
    }}
).T
page = pd.DataFrame(
    {{
{figures}
    }}
).T
scores.join(page.add_suffix(" on the page")).round(3)"""
CURVES = """try:
    import matplotlib.pyplot as plt
except ImportError:
    print("The curves need Matplotlib: pip install matplotlib")
else:
    pd.DataFrame(history).plot(xlabel="epoch", ylabel="loss (mean cross-entropy)")
    plt.show()"""
IN_PYTORCH = """## The same run in PyTorch

The same network with the same starting weights, for when you go on to larger ones. The comments
say where PyTorch differs from the lesson. {agree}"""
TORCH = """{imports}


def train_in_pytorch():
    import torch
    from torch import nn

{body}
    return model, history


if importlib.util.find_spec("torch") is None:
    print("PyTorch is not installed here: pip install torch")
else:
    model, torch_history = train_in_pytorch()
    last = pd.DataFrame({{"NumPy": history[-1], "PyTorch": torch_history[-1]}})
    print(last.round(6))"""
SAME = "Without dropout both runs have the same losses to at least six decimals."
MEAN = (
    "PyTorch draws different masks, so with dropout the losses agree only on average "
    "over many seeds."
)
CHANGE = """## Now change one thing

{suggestion} Change only one thing at a time; otherwise you cannot tell what made the difference."""


def notebook(recipe: Recipe) -> str:
    """The text of an .ipynb file that trains this run, compares and draws it."""
    cells = [*_data(recipe), *_network(recipe), *_results(recipe), *_in_pytorch(recipe)]
    cells += [_markdown(CHANGE.format(suggestion=suggestion(recipe))), _code("")]
    named = [cell | {"id": f"cell-{number}"} for number, cell in enumerate(cells, start=1)]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    content = {"cells": named, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content, ensure_ascii=False, indent=1)


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(text: str, is_folded: bool = False) -> dict[str, Any]:
    metadata = {"jupyter": {"source_hidden": True}} if is_folded else {}
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": metadata,
        "outputs": [],
        "source": text.splitlines(keepends=True),
    }


def _data(recipe: Recipe) -> list[dict[str, Any]]:
    source = recipe.source
    inside = [_code(source.inside, is_folded=True)] if source.inside else []
    return [
        _markdown(TITLE.format(exactness=recipe.exactness)),
        _code(preparation.imports(recipe)),
        _markdown(f"## The data\n\n{source.about}"),
        *inside,
        _code(f"{source.code}\ntable.head()"),
        _markdown(f"## Split and scale\n\n{preparation.described(recipe)}"),
        _code(preparation.preparation(recipe)),
    ]


def _network(recipe: Recipe) -> list[dict[str, Any]]:
    kind, rows = LISTS if recipe.is_deep else LESSON, recipe.source.rows
    named = (f"    {name}={value!r}," for name, value in numpy_code.settings(recipe).items())
    return [
        _markdown(NETWORK.format(kind=kind, rows=rows)),
        _code(numpy_code.functions(recipe)),
        _markdown(TRAINING.format(added=added(recipe))),
        _code(f"{numpy_code.losses(recipe)}\n\n\n{numpy_code.train(recipe)}"),
        _code(RUN.format(settings="\n".join(named), name=recipe.name)),
    ]


def _results(recipe: Recipe) -> list[dict[str, Any]]:
    kept = KEPT if recipe.config.patience else ""
    opening = f"{preparation.SEALED.strip()}\n" if recipe.sealed else ""
    return [
        _markdown(SCORES.format(kept=kept, sealed=CLOSED if recipe.sealed else "")),
        _code(opening + TABLE.format(figures=_figures(recipe))),
        _markdown("## The curves"),
        _code(CURVES),
    ]


def _figures(recipe: Recipe) -> str:
    rows = recipe.figures().items()
    row = '        "{}": {{"loss": {loss}, "accuracy": {accuracy}}},'
    return "\n".join(row.format(part, **scores) for part, scores in rows)


def _in_pytorch(recipe: Recipe) -> list[dict[str, Any]]:
    agree = MEAN if recipe.has_dropout else SAME
    imports = "import copy\n" * bool(recipe.config.patience) + "import importlib.util"
    body = textwrap.indent(pytorch.body(recipe), "    ")
    cell = _code(TORCH.format(imports=imports, body=body))
    return [_markdown(IN_PYTORCH.format(agree=agree)), cell]
