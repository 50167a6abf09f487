"""Predict, then reveal: one question per page, asked before its result is shown.

question = quiz.lower("dropout", "Which has the lower test loss?", "test loss", ...)
quiz.ask(question)
...                                  # train while the learner thinks
answer, is_open = quiz.reveal(question, before, after)
quiz.give_reason(question, before, after)

Before the verdict the learner says how sure the first answer is. If it is wrong, there is a clue
and a second try. The first verdict is the one recorded.
After the verdict the learner chooses one reason of three, and the page says what it is worth.
The questions with a twin are in `ui.sections.quiz.entries`, and `twins` asks those on Exercises.
"""

from ui.sections.quiz.answers import (
    SIGNS,
    UNSAID,
    about,
    ask,
    is_answered,
    is_open,
    record,
    reopen,
    reveal,
    skip,
    switch,
    was_skipped,
)
from ui.sections.quiz.because import give_again, give_reason
from ui.sections.quiz.questions import Epoch, Question, Reason, Which, lower, use

__all__ = [
    "SIGNS",
    "UNSAID",
    "Epoch",
    "Question",
    "Reason",
    "Which",
    "about",
    "ask",
    "give_again",
    "give_reason",
    "is_answered",
    "is_open",
    "lower",
    "record",
    "reopen",
    "reveal",
    "skip",
    "switch",
    "use",
    "was_skipped",
]
