"""Grading: the result of a check, and the tools that all checks use.

A check computes the right answer and the answer that each known mistake would give. A wrong
answer gets the sentence of the mistake that it agrees with.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, NamedTuple

import numpy as np

from regcore.checks import Array
from sandbox import AnswerError, MachineError

FIGURE_TOLERANCE = 0.00051  # a figure rounded to three digits is right
DIFFERENCE_TOLERANCE = 2 * FIGURE_TOLERANCE  # of two such figures
_NUMBERS = (int, float, np.float64, np.float32, np.int64, np.int32)


class Check(NamedTuple):
    """Whether an answer is right, None if the machine could not run it, and what to say of it."""

    ok: bool | None
    message: str


@dataclass(frozen=True)
class Task:
    """One exercise. Texts are Markdown; `starter` and `solution` are whole Python files.

    name   identifies it in code; learners see its number
    topic  the page that explains it: "overfitting", "l2", "dropout" or "early stopping"
    check  answer -> Check; never raises, whatever the answer is or does
    wide   whether its charts need the full width of the page
    """

    name: str
    number: int
    title: str
    topic: str
    text: str
    starter: str
    hints: tuple[str, str, str]
    solution: str
    check: Callable[[Any], Check]
    wide: bool = False

    @property
    def functions(self) -> list[str]:
        """The names that an answer defines, which are those that the starter defines.

        The check gets the function, or a tuple of several; without any, the variable `answer`.
        """
        return re.findall(r"^def (\w+)", self.starter, re.MULTILINE)


def graded(judge: Callable[[Any], str]) -> Callable[[Any], Check]:
    """Turn a judge, which returns praise or raises AnswerError, into a check."""

    @wraps(judge)
    def check(answer: Any) -> Check:
        try:
            return Check(True, judge(answer))
        except MachineError:  # the learner's function could not be called: nothing is judged
            raise
        except AnswerError as wrong:
            return Check(False, str(wrong))

    return check


def call(function: Any, *args: Any) -> Any:
    """The result of the learner's function; AnswerError when it is not a function or raises."""
    if not callable(function):
        raise AnswerError(f"A function is needed here, but this is a {type(function).__name__}.")
    try:
        return function(*args)
    except AnswerError:
        raise
    except Exception as error:
        raise AnswerError(f"Your function raised {type(error).__name__}.") from error


def number(name: str, value: Any) -> float:
    """`value` as a finite float; AnswerError unless its type is exactly a number's."""
    if value is None:
        raise AnswerError(f"Not answered yet: {name} is still None.")
    if type(value) not in _NUMBERS:
        raise AnswerError(f"{name} is a {type(value).__name__}; it must be a number.")
    try:
        converted = float(value)
    except OverflowError:  # an integer too large for a float
        converted = np.inf
    if not np.isfinite(converted):
        raise AnswerError(f"{name} is {converted}; it must be a finite number.")
    return converted


def array(name: str, value: Any, shape: tuple[int, ...]) -> Array:
    """`value` as floats; AnswerError unless it is an array of that shape and finite."""
    if value is None:
        raise AnswerError(f"{name} is None. Does your function return it?")
    if type(value) is not np.ndarray or value.dtype.kind not in "fiub":
        raise AnswerError(f"{name} is a {type(value).__name__}; it must be a NumPy array.")
    if value.shape != shape:
        raise AnswerError(f"{name} has the shape {value.shape}; it must be {shape}.")
    if not np.isfinite(value).all():
        raise AnswerError(f"{name} holds values that are not finite numbers.")
    return value.astype(float)


def entries(answer: Any, keys: Sequence[Hashable], kind: str = "dict") -> list[Any]:
    """The values of a dict that has just these keys; AnswerError otherwise."""
    if answer is None:
        raise AnswerError("Not answered yet: the answer is still None.")
    if type(answer) is not dict:
        raise AnswerError(f"A dict is needed here, but the {kind} is a {type(answer).__name__}.")
    # a malicious key could claim to equal another, so only plain ones are looked up
    plain = {key: value for key, value in answer.items() if type(key) in (str, int, float)}
    missing = [str(key) for key in keys if key not in plain]
    if missing or len(answer) != len(keys):
        wanted = ", ".join(map(str, keys))
        raise AnswerError(f"The {kind} must have just these keys: {wanted}.")
    return [plain[key] for key in keys]


def choice(name: str, value: Any, allowed: Sequence[str]) -> str:
    """Return `value`; AnswerError unless it is one of the `allowed` words."""
    if value is None:
        raise AnswerError(f"Not answered yet: {name} is still None.")
    if type(value) is not str or value not in allowed:
        raise AnswerError(f"{name} must be one of: {', '.join(allowed)}.")
    return value


def agree(first: Any, second: Any, tolerance: float = FIGURE_TOLERANCE) -> bool:
    """Whether two lists of numbers or arrays are the same up to `tolerance`."""
    pairs = zip(first, second, strict=True)
    return all(np.allclose(a, b, rtol=0.0, atol=tolerance, equal_nan=True) for a, b in pairs)


def same_figures(
    answer: Mapping[str, float],
    true: Sequence[float],
    mistakes: Mapping[str, Sequence[float]],
    tolerance: float = FIGURE_TOLERANCE,
) -> None:
    """Raise AnswerError unless the figures agree, with the sentence of the matching mistake."""
    values = list(answer.values())
    if agree(values, true, tolerance):
        return
    for sentence, result in mistakes.items():
        if agree(values, result, tolerance):
            raise AnswerError(sentence)
    if agree(values, np.multiply(true, 100.0), 0.051):
        raise AnswerError("These look like percentages. Give fractions between 0 and 1.")
    name = next(n for n, a, b in zip(answer, values, true, strict=True) if abs(a - b) > tolerance)
    raise AnswerError(
        f"{name} is {answer[name]:.4g} here, and in a real run it differs by more than rounding to "
        "three digits explains."
    )
