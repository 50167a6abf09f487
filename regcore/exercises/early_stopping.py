"""Task 6: write the early-stopping rule."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np

from regcore.exercises.grading import AnswerError, Task, call, graded, number, sequence
from regcore.training.early_stopping import Stop

LOSS_STEPS = (-0.5, -0.5, -0.25, -0.25, 0.0, 0.0, 0.25, 0.5)
Case = tuple[list[float], int, float]  # losses, patience, min_delta
NAN = float("nan")
Rule = Callable[..., tuple[int, int]]
TITLE = "Write the early-stopping rule"

TEXT = """
Write the rule that ends a run. It reads one validation loss per epoch, counted from 0, and
returns two epochs: that of the **best** loss and the one at which the run **stopped**.

A loss is better when it is below the best so far by **more than** `min_delta`. The run stops as
soon as `patience` epochs in a row were not better, or at the last loss. A loss that is not a
number (NaN) is never better.
"""

STARTER = '''def early_stopping(losses, patience, min_delta):
    """Return (best_epoch, stopped_epoch), both counted from 0."""
    best_epoch, stopped_epoch = 0, len(losses) - 1
    # your code here
    return best_epoch, stopped_epoch
'''

HINTS = (
    "Remember three things from epoch to epoch: the best loss, its epoch, and how long you have "
    "waited.",
    "Start with a best loss of infinity. A better loss resets the wait; any other adds one to it.",
    "`if loss < best - min_delta:` remember it, and wait = 0. `else:` wait += 1, and "
    "`if wait >= patience:` return.",
)

SOLUTION = '''def early_stopping(losses, patience, min_delta):
    """Return (best_epoch, stopped_epoch), both counted from 0."""
    best, best_epoch, wait = float("inf"), 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best - min_delta:
            best, best_epoch, wait = loss, epoch, 0
        else:
            wait += 1
            if wait >= patience:
                return best_epoch, epoch
    return best_epoch, len(losses) - 1
'''


@graded
def check(early_stopping: Any) -> str:
    """`early_stopping(losses, patience, min_delta)`, on random losses."""
    cases = draw(np.random.default_rng())
    answers = [answer(early_stopping, case) for case in cases]
    true = [RIGHT(*case) for case in cases]
    if answers == true:
        return (
            f"Correct on {len(cases)} records that you have not seen, including ties, small "
            "improvements and NaN losses."
        )
    for sentence, rule in MISTAKES.items():
        if answers == [rule(*case) for case in cases]:
            raise AnswerError(sentence)
    raise AnswerError(_first_difference(cases, answers, true))


def answer(early_stopping: Any, case: Case) -> tuple[int, int]:
    """The two epochs that the learner's rule returns; AnswerError if they are no such pair."""
    losses, *settings = case
    returned = call(early_stopping, list(losses), *settings)
    if returned is None:
        raise AnswerError("The function returns nothing. Does every path through it end in return?")
    pair = sequence(returned, 2)
    if pair is None:
        raise AnswerError("The function must return a pair of epochs: the best and the last.")
    best, last = (number("An epoch that you return", epoch) for epoch in pair)
    if best % 1 or last % 1:
        raise AnswerError("Both epochs must be whole numbers.")
    return int(best), int(last)


def draw(rng: np.random.Generator) -> list[Case]:
    """Cases that tell the right rule and all mistakes apart; draws again when two agree."""
    rules = (RIGHT, *MISTAKES.values())
    while True:
        cases = [case for case in _candidates(rng) if _is_clear(case)]
        if len({tuple(rule(*case) for case in cases) for rule in rules}) == len(rules):
            return cases


def _is_clear(case: Case) -> bool:
    """Whether some loss is best, and all ways to put the text in code agree on which."""
    others = (lambda loss, best, d: best - loss > d), (lambda loss, best, d: loss + d < best)
    true = RIGHT(*case)
    return all(_rule(better)(*case) == true for better in others) and case[0][true[0]] < np.inf


FIXED: list[Case] = [
    ([10.0, 9.0, 8.0, 9.0, 8.9, 8.8, 8.7, 8.6, 8.5], 2, 0.0),  # from the tests of Keras
    ([5.0, 4.0, 3.0, 2.0, 1.0], 2, 0.0),
    ([1.0, 2.0, 3.0, 4.0, 5.0], 3, 0.0),
    ([3.0, 2.0, NAN, 1.0, 2.0, 2.0, 2.0], 2, 0.0),
    ([3.0, 2.0, NAN, 3.0, 3.0], 2, 0.0),
    ([3.0, 2.0, 2.5, NAN, 3.0, 3.0], 2, 0.0),
    ([NAN, 3.0, 2.0, 4.0, 4.0, 4.0], 2, 0.0),
    ([NAN, NAN, 3.0, 2.0, 4.0, 4.0, 4.0], 3, 0.5),
    ([np.inf, 3.0, 2.0, 4.0, 4.0, 4.0], 2, 0.0),
    ([1e300, 1e299, 1e298, 1e299, 1e299], 2, 0.0),
    ([-1.0, -2.0, -3.0, -2.5, -4.0, -3.0, -3.0], 2, 0.5),
    ([0.6934, 0.6933, 0.6932, 0.6933, 0.6933], 2, 0.0),
    ([0.5000003, 0.5000002, 0.5000001, 0.5000002, 0.5000002], 2, 0.0),
    ([0.7], 1, 0.0),
    ([0.7, 0.6], 5, 0.0),
]


def _candidates(rng: np.random.Generator) -> Iterator[Case]:
    """Falling, rising and wandering losses, of which some are missing at the start or later."""
    yield from FIXED
    for patience, min_delta, _ in product((1, 2, 3, 5), (0.0, 0.5), range(4)):
        # on a coarse grid, which is exact in binary: ties and improvements of exactly min_delta
        walk = 20.0 + np.cumsum(rng.choice(LOSS_STEPS, 24))
        yield walk.tolist(), patience, min_delta
    for scale, missing in product(10.0 ** rng.uniform((-9, -3, 0, 3), (-3, 0, 3, 5)), (0, 1, 3)):
        walk = rng.choice((2.0, 100.0, 1e5)) - np.cumsum(rng.standard_normal(30) + 0.2)
        walk[rng.integers(1, 30, missing)] = NAN
        walk[: rng.integers(0, 1 + missing)] = NAN
        min_delta = float(scale * rng.choice((0.0, 0.2, 1.3)))
        yield (scale * walk).tolist(), int(rng.integers(4, 9)), min_delta


def _first_difference(cases: list[Case], answers: list[Any], true: list[Any]) -> str:
    place = next(i for i, (a, b) in enumerate(zip(answers, true, strict=True)) if a != b)
    losses, patience, min_delta = cases[place]
    read = [f"{loss:.12g}" for loss in losses[: true[place][1] + 2]]
    shown = ", ".join(read + ["…"] * (len(read) < len(losses)))
    return (
        f"For the losses {shown} with patience {patience} and min_delta {min_delta:.12g} your "
        f"rule returns {answers[place]}. That is not what the text says."
    )


def _rule(
    better: Callable[[float, float, float], bool] = lambda loss, best, d: loss < best - d,
    stops: Callable[[int, int], bool] = lambda wait, patience: wait >= patience,
    moves: Callable[[float, float], bool] = lambda loss, best: False,
    resets_wait: bool = True,
) -> Rule:
    """A wrong rule, e.g. one whose best `moves` to a loss that is not better."""

    def rule(losses: list[float], patience: int, min_delta: float) -> tuple[int, int]:
        best, best_epoch, wait = np.inf, 0, 0
        for epoch, loss in enumerate(losses):
            if better(loss, best, min_delta):
                best, best_epoch, wait = loss, epoch, 0 if resets_wait else wait
            else:
                wait += 1
                if stops(wait, patience):
                    return best_epoch, epoch
                best = loss if moves(loss, best) else best
        return best_epoch, len(losses) - 1

    return rule


def _changed(change: Callable[[Stop, list[float]], tuple[int, int]]) -> Rule:
    """A wrong rule that makes its answer from the right one and all losses."""
    return lambda losses, *settings: change(Stop(*RIGHT(losses, *settings)), losses)


RIGHT = _rule()  # the rule of `training.early_stopping.replay`, without its checks


MISTAKES = {  # a sentence for the learner -> the rule with this mistake
    "The rule never stops: it waits for the last loss whatever happens.": _rule(
        stops=lambda wait, patience: False
    ),
    "Nothing is implemented yet: every run is said to be best at its start.": _changed(
        lambda stop, losses: (0, len(losses) - 1)
    ),
    "You wait one epoch too long. Stop as soon as patience epochs in a row have passed "
    "without improvement.": _rule(stops=lambda wait, p: wait > p),
    "You stop one epoch too early. Stop only when patience epochs in a row "
    "have passed without improvement.": _rule(stops=lambda wait, p: wait >= p - 1),
    "The best loss moves although nothing improved, "
    "so a rising loss looks better and better.": _rule(moves=lambda loss, best: True),
    "A loss that only equals the best counts as better. Better means strictly below.": _rule(
        better=lambda loss, best, d: loss <= best - d
    ),
    "You stop one epoch late: check the wait when it grows, not at the next loss.": _changed(
        lambda stop, losses: (stop.best, min(stop.stopped + 1, len(losses) - 1))
    ),
    "An improvement of exactly min_delta counts as better. It must be larger than that.": _rule(
        better=lambda loss, best, d: loss < best and best - loss >= d
    ),
    "A loss that is not a number became the best. It must never count as better.": _rule(
        better=lambda loss, best, d: not loss >= best - d
    ),
    "You start from the first loss. When it is not a number, nothing is below it.": _rule(
        better=lambda loss, best, d: best == np.inf or loss < best - d
    ),
    "min_delta has no effect yet.": _rule(better=lambda loss, best, d: loss < best),
    "min_delta has the wrong sign: a loss above the best counts as better.": _rule(
        better=lambda loss, best, d: loss < best + d
    ),
    "An improvement smaller than min_delta still moves the best loss. "
    "It must leave it unchanged.": _rule(moves=lambda loss, best: loss < best),
    "The wait is never reset, so it counts all bad epochs, not those in a row.": _rule(
        resets_wait=False
    ),
    "The best epoch comes from the whole record. "
    "The rule cannot know what comes after it stops.": _changed(
        lambda stop, losses: (int(np.nanargmin(losses)), stop.stopped)
    ),
    "The two epochs are swapped.": _changed(lambda stop, losses: (stop.stopped, stop.best)),
    "The last epoch is returned as the best: those weights are not the ones to keep.": _changed(
        lambda stop, losses: (stop.stopped, stop.stopped)
    ),
    "Epochs are counted from 0; yours start at 1.": _changed(
        lambda stop, losses: (stop.best + 1, stop.stopped + 1)
    ),
}

TASK = Task("early-stopping", 6, TITLE, "early stopping", TEXT, STARTER, HINTS, SOLUTION, check)
