"""The page's question as the class gets it, and its answer as a vote."""

from ui import session
from ui.sections import quiz
from ui.sections.room.ballots import Ballot, Choice, Moment

Question = quiz.Which | quiz.Epoch


def ballot(question: Question) -> Ballot:
    """Return the question as plain values."""
    if isinstance(question, quiz.Epoch):
        return Moment(question.topic, question.text, question.last, question.about)
    return Choice(question.topic, question.text, question.answers, question.about)


def skip(question: Question) -> None:
    """Show the page's result without an answer of the teacher's."""
    quiz.skip(question.topic)


def reopen(question: Question) -> None:
    """Ask the page's question again, also if it was answered or questions are off."""
    quiz.reopen(question.topic)
    session.state().get("guesses", {}).pop(question.topic, None)
    session.state()["questions"] = True  # type: ignore[typeddict-unknown-key]
