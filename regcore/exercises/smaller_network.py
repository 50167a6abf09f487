"""Task 2: does a smaller network overfit less?"""

from collections.abc import Sequence
from typing import Any

from regcore.exercises import grading, reference_runs
from regcore.exercises.grading import AnswerError, Task, graded

UNITS = (64, 4)
SAME_GAP = 3  # units, whose gap is that of 4 units here, except in its last digits
OTHER_SEED = 7  # with it, the gap of 4 units is off that of 1, 2, 3, 5, 6 and 8 by 0.01 or more
OTHER_TOLERANCE = 0.005
OTHER_SPLIT = f"""import regcore as _regcore
_split = _regcore.split
_regcore.split = lambda *data, **how: _split(*data, **({{"seed": {OTHER_SEED}}} | how))
"""
KEYS = ("gap with 64 units", "gap with 4 units", "smaller gap")
TOOLS = ("4 units", "64 units with L2")
TITLE = "A smaller network"

TEXT = """
Is a smaller network the answer to overfitting? Train 4 hidden units and 64, both without L2 and
for 2,000 steps of plain gradient descent, and measure their gaps. Then compare with 64 units and
λ = 0.05: which of the two tools leaves the **smaller gap**?
"""

STARTER = """from regcore import lesson, load_diabetes, split

patients = split(load_diabetes())
train, test = patients.train, patients.test

# your code here:
# lesson.train has an argument n_hidden

answer = {
    "gap with 64 units": None,
    "gap with 4 units": None,
    # "4 units" or "64 units with L2"
    "smaller gap": None,
}
"""

HINTS = (
    "Train three times: 64 units, 4 units, and 64 units with λ = 0.05.",
    "`lesson.train(train.X, train.y, n_hidden=4)` trains the small one.",
    "Write a function `gap(**settings)` that trains with `lesson.train(train.X, train.y, "
    "**settings)` and returns the difference of the two accuracies. Call it three times.",
)

SOLUTION = """from regcore import lesson, load_diabetes, split

patients = split(load_diabetes())
train, test = patients.train, patients.test


def gap(**settings):
    weights = lesson.train(train.X, train.y, **settings)
    on_train = lesson.accuracy(train.X, train.y, weights)
    return on_train - lesson.accuracy(test.X, test.y, weights)


small, decayed = gap(n_hidden=4), gap(l2=0.05)
answer = {
    "gap with 64 units": gap(),
    "gap with 4 units": small,
    "smaller gap": "4 units" if small < decayed else "64 units with L2",
}
"""


@graded
def check(answer: Any) -> str:
    """`answer` has the two gaps without L2, and which tool leaves the smaller gap."""
    large, small, tool = grading.entries(answer, KEYS, "answer")
    given = zip(KEYS[:2], (large, small), strict=True)
    figures = {name: grading.number(f"The {name}", value) for name, value in given}
    true = [reference_runs.gap(reference_runs.run(units=n)) for n in UNITS]
    grading.same_figures(figures, true, _mistakes(true), grading.DIFFERENCE_TOLERANCE)
    if figures[KEYS[1]] == reference_runs.gap(reference_runs.run(units=SAME_GAP)) != true[1]:
        raise AnswerError(f"The {KEYS[1]} is that of {SAME_GAP} units, to its last digit.")
    right = TOOLS[reference_runs.gap(reference_runs.run(0.05)) < true[1]]
    if grading.choice("The smaller gap", tool, TOOLS) != right:
        raise AnswerError(
            "Both gaps are right. Now compare 64 units with λ = 0.05 to 4 units: it is the other "
            "way around."
        )
    return (
        "Correct: it matches three real runs. A smaller network does overfit less, but it is the "
        "blunter tool: it can no longer bend where it should. On one split, though, the "
        "difference comes down to a few patients."
    )


def _is_rounded(answer: Any) -> bool:
    """Whether the gap with 4 units has too few digits to tell it from that of 3."""
    gap = grading.number(KEYS[1], grading.entries(answer, KEYS)[1])
    return gap != reference_runs.gap(reference_runs.run(units=UNITS[1]))


def _objection(answer: Any, other: Any) -> str | None:
    """What the gaps on another split tell against the code; those typed in do not change."""
    pairs = zip(grading.entries(answer, KEYS), grading.entries(other, KEYS), strict=True)
    for name, units, (before, now) in zip(KEYS, UNITS, pairs, strict=False):
        true = reference_runs.gap(reference_runs.run(units=units, seed=OTHER_SEED))
        if now != before and abs(grading.number(name, now) - true) > OTHER_TOLERANCE:
            return (
                f"On another split of the patients, the {name} is {now:.4f} in your code and "
                f"{true:.4f} in a real run."
            )
    return None


def _mistakes(true: list[float]) -> dict[str, Sequence[float]]:
    run = reference_runs.run
    train, test = zip(*(reference_runs.scores(run(units=n)) for n in UNITS), strict=True)
    with_l2 = [reference_runs.gap(run(0.05, n)) for n in UNITS]
    memorized = [reference_runs.gap(run(units=n, preset="memorize")) for n in UNITS]
    return {
        "The two gaps are swapped: which one belongs to 4 units?": true[::-1],
        "The gap is training minus test. Yours has the opposite sign.": [-gap for gap in true],
        "Both gaps are that of 64 units. Do you pass n_hidden to lesson.train?": [true[0]] * 2,
        "Both gaps are that of 4 units. Do you pass n_hidden to lesson.train?": [true[1]] * 2,
        "These are gaps with L2. Leave λ at 0 for both networks.": with_l2,
        "These are training accuracies. A gap is a difference of two.": train,
        "These are test accuracies. A gap is a difference of two.": test,
        "These are gaps of the Memorize preset. Use 2,000 steps without momentum here.": memorized,
    }


AGAIN = grading.Again(OTHER_SPLIT, _is_rounded, _objection)
TASK = Task(
    "smaller-network", 2, TITLE, "overfitting", TEXT, STARTER, HINTS, SOLUTION, check, again=AGAIN
)
