"""What a drawn curve says about its learner's idea, and what is refused."""

import numpy as np
import pytest

from regcore import PRESETS
from regcore.experiments.drawn_curve import IDEAS, POINTS, checked, drawn_epochs, judge, true_values
from tests.support.helpers import message_of, run

EPOCHS = drawn_epochs(5000)  # 0, 1, 4, 9, 21, 47, 100, 220, 490, 1,100, 2,300, 5,000
HEIGHT = 2.5
TURNS = (0.70, 0.69, 0.64, 0.56, 0.50, 0.48, 0.50, 0.55, 0.59, 0.78, 1.35, 2.02)  # at 47
FALLS = (0.70, 0.69, 0.64, 0.57, 0.51, 0.49, 0.49, 0.49, 0.49, 0.49, 0.49, 0.49)
RISES = (0.70, 0.72, 0.75, 0.80, 0.85, 0.95, 1.10, 1.30, 1.60, 1.90, 2.20, 2.40)
LEVEL = (0.70,) * POINTS
LOWER = (*TURNS[:-1], 1.3)
TREMBLING = np.array([1, -1, 1, 1, -1, 1, -1, -1, 1, -1, 1, -1]) * 0.04


def line(*ends: float) -> tuple[float, ...]:
    """Twelve values on straight lines between values that are evenly apart."""
    return tuple(np.interp(np.linspace(0, 1, POINTS), np.linspace(0, 1, len(ends)), ends))


def valley(at: int, end: float = 2.0, low: float = 0.45) -> tuple[float, ...]:
    """From 0.7 down to the handle `at`, and up to the end."""
    return tuple(np.interp(range(POINTS), [0, at, POINTS - 1], [0.7, low, end]))


def but(values: tuple[float, ...], place: int, value: float) -> tuple[float, ...]:
    """The same with one handle moved."""
    return (*values[:place], value, *values[place + 1 :])


SIDEWAYS = (0.70, 0.69, 0.5, 0.48, 0.48, 0.48, 0.48, 0.48, 0.48, 0.6, 1.3, 2.0)
DRAWINGS = {
    # the truth turns
    "the truth itself": (TURNS, TURNS, "right"),
    "turn at its epoch": (valley(5), TURNS, "right"),
    "turn one handle early": (valley(4), TURNS, "right"),
    "turn one handle late": (valley(6), TURNS, "right"),
    "right, trembling": (np.array(TURNS) + TREMBLING, TURNS, "right"),
    "right, one handle moved": (but(TURNS, 3, 0.7), TURNS, "right"),
    "right, a flat valley around the turn": (SIDEWAYS, TURNS, "right"),
    "turn two handles early": (valley(3), TURNS, "too early"),
    "turn at the first epoch": (valley(1), TURNS, "too early"),
    "too early, trembling": (np.array(valley(2)) + TREMBLING, TURNS, "too early"),
    "turn two handles late": (valley(7), TURNS, "too late"),
    "turn near the end": (valley(10), TURNS, "too late"),
    "too late, trembling": (np.array(valley(8)) + TREMBLING, TURNS, "too late"),
    "too late and too low": (valley(9, 0.8, 0.1), TURNS, "too late"),
    "right turn, all too high": (np.array(valley(5, 1.3)) + 0.6, LOWER, "too high"),
    "falls to zero": (line(0.7, 0.0), TURNS, "falls"),
    "falls and levels off": (FALLS, TURNS, "falls"),
    "falls, trembling": (np.array(FALLS) + TREMBLING, TURNS, "falls"),
    "falls with a small bump": (but(line(0.7, 0.1), 6, 0.45), TURNS, "falls"),
    "falls and rises a little": (but(FALLS, 11, 0.56), TURNS, "falls"),
    "falls at the last handle alone": (but(LEVEL, 11, 0.2), TURNS, "falls"),
    "rises from the start": (RISES, TURNS, "rises"),
    "rises, trembling": (np.array(RISES) + TREMBLING, TURNS, "rises"),
    "rises after a small dip": (but(RISES, 1, 0.62), TURNS, "rises"),
    "flat": (LEVEL, TURNS, "flat"),
    "flat at zero": ((0.0,) * POINTS, TURNS, "flat"),
    "flat at the top": ((HEIGHT,) * POINTS, TURNS, "flat"),
    "flat, trembling": (np.array(LEVEL) + TREMBLING, TURNS, "flat"),
    "flat, one handle moved a little": (but(LEVEL, 5, 0.75), TURNS, "flat"),
    "flat, the last handle moved up": (but(LEVEL, 11, 1.5), TURNS, "rises"),
    "flat, one handle moved down": (but(LEVEL, 5, 0.3), TURNS, "ends too low"),
    "flat, one handle moved up": (but(LEVEL, 5, 1.5), TURNS, "peaks"),
    "up and down": (line(0.7, 2.0, 0.5), TURNS, "peaks"),
    "down, up and down": (line(0.7, 0.2, 1.5, 0.3), TURNS, "waves"),
    "a comb": (line(*[0.5, 1.5] * 6), TURNS, "waves"),
    "right turn, ends below its start": (valley(5, 0.65), TURNS, "ends too low"),
    "right turn, ends too high": (valley(5, 2.5), LOWER, "ends too high"),
    "right turn, wholly too low": (valley(5, 0.8, 0.1), TURNS, "too low"),
    "as high as could be drawn": (valley(5, HEIGHT), but(TURNS, 11, 9.0), "right"),
    # the truth falls and stays low
    "the level truth itself": (FALLS, FALLS, "right"),
    "a straight fall to the right end": (line(0.7, 0.5), FALLS, "right"),
    "falls on to zero": (line(0.7, 0.0), FALLS, "too low"),
    "falls, but hardly": (np.array(FALLS) + 0.4, FALLS, "too high"),
    "turns, though the truth does not": (valley(5), FALLS, "turns"),
    "rises, though the truth falls": (RISES, FALLS, "rises"),
    # the truth rises, or does nothing
    "rises as the truth does": (RISES, RISES, "right"),
    "rises, but not enough": (line(0.7, 1.1), RISES, "ends too low"),
    "turns, though the truth rises": (valley(5), RISES, "turns"),
    "flat as the truth": (LEVEL, LEVEL, "right"),
    "flat, but too high": ((1.5,) * POINTS, LEVEL, "too high"),
    "turns, though nothing happens": (valley(5), LEVEL, "turns"),
}


@pytest.mark.parametrize(("drawn", "truth", "idea"), DRAWINGS.values(), ids=DRAWINGS)
def test_a_drawing_says_which_idea_is_in_it(drawn, truth, idea):
    assert judge(tuple(drawn), truth, EPOCHS, HEIGHT).idea == idea


def test_there_are_at_least_forty_drawings_with_all_ideas():
    assert len(DRAWINGS) >= 40
    assert {idea for _, _, idea in DRAWINGS.values()} == set(IDEAS)


def test_the_judgment_names_the_turns_and_the_true_shape():
    judgment = judge(valley(9), TURNS, EPOCHS, HEIGHT)
    assert judgment == ("too late", "turns", EPOCHS[9], 47)
    assert judge(SIDEWAYS, TURNS, EPOCHS, HEIGHT).drew == 47  # the middle of its valley
    assert judge(valley(5), FALLS, EPOCHS, HEIGHT).shape == "falls"


REFUSED = {
    "nothing": (None, TypeError, "must be a list of 12 numbers"),
    "a text": ("0.5" * 4, TypeError, "must be a list of 12 numbers"),
    "a number": (0.5, TypeError, "must be a list"),
    "an object": ({"0": 0.5}, TypeError, "must be a list"),
    "no value": ([], ValueError, "has 0 values; it must have 12"),
    "11 values": ([0.5] * 11, ValueError, "has 11 values"),
    "13 values": ([0.5] * 13, ValueError, "has 13 values"),
    "a million values": ([0.5] * 10**6, ValueError, "has 1,000,000 values"),
    "NaN": ([float("nan"), *LEVEL[1:]], ValueError, "Value 1 of the drawing is nan"),
    "infinity": ([*LEVEL[1:], float("inf")], ValueError, "Value 12 of the drawing is inf"),
    "below 0": ([-0.1, *LEVEL[1:]], ValueError, "a number from 0 to 100"),
    "above 100": ([101, *LEVEL[1:]], ValueError, "a number from 0 to 100"),
    "too long a number": ([10**5000, *LEVEL[1:]], ValueError, "too long to print"),
    "a truth": ([True, *LEVEL[1:]], ValueError, "Value 1 of the drawing is True"),
    "a missing value": ([None, *LEVEL[1:]], ValueError, "is None"),
    "texts": (["0.5"] * 12, ValueError, "Value 1 of the drawing is '0.5'"),
    "nested": ([[0.5]] * 12, ValueError, "Value 1 of the drawing is [0.5]"),
}


@pytest.mark.parametrize(("values", "error", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_drawing_is_refused_in_a_sentence(values, error, words):
    message = message_of(checked, values, error=error)
    assert words in message and len(message) < 300


def test_what_is_a_drawing_is_taken():
    assert checked([0, 100, *LEVEL[2:]]) == (0.0, 100.0, *LEVEL[2:])


@pytest.mark.parametrize("last", [11, 12, 30, 100, 2000, 5000, 20_000, 100_000])
def test_the_epochs_of_a_drawing_begin_at_0_and_rise_to_the_last(last):
    epochs = drawn_epochs(last)
    assert len(epochs) == POINTS
    assert epochs[0] == 0 and epochs[-1] == last
    assert all(np.diff(epochs) > 0)


def test_too_short_a_run_cannot_be_drawn():
    assert "last is 10" in message_of(drawn_epochs, 10)


@pytest.mark.parametrize("height", [0, -1, float("nan"), float("inf"), "2", True])
def test_a_height_that_is_none_is_refused(height):
    assert "height is" in message_of(judge, TURNS, TURNS, EPOCHS, height)


def test_the_truth_of_a_run_that_diverged_is_the_highest_loss():
    recorded, losses = np.arange(4.0), np.array([0.7, 0.6, np.inf, np.nan])
    epochs = (0, 1, 2, 3, 50)
    assert true_values(recorded, losses, epochs) == (0.7, 0.6, 100.0, 100.0, 100.0)


@pytest.mark.slow
@pytest.mark.parametrize(("l2", "shape"), [(0.0, "turns"), (0.05, "falls")])
def test_the_lesson_s_own_curves_have_the_shapes_that_it_tells_of(l2, shape):
    history = run(PRESETS["memorize"].but(l2=l2)).history
    truth = true_values(history.epoch, history.test_loss, EPOCHS)
    judgment = judge(truth, truth, EPOCHS, HEIGHT)
    assert (judgment.idea, judgment.shape) == ("right", shape)
    assert l2 or 20 < judgment.was < 100
