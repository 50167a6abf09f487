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
from sandbox.codec import NotPlain, decode, encode, name_of, with_article

FIGURE_TOLERANCE = 0.00051  # a figure rounded to three digits is right
DIFFERENCE_TOLERANCE = 2 * FIGURE_TOLERANCE  # of two such figures
SAME_KEY = 1e-6  # relative: np.float32(0.05) is the key 0.05


class Check(NamedTuple):
    """Whether an answer is right, None if the machine could not run it, and what to say of it."""

    ok: bool | None
    message: str


class Again(NamedTuple):
    """A second run of a right answer on other data, where its figures may agree by chance.

    prelude    code to run before the answer's
    is_needed  answer -> whether its figures leave it open
    objection  first answer, second answer -> a sentence, or None if all is right
    """

    prelude: str
    is_needed: Callable[[Any], bool]
    objection: Callable[[Any, Any], str | None]


@dataclass(frozen=True)
class Task:
    """One exercise. Texts are Markdown; `starter` and `solution` are whole Python files.

    name   identifies it in code; learners see its number
    topic  the page that explains it: "overfitting", "l2", "dropout" or "early stopping"
    check  answer -> Check; never raises, whatever the answer is or does
    wide   whether its charts need the full width of the page
    again  how code that passed is run once more, if at all
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
    again: Again | None = None

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
    """The plain result of the learner's function; AnswerError if it is no function or raises."""
    if not callable(function):
        raise AnswerError(f"A function is needed here, but this is {_kind(function)}.")
    try:
        return plain(function(*args), "What your function returns")
    except AnswerError:
        raise
    except Exception as error:
        raise AnswerError(f"Your function raised {type(error).__name__}.") from error


def plain(value: Any, name: str) -> Any:
    """`value` as it comes out of the sandbox: as one of Python's own types or an ndarray."""
    try:
        return decode(encode(value))
    except NotPlain as error:
        raise AnswerError(f"{name} is {error}.") from None


def number(name: str, value: Any) -> float:
    """A plain `value` as a finite float; an array of one number is one. AnswerError otherwise."""
    if value is None:
        raise AnswerError(f"Not answered yet: {name} is still None.")
    if isinstance(value, np.ndarray | np.generic) and value.size == 1:
        value = value.item()
    if type(value) not in (int, float):
        raise AnswerError(f"{name} is {_kind(value)}; it must be a number.")
    if not np.isfinite(value):
        raise AnswerError(f"{name} is {value}; it must be a finite number.")
    return float(value)


def array(name: str, value: Any, shape: tuple[int, ...]) -> Array:
    """`value` as floats; AnswerError unless it is an array of that shape and finite."""
    if value is None:
        raise AnswerError(f"{name} is None. Does your function return it?")
    if type(value) is not np.ndarray:
        raise AnswerError(f"{name} is {_kind(value)}; it must be a NumPy array.")
    if value.shape != shape:
        raise AnswerError(f"{name} has the shape {value.shape}; it must be {shape}.")
    if not np.isfinite(value).all():
        raise AnswerError(f"{name} holds values that are not finite numbers.")
    return value.astype(float)


def vector(name: str, value: Any, length: int) -> Array:
    """The numbers in a plain list, tuple or array, of whatever shape, as floats (length,).

    AnswerError unless there are just so many and all are finite.
    """
    if value is None:
        raise AnswerError(f"{name} is None. Does your function return it?")
    try:
        flat = np.ravel(value)
    except ValueError:  # items of several lengths
        flat = np.array([None])
    if type(value) is dict or flat.dtype.kind not in "iuf":
        raise AnswerError(f"{name} is {_kind(value)}; it must be an array or a list of numbers.")
    if len(flat) != length:
        raise AnswerError(f"{name} has the size {len(flat)}; it must be {length}.")
    return array(name, flat, (length,))


def sequence(value: Any, length: int) -> list[Any] | None:
    """The items of a plain tuple, list or array that has just so many; None otherwise."""
    is_sequence = type(value) in (tuple, list) or (type(value) is np.ndarray and value.ndim > 0)
    return list(value) if is_sequence and len(value) == length else None


def entries(answer: Any, keys: Sequence[Hashable], kind: str = "dict") -> list[Any]:
    """The values of a dict that has just these keys; AnswerError otherwise."""
    if answer is None:
        raise AnswerError("Not answered yet: the answer is still None.")
    answer = plain(answer, f"The {kind}")
    if type(answer) is not dict:
        raise AnswerError(f"A dict is needed here, but the {kind} is {_kind(answer)}.")
    given = [[value for name, value in answer.items() if _same_key(name, key)] for key in keys]
    if len(answer) != len(keys) or not all(len(values) == 1 for values in given):
        wanted = ", ".join(map(str, keys))
        raise AnswerError(f"The {kind} must have just these keys: {wanted}.")
    return [value for (value,) in given]


def _same_key(first: Any, second: Any) -> bool:
    if isinstance(first, str) or isinstance(second, str):
        return type(first) is type(second) and _words(first) == _words(second)
    return bool(np.isclose(first, second, rtol=SAME_KEY, atol=0.0))


def choice(name: str, value: Any, allowed: Sequence[str]) -> str:
    """The one of the `allowed` words that `value` is, in capitals or not; AnswerError otherwise."""
    if value is None:
        raise AnswerError(f"Not answered yet: {name} is still None.")
    for word in allowed:
        if type(value) is str and _words(value) == _words(word):
            return word
    raise AnswerError(f"{name} must be one of: {', '.join(allowed)}.")


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _kind(value: Any) -> str:
    return with_article(name_of(type(value)))


def agree(first: Any, second: Any, tolerance: float = FIGURE_TOLERANCE) -> bool:
    """Whether two lists of figures are the same up to `tolerance`."""
    pairs = zip(first, second, strict=True)
    return all(abs(a - b) <= tolerance for a, b in pairs)


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
