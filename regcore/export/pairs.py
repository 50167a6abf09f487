"""The lines of a run in NumPy and in PyTorch, side by side, with what to look out for."""

import textwrap
from collections.abc import Sequence
from typing import NamedTuple

from regcore import lesson
from regcore.export import numpy_code, pytorch
from regcore.export.recipe import Recipe
from regcore.export.train_lines import BATCHES, Lines, lines_for
from regcore.source import without


class Pair(NamedTuple):
    """What both do, their lines of code ("" where there are none), and a remark in Markdown."""

    title: str
    numpy: str
    torch: str
    remark: str


FORWARD = "`nn.Linear` is `X @ W + b`. There is no sigmoid at the end, because the loss applies it."
DROPOUT = (
    "`nn.Dropout(p)` drops with probability p, as here; some texts call p the share that is kept. "
    "Its masks differ, so the losses agree only on average over many seeds."
)
START = (
    "PyTorch starts from other weights and biases, both uniform within ±1/√(number of inputs). For "
    "the same run ours are copied into it, transposed."
)
LOSS = (
    "`BCEWithLogitsLoss` takes the logits Z, not probabilities. After a sigmoid it would apply a "
    "second one: training then runs without an error, and badly."
)
GRADIENT = (
    "`backward()` computes what the lesson derives by hand. The gradients of two calls add up, so "
    "`zero_grad()` comes first."
)
DECAY = (
    "`weight_decay` is λ, but it shrinks every parameter that it gets, the biases too. So the "
    "weights and the biases are two groups. The `weight_decay` of `AdamW` is not L2: it shrinks "
    "the weights directly, not through the gradient."
)
STEP = "The optimizer holds the parameters and, with momentum, their velocities."
BATCH = "`DataLoader` shuffles and cuts in the same way; here both take the same random order."
MODES = (
    "`model.eval()` turns dropout off, `model.train()` on again. If you forget `eval()`, you "
    "measure "
    "a network with units missing."
)
EVALUATION = (
    "`no_grad()` saves the work for gradients. `model.eval()` changes nothing in this network, "
    "but it would with dropout: make it a habit."
)
WATCH = (
    "PyTorch has no early stopping of its own. `state_dict()` refers to the weights themselves, "
    "so it needs a copy, or the best weights would train on."
)
NUMBERS = (
    "NumPy calculates in float64, PyTorch in float32 unless told otherwise. That is enough to "
    "train, but after a long run the last digits differ."
)


def pairs(recipe: Recipe) -> list[Pair]:
    """The pairs for this run, in the order in which training meets them."""
    lines, torch = lines_for(recipe), pytorch.torch_of(recipe)
    forward = FORWARD + " " + DROPOUT if recipe.has_dropout else FORWARD
    first = next(n for n, line in enumerate(lines.gradient) if line.startswith("dZ"))
    step = [*(lines.momentum if recipe.config.momentum else ()), *lines.update]
    loss, losses = map(_bare, numpy_code.losses(recipe).split("\n\n\n"))
    found = [
        Pair("The numbers", "", _bare(torch.numbers), NUMBERS),
        Pair("The network", _forward(recipe, lines), torch.model, forward),
        Pair("The starting weights", _start(recipe), _bare(torch.start), START),
        Pair("The loss", loss, _bare(torch.loss), LOSS),
        Pair("The gradient", _joined(lines.gradient[first:]), _lines(torch.step, 1, 3), GRADIENT),
        Pair("The step", _joined(step), _lines(torch.step, 3, 4), STEP),
        Pair("The scores", losses, torch.evaluation, EVALUATION),
    ]
    return [*found[:5], *_tools(recipe, lines, torch), *found[5:]]


def _tools(recipe: Recipe, lines: Lines, torch: pytorch.Torch) -> list[Pair]:
    """The pairs that only some runs have."""
    config, tools = recipe.config, []
    decays = _joined([line for line in lines.gradient if "l2" in line])
    if config.l2:
        tools.append(Pair("L2", decays, _bare(torch.optimizer), DECAY))
    if recipe.has_dropout:
        modes = f"{_lines(torch.step, 0, 1)}\n...\n{torch.evaluation.splitlines()[1].strip()}"
        tools.append(Pair("Dropout", _joined(lines.masks), modes, MODES))
    if recipe.batch_size is not None:
        tools.append(Pair("Mini-batches", _joined(BATCHES), textwrap.dedent(torch.batches), BATCH))
    if config.patience:
        rule = _joined(numpy_code.watch(recipe, lines.params))
        stop = f"{_bare(textwrap.dedent(torch.watch))}\n...\n{torch.after}"
        tools.append(Pair("Early stopping", rule, stop, WATCH))
    return tools


def _forward(recipe: Recipe, lines: Lines) -> str:
    """The forward pass of training."""
    if recipe.is_deep:
        functions = numpy_code.functions(recipe).split("\n\n\n")
        return _body(next(text for text in functions if text.startswith("def forward")))
    if recipe.has_dropout:
        return _joined(lines.gradient[:3])
    return _body(without(lesson.forward, "checks"))


def _start(recipe: Recipe) -> str:
    source = numpy_code.DEEP_INIT if recipe.is_deep else without(lesson.init_params, "checks")
    return _body(source)


def _body(source: str) -> str:
    """The body of a function without its docstring."""
    return textwrap.dedent("\n".join(source.splitlines()[2:]))


def _bare(source: str) -> str:
    """The source without docstrings and lines of comment: the remark says the same."""
    lines = source.splitlines()
    return _joined([line for line in lines if not line.strip().startswith(("#", '"""'))])


def _lines(source: str, start: int, end: int) -> str:
    return _joined(textwrap.dedent(source).splitlines()[start:end])


def _joined(lines: Sequence[str]) -> str:
    return textwrap.dedent("\n".join(lines))
