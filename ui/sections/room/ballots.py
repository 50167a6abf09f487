"""What a class is asked, as plain values, and which votes each question takes.

A vote comes from a browser, so `checked` returns None for whatever is not one.
"""

import math
from bisect import bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ui import verdicts
from ui.text import count

Vote = int | tuple[float, ...]
MAX_TEXT, MAX_OPTIONS = 1000, 8  # characters, answers
HANDLES = 12  # numbers in a drawing


@dataclass(frozen=True)
class Choice:
    """One of a few answers; a vote is its place, from 0.

    about  what distinguishes the question from another one on the same page: its settings
    """

    topic: str
    text: str
    options: tuple[str, ...]
    about: Hashable = None

    def __post_init__(self) -> None:
        _check_size(self.text, *self.options)

    def checked(self, vote: object) -> Vote | None:
        """Return the vote, or None."""
        return vote if type(vote) is int and 0 <= vote < len(self.options) else None

    def labels(self) -> tuple[str, ...]:
        """Return the names of the bars."""
        return self.options

    def place(self, vote: int) -> int:
        """Return to which bar a vote belongs."""
        return vote

    def told(self, vote: Vote) -> str:
        """Return a vote in words."""
        return self.options[vote] if isinstance(vote, int) else ""


@dataclass(frozen=True)
class Moment:
    """An epoch from 1 to `last`; its bars are ranges of epochs."""

    topic: str
    text: str
    last: int
    about: Hashable = None

    def __post_init__(self) -> None:
        _check_size(self.text)

    def choices(self) -> tuple[int, ...]:
        """Return the epochs that a voter can choose."""
        return verdicts.epoch_choices(self.last)

    def checked(self, vote: object) -> Vote | None:
        """Return the vote, or None."""
        return vote if type(vote) is int and 1 <= vote <= self.last else None

    def labels(self) -> tuple[str, ...]:
        """Return the names of the bars: 1 to 9, 10 to 19, 20 to 49, ..."""
        edges = [*self._edges(), self.last + 1]
        return tuple(_range(low, high - 1) for low, high in pairwise(edges))

    def place(self, vote: int) -> int:
        """Return to which bar an epoch belongs; 0, before the first one, counts as 1."""
        return bisect_right(self._edges(), min(max(vote, 1), self.last)) - 1

    def told(self, vote: Vote) -> str:
        """Return a vote in words."""
        return f"epoch {count(vote)}" if isinstance(vote, int) else ""

    def _edges(self) -> list[int]:
        powers = range(1, len(str(self.last)))
        return [1, *(e for p in powers for f in (1, 2, 5) if (e := f * 10**p) <= self.last)]


@dataclass(frozen=True)
class Curve:
    """A drawing: the value of a loss at each of these epochs, from 0 to `top`.

    part, name  of the loss to draw: "test", "test loss with λ = 0.05"
    known       the lines beside it, as rows (epoch, value, part, run)
    """

    topic: str
    text: str
    epochs: tuple[int, ...]
    top: float
    about: Hashable = None
    part: str = "test"
    name: str = "loss"
    known: tuple[tuple[int, float, str, str], ...] = ()

    def __post_init__(self) -> None:
        _check_size(self.text, self.name)
        if len(self.epochs) != HANDLES:
            raise ValueError(f"There are {len(self.epochs)} epochs; there must be {HANDLES}.")

    def checked(self, vote: object) -> Vote | None:
        """Return the drawing as floats, or None."""
        if not isinstance(vote, Sequence) or isinstance(vote, str) or len(vote) != HANDLES:
            return None
        fits = all(type(v) in (int, float) and 0.0 <= v <= self.top for v in vote)
        return tuple(map(float, vote)) if fits and all(map(math.isfinite, vote)) else None

    def told(self, vote: Vote) -> str:
        """Return a vote in words."""
        return "a drawing"


Ballot = Choice | Moment | Curve


def is_asked(asked: Ballot | None, ballot: Ballot) -> bool:
    """Whether a class is asked this question, by its answers or by a drawing."""
    by_drawing = isinstance(asked, Curve) and asked.topic == ballot.topic
    return asked == ballot or (by_drawing and asked is not None and asked.about == ballot.about)


def _check_size(text: str, *options: str) -> None:
    if len(options) > MAX_OPTIONS or max(map(len, (text, *options))) > MAX_TEXT:
        allowed = f"at most {MAX_OPTIONS} answers and {MAX_TEXT} characters for each text"
        raise ValueError(f"The question has {len(options)} answers; there may be {allowed}.")


def _range(low: int, high: int) -> str:
    return count(low) if low == high else f"{count(low)} to {count(high)}"
