"""Run the lesson's `train` one statement at a time, and record what each statement gives.

What runs is the source itself: each statement is compiled from its syntax tree and executed among
the names of its function, and a call of another function of the lesson is stepped into. So the
weights at the end are those of `lesson.train` to the last bit; a test holds the two equal.
"""

import ast
import copy
import inspect
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from regcore import lesson
from regcore.blas import one_blas_thread
from regcore.checks import Array
from regcore.training.statements import STATEMENTS, STEPPED, Statement, definition, penalty

MAX_FEATURES = 8  # whose values are recorded
EPOCHS = (1, 2, 3, 10, 100, 1000)  # that are recorded
MAX_PRODUCTS = 1e9  # of an input with a weight, in all epochs: a second or two
SIZES = {5: "n", 3: "d", 2: "h", 1: "1"}  # of the run that shows what the axes of an array are

Names = dict[str, Any]
BY_NODE = {each.node: each for each in STATEMENTS}


class Values(NamedTuple):
    """What one statement read and gave, and the terms of its sum if one of them is L2's."""

    reads: Names
    gives: Names
    terms: Names


class Number(NamedTuple):
    """A value as a step shows it.

    axes    rows "n", units "h", features "d", or "1"; "" for a number that is no array
    sample  its numbers for the chosen rows and units and the first features, without the axes of
            length 1; None if it is neither a number nor an array
    """

    name: str
    shape: tuple[int, ...]
    axes: str
    sample: Array | None


class Step(NamedTuple):
    """A statement that has run, by its place; the epoch (0: before the loop); its numbers."""

    place: int
    epoch: int
    reads: tuple[Number, ...]
    gives: tuple[Number, ...]
    terms: tuple[Number, ...]


@dataclass(frozen=True)
class Recording:
    """The recorded steps of a run, and its weights after the last epoch."""

    steps: tuple[Step, ...]
    params: tuple[Array, ...]

    @property
    def nbytes(self) -> int:
        """About how much memory it takes."""
        numbers = (n for step in self.steps for n in (*step.reads, *step.gives, *step.terms))
        samples = sum(200 + (0 if n.sample is None else n.sample.nbytes) for n in numbers)
        return samples + sum(param.nbytes for param in self.params)


def record(
    X: Array,
    y: Array,
    rows: Sequence[int],
    units: Sequence[int],
    l2: float = 0.0,
    start: int = 1,
    epochs: Collection[int] = EPOCHS,
    **settings: Any,
) -> Recording:
    """Train as `lesson.train(X, y, **settings)` does; return a Recording of these epochs.

    rows, units  whose numbers are recorded
    l2           the strength from epoch `start` on; before, it is 0
    """
    steps: list[Step] = []
    chosen = {"n": list(rows), "h": list(units), "d": list(range(MAX_FEATURES)), "1": [0]}

    def observe(statement: Statement, epoch: int, values: Values) -> None:
        numbers = [_numbers(statement, names, chosen) for names in values]
        steps.append(Step(statement.place, epoch, *numbers))

    params = _Run(observe, l2, start, epochs).train(X, y, epochs=max(epochs), **settings)
    return Recording(tuple(steps), params)


def affordable(shape: tuple[int, int], n_hidden: int) -> tuple[int, ...]:
    """Return those of EPOCHS that take no more than a second or two on a table of this shape."""
    rows, features = shape
    most = max(MAX_PRODUCTS / (rows * (features + 1) * n_hidden), EPOCHS[2])
    return tuple(epoch for epoch in EPOCHS if epoch <= most)


class _Run:
    """One run of `train`. observe(statement, epoch, values) is told of each recorded step."""

    def __init__(
        self,
        observe: Callable[[Statement, int, Values], None],
        l2: float,
        start: int,
        epochs: Collection[int],
    ) -> None:
        self.observe, self.epochs, self.epoch = observe, epochs, 0
        self.l2, self.start = l2, start

    def train(self, *args: Any, **settings: Any) -> tuple[Array, ...]:
        with one_blas_thread(), np.errstate(all="ignore"):
            return self.call("train", *args, **settings)

    def call(self, function: str, *args: Any, **named: Any) -> Any:
        """Run the body of a function; return what it returns."""
        bound = inspect.signature(getattr(lesson, function)).bind(*args, **named)
        bound.apply_defaults()
        return self.block(definition(function).body, dict(bound.arguments))

    def block(self, body: list[ast.stmt], names: Names) -> Any:
        for node in body:
            if isinstance(node, ast.For):
                self.loop(node, names)
            else:
                value = self.step(node, names)
                if isinstance(node, ast.Return):
                    return value
        return None

    def loop(self, node: ast.For, names: Names) -> None:
        """The loop over the epochs; those that are not recorded run at full speed."""
        assert isinstance(node.target, ast.Name)
        body = compile(ast.Module(node.body, []), lesson.__file__, "exec")
        for epoch, counted in enumerate(_evaluate(node.iter, names), 1):
            self.epoch, names[node.target.id] = epoch, counted
            names["l2"] = self.l2 if self.epoch >= self.start else 0.0
            if self.epoch in self.epochs:
                self.tell(BY_NODE[node], _known(BY_NODE[node].reads, names), {}, {})
                self.block(node.body, names)
            else:
                exec(body, vars(lesson), names)

    def step(self, node: ast.stmt, names: Names) -> Any:
        """Run one statement among `names`; return what a return statement returns."""
        statement = BY_NODE[node]
        reads, terms = _known(statement.reads, names), _terms(node, names)
        ready, value = _SteppedInto(self, names).visit(copy.deepcopy(node)), None
        if isinstance(ready, ast.Return) and ready.value:
            value = _evaluate(ready.value, names)
            parts = value if isinstance(value, tuple) else (value,)
            gives = dict(zip(statement.targets, parts, strict=True))
        else:
            exec(compile(ast.Module([ready], []), lesson.__file__, "exec"), vars(lesson), names)
            gives = _known(statement.targets, names)
        self.tell(statement, reads, gives, terms)
        return value

    def tell(self, statement: Statement, reads: Names, gives: Names, terms: Names) -> None:
        if not statement.aside:
            self.observe(statement, self.epoch, Values(reads, gives, terms))


class _SteppedInto(ast.NodeTransformer):
    """Replaces each call of a stepped function by what it returned."""

    def __init__(self, run: _Run, names: Names) -> None:
        self.run, self.names = run, names

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if not isinstance(node.func, ast.Name) or node.func.id not in STEPPED:
            return node
        args = [_evaluate(arg, self.names) for arg in node.args]
        named = {str(each.arg): _evaluate(each.value, self.names) for each in node.keywords}
        returned = f"returned by {node.func.id}"  # no name that the source could have
        self.names[returned] = self.run.call(node.func.id, *args, **named)
        return ast.copy_location(ast.Name(returned, ast.Load()), node)


def _evaluate(node: ast.expr, names: Names) -> Any:
    return eval(compile(ast.Expression(node), lesson.__file__, "eval"), vars(lesson), names)


def _known(wanted: Sequence[str], names: Names) -> Names:
    return {name: names[name] for name in wanted if name in names}


def _terms(node: ast.stmt, names: Names) -> Names:
    total = penalty(node)
    parts = (total.left, total.right) if total else ()
    return {ast.unparse(part): _evaluate(part, names) for part in parts}


def _numbers(
    statement: Statement, names: Names, chosen: Mapping[str, list[int]]
) -> tuple[Number, ...]:
    axes = axes_of()
    return tuple(
        _number(name, value, axes[statement.place, name], chosen) for name, value in names.items()
    )


def _number(name: str, value: Any, axes: str, chosen: Mapping[str, list[int]]) -> Number:
    """Sample a value at the chosen rows and units."""
    if not isinstance(value, (np.ndarray, int, float)):
        return Number(name, (), "", None)
    array = np.asarray(value)
    for place, (axis, size) in enumerate(zip(axes, np.shape(value), strict=True)):
        array = np.take(array, [k for k in chosen[axis] if k < size], place)
    singles = tuple(place for place, axis in enumerate(axes) if axis == "1")
    return Number(name, np.shape(value), axes, array.squeeze(singles))


@cache
def axes_of() -> dict[tuple[int, str], str]:
    """Return the axes of every value, by the place of its statement and its name.

    They are seen in a run in which the rows, the features and the units differ in number.
    """
    n, d, h, _ = SIZES
    axes: dict[tuple[int, str], str] = {}

    def observe(statement: Statement, _: int, values: Values) -> None:
        for names in values:
            for name, value in names.items():
                axes[statement.place, name] = "".join(SIZES[size] for size in np.shape(value))

    X = np.random.default_rng(0).standard_normal((n, d))
    _Run(observe, 0.0, 1, (1,)).train(X, np.ones((n, 1)), n_hidden=h, epochs=1)
    return axes
