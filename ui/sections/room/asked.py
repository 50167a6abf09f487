"""The page's question as the class gets it, and its answer as a vote."""

from ui.sections import quiz
from ui.sections.room.ballots import Ballot, Choice, Moment


def ballot(question: quiz.Question) -> Ballot:
    """Return the question as plain values."""
    if isinstance(question, quiz.Epoch):
        return Moment(question.topic, question.text, question.last, question.about)
    return Choice(question.topic, question.text, question.answers, question.about)
