"""Task 8: read four pairs of curves."""

from functools import cache
from typing import Any, NamedTuple

from regcore.config import PRESETS
from regcore.exercises import reference_runs
from regcore.exercises.grading import AnswerError, Task, choice, entries, graded
from regcore.training.loop import Fit, fit

READINGS = ("underfits", "overfits", "just right", "cannot tell")
TITLE = "Read four pairs of curves"

TEXT = """
Four runs, A to D, each with its training loss and its validation loss. Read each pair:
**underfits**, **overfits**, **just right** or **cannot tell**. Each reading fits one pair. Note how
many patients are behind each curve.
"""

STARTER = """# the four pairs of curves are on the Exercises page of the app
answer = {"A": None, "B": None, "C": None, "D": None}
# one of "underfits", "overfits", "just right", "cannot tell" for each
"""

HINTS = (
    "First look at the training loss: does it fall at all? Then at the distance between the two.",
    "Predicting the base rate, the same probability for everybody, gives a loss of about 0.65. A "
    "run whose loss stays near that has learned little.",
    "If validation loss rises while training loss falls, the network memorizes. And eight "
    "patients are too few to tell: one of them is worth 12% of the accuracy.",
)


class Pair(NamedTuple):
    """A run to read, and the number of its validation patients."""

    run: Fit
    patients: int


@cache
def pairs() -> dict[str, Pair]:
    """The four runs, trained when first needed."""
    plain, memorize = PRESETS["as printed"], PRESETS["memorize"]
    return {
        "A": _pair(0.2, memorize.but(l2=0.03)),
        "B": _pair(SHARE_OF_EIGHT, plain, seed=3),
        "C": _pair(0.2, plain.but(l2=0.3)),
        "D": _pair(0.2, memorize),
    }


SHARE_OF_EIGHT = 8 / 576  # of the training patients: eight of them
CORRECT = {"A": "just right", "B": "cannot tell", "C": "underfits", "D": "overfits"}
SOLUTION = f'"""What the curves say."""\n\nanswer = {CORRECT!r}\n'.replace("'", '"')

OBJECTIONS = {  # reading -> why it is wrong
    "underfits": "underfits would mean that even the training loss stays high. Here it does not.",
    "overfits": "overfits would mean that training loss falls while validation loss, on enough "
    "patients, rises. Here that cannot be seen.",
    "just right": "just right would mean that both losses are low and close to each other, on "
    "enough patients. Here they are not.",
    "cannot tell": "there are enough patients, and the two curves are clear.",
}


@graded
def check(answer: Any) -> str:
    """`answer` is {"A": reading, ..., "D": reading}."""
    values = entries(answer, tuple(CORRECT), "answer")
    given = zip(CORRECT, values, strict=True)
    readings = {name: choice(name, value, READINGS) for name, value in given}
    for name, reading in readings.items():
        if reading != CORRECT[name]:
            raise AnswerError(f"Look at {name} again: {OBJECTIONS[reading]}")
    few = pairs()["B"]
    ends = [pair.run.history.columns()["validation_loss"][-1] for pair in (few, other_eight())]
    return (
        f"Correct, all four. B looks like overfitting, but on only {few.patients} patients: its "
        f"validation loss ends at {ends[0]:.2f}, and on {few.patients} others it ends at "
        f"{ends[1]:.2f}."
    )


@cache
def other_eight() -> Pair:
    """Run B with eight other validation patients, on whom it looks very good."""
    return _pair(SHARE_OF_EIGHT, PRESETS["as printed"], seed=5)


def _pair(share: float, config: Any, seed: int = 42) -> Pair:
    data = reference_runs.patients(share, seed)
    return Pair(fit(data, config), 0 if data.validation is None else len(data.validation))


TASK = Task(
    "learning-curves", 8, TITLE, "overfitting", TEXT, STARTER, HINTS, SOLUTION, check, wide=True
)
