"""A loss curve as a learner expects it: twelve values by hand, judged by their shape.

A drawing and the true curve are compared by their moves (falls, turns, ...), by the epoch of the
turn and by the height of the end. A move that is small beside the height of the axis is none, so
that a trembling hand says nothing.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from regcore.checks import ABOVE_ZERO, MAX_EPOCHS, MAX_FLOAT, Array, real, shown, whole

POINTS = 12
MAX_LOSS = 100.0  # a loss from which a diverging run does not come back
TREMOR = 0.04  # of the height of the axis: a smaller move is none
TURN_FACTOR = 3.0  # by which the turn may come too early or too late
HEIGHT_FACTOR = 0.25  # of the true loss, by which a right height may be off

FALLS, RISES, FLAT, TURNS, PEAKS, WAVES = SHAPES = (
    *("falls", "rises", "flat", "turns", "peaks", "waves"),
)
RIGHT, EARLY, LATE, HIGH, LOW, END_HIGH, END_LOW = (
    *("right", "too early", "too late", "too high", "too low", "ends too high", "ends too low"),
)
IDEAS = (*SHAPES, RIGHT, EARLY, LATE, HIGH, LOW, END_HIGH, END_LOW)

_MOVES = {(): FLAT, (-1,): FALLS, (1,): RISES, (-1, 1): TURNS, (1, -1): PEAKS}


class Judgment(NamedTuple):
    """What a drawing says, beside the truth.

    idea   one of IDEAS: the drawing's own shape if the truth has another, else what differs
    shape  the shape of the true curve, one of SHAPES
    drew   the epoch of the lowest drawn value, in the middle of a flat valley
    was    the same of the true curve
    """

    idea: str
    shape: str
    drew: int
    was: int


def drawn_epochs(last: int) -> tuple[int, ...]:
    """Return the twelve epochs of a drawing, from 0 to `last`.

    They are evenly spaced on the axis log(1 + epoch), and rounded to two digits. Raises ValueError
    unless last is from 11 to 100,000.
    """
    last = whole("last", last, POINTS - 1, MAX_EPOCHS)
    epochs: list[int] = []
    for exact in np.geomspace(1.0, last + 1.0, POINTS) - 1.0:
        rounded = int(float(f"{round(exact):.2g}"))
        epochs.append(max(rounded, epochs[-1] + 1) if epochs else 0)
    return (*epochs[:-1], last)


def checked(values: Any) -> tuple[float, ...]:
    """Return the twelve losses of a drawing that came from a browser or a file.

    Raises TypeError unless values is a list or a tuple, and ValueError unless it holds twelve
    numbers from 0 to 100.
    """
    if type(values) not in (list, tuple):
        raise TypeError(f"The drawing is {shown(values)}; it must be a list of {POINTS} numbers.")
    if len(values) != POINTS:
        raise ValueError(f"The drawing has {len(values):,} values; it must have {POINTS}.")
    allowed = f"a number from 0 to {MAX_LOSS:g}"
    places = enumerate(values, 1)
    return tuple(real(f"Value {n} of the drawing", v, 0.0, MAX_LOSS, allowed) for n, v in places)


def true_values(recorded: Array, losses: Array, epochs: Sequence[int]) -> tuple[float, ...]:
    """Return the true loss at the epochs of a drawing.

    recorded, losses  a column of a History, (n,), and its epochs, (n,)

    Between two recorded epochs it is interpolated. After the end of a run that diverged it is
    MAX_LOSS, as is any larger loss.
    """
    usable = np.nan_to_num(np.asarray(losses, float), nan=MAX_LOSS, posinf=MAX_LOSS)
    values = np.interp(epochs, recorded, np.clip(usable, 0.0, MAX_LOSS), right=MAX_LOSS)
    return tuple(values.tolist())


def judge(
    drawn: Sequence[float], truth: Sequence[float], epochs: Sequence[int], height: float
) -> Judgment:
    """Compare a drawing with the truth, both losses at the same twelve `epochs`.

    height  the largest loss that could be drawn; above it the truth counts as that

    Raises what `checked` raises, and ValueError unless height is above 0.
    """
    height = real("height", height, ABOVE_ZERO, MAX_FLOAT, "above 0 and finite")
    ours, theirs = (np.minimum(checked(values), height) for values in (drawn, truth))
    shapes = [shape(values, TREMOR * height) for values in (ours, theirs)]
    turns = [turn(values, TREMOR * height, epochs) for values in (ours, theirs)]
    if shapes[0] != shapes[1]:
        idea = shapes[0]
    elif shapes[0] == TURNS and (late := _side(*turns)):
        idea = LATE if late > 0 else EARLY
    else:
        idea = _height(ours, theirs, TREMOR * height)
    return Judgment(idea, shapes[1], *turns)


def shape(values: Array, tremor: float) -> str:
    """Return the shape of a curve, one of SHAPES. Moves of at most `tremor` are none.

    Of more than two moves those that are smaller than twice that are left out, too.
    """
    for least in (tremor, 1.5 * tremor, 2.0 * tremor):
        if name := _MOVES.get(moves(values, least)):
            return name
    return WAVES


def moves(values: Array, least: float) -> tuple[int, ...]:
    """Return the directions, 1 or -1 by turns, in which a curve moves by more than `least`."""
    found: list[int] = []
    low = high = values[0]  # since the last move began
    for value in values[1:]:
        low, high = min(low, value), max(high, value)
        if value - low > least and found[-1:] != [1]:
            found, high = [*found, 1], value
        elif high - value > least and found[-1:] != [-1]:
            found, low = [*found, -1], value
    return tuple(found)


def turn(values: Array, tremor: float, epochs: Sequence[int]) -> int:
    """Return the epoch of the lowest value; in the middle of a valley that is nearly flat."""
    lowest = int(np.argmin(values))
    is_low = values <= values[lowest] + tremor / 4.0
    first, last = lowest, lowest
    while first > 0 and is_low[first - 1]:
        first -= 1
    while last + 1 < len(values) and is_low[last + 1]:
        last += 1
    return epochs[(first + last) // 2]


def _side(drew: int, was: int) -> int:
    """Return -1 if a turn was drawn too early, 1 if too late, else 0."""
    ratio = max(drew, 1) / max(was, 1)
    return int(ratio > TURN_FACTOR) - int(ratio < 1.0 / TURN_FACTOR)


def _height(ours: Array, theirs: Array, tremor: float) -> str:
    """Return what is wrong with the height of a curve of the right shape."""
    off = [_off(ours[-1], theirs[-1], tremor), _off(ours.min(), theirs.min(), tremor)]
    if off[0] and off[0] == off[1]:
        return HIGH if off[0] > 0 else LOW
    return {0: RIGHT, 1: END_HIGH, -1: END_LOW}[off[0]]


def _off(drawn: float, true: float, tremor: float) -> int:
    """Return -1 if a value was drawn too low, 1 if too high, else 0.

    Ends on either side of the curve's start are more than two tremors apart.
    """
    band = max(2.0 * tremor, HEIGHT_FACTOR * true)
    return int(drawn - true > band) - int(true - drawn > band)
