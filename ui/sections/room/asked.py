"""The page's question as the class gets it, and its answer as a vote."""

import pandas as pd

from regcore.experiments.drawn_curve import drawn_epochs
from ui.sections import quiz
from ui.sections.room.ballots import Ballot, Choice, Curve, Moment

MAX_POINTS = 60  # of a line on a phone


def ballot(question: quiz.Question) -> Ballot:
    """Return the question as plain values."""
    if isinstance(question, quiz.Epoch):
        return Moment(question.topic, question.text, question.last, question.about)
    return Choice(question.topic, question.text, question.answers, question.about)


def curve(
    question: quiz.Question, part: str, name: str, lines: pd.DataFrame, last: int, top: float
) -> Curve:
    """Return the drawing that answers the question, beside the known lines of a page.

    part, name  of the loss to draw
    last, top   the last epoch, and the end of the loss axis
    """
    text, epochs = f"Draw the {name} that you expect.", drawn_epochs(last)
    known = tuple(_thinned(lines).itertuples(index=False, name=None))
    return Curve(question.topic, text, epochs, top, question.about, part, name, known)


def lines(ballot: Curve) -> pd.DataFrame:
    """Return the known lines as `frames.curves` does."""
    return pd.DataFrame(ballot.known, columns=["epoch", "value", "part", "run"])


def _thinned(lines: pd.DataFrame) -> pd.DataFrame:
    epochs = sorted(lines["epoch"].unique())
    some = {*epochs[:: max(1, len(epochs) // MAX_POINTS)], epochs[-1]}
    kept = lines[lines["epoch"].isin(some)].round({"value": 4})
    return kept[["epoch", "value", "part", "run"]]
